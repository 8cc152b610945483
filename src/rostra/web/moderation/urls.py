from django.urls import path

from rostra.web.moderation import appeals, numbers, record, rules, seconds, views

urlpatterns = [
    path("moderation-log", views.log, name="moderation-log"),
    path("moderation-log/feed.atom", views.feed, name="moderation-log-feed"),
    path("moderation-log/entries.json", views.entries, name="moderation-log-json"),
    path("moderation-log/numbers", numbers.page, name="moderation-numbers"),
    path("moderation-log/numbers.csv", numbers.for_sheets, name="moderation-numbers-csv"),
    path("moderation-log/numbers.json", numbers.for_programs, name="moderation-numbers-json"),
    path("statements/<id:n>", record.statement, name="statement"),
    path("statements/<id:n>/appeal", record.appeal, name="appeal"),
    path("staff/seconds", seconds.page, name="staff-seconds"),
    path("staff/appeals", appeals.index, name="appeals"),
    path("staff/appeals/<id:n>", appeals.one, name="decide-appeal"),
    path("account/record", record.index, name="own-record"),
    path("rules", rules.index, name="rules"),
    path("rules/<words:code>", rules.versions, name="rule"),
    path("staff/rules/new", rules.new, name="new-rule"),
    path("staff/rules/<words:code>", rules.edit, name="edit-rule"),
]
