from django.urls import path

from rostra.web.notices import views

urlpatterns = [
    path("staff/notices", views.index, name="notices"),
    path("staff/notices/new", views.new, name="new-notice"),
    path("staff/notices/<id:notice_id>", views.edit, name="edit-notice"),
    path("notices/<id:notice_id>/dismiss", views.dismiss, name="dismiss-notice"),
]
