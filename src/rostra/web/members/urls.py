from django.urls import path

from rostra.web.members import profile, views

urlpatterns = [
    path("account/profile", profile.own, name="own-profile"),
    path("account/activity", profile.activity, name="own-activity"),
    path("members", views.index, name="members"),
    path("members/<id:member_id>/picture", views.take_picture, name="take-picture"),
    path("members/<ref:ref>", views.show, name="member"),
]
