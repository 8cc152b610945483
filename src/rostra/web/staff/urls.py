from django.urls import path

from rostra.web.staff import boards, groups, health, settings, statistics, views

urlpatterns = [
    path("staff", health.index, name="staff"),
    path("staff/settings", settings.index, name="staff-settings"),
    path("staff/settings/logo", settings.logo, name="staff-logo"),
    path("staff/settings/<words:page>", settings.page, name="staff-settings-page"),
    path("staff/jobs", health.given_up, name="staff-jobs"),
    path("staff/statistics", statistics.page, name="staff-statistics"),
    path("staff/statistics.csv", statistics.for_sheets, name="staff-statistics-csv"),
    path("staff/access", views.access, name="staff-access"),
    path("staff/boards", boards.index, name="staff-boards"),
    path("staff/boards/new", boards.new, name="new-board"),
    path("staff/boards/<id:board_id>", boards.edit, name="edit-board"),
    path("staff/boards/<id:board_id>/access", boards.access, name="board-access"),
    path("staff/groups", groups.index, name="staff-groups"),
    path("staff/groups/new", groups.new, name="new-group"),
    path("staff/groups/<id:group_id>", groups.edit, name="edit-group"),
]
