from django.urls import path

from rostra.web.members import views

urlpatterns = [
    path("members", views.index, name="members"),
    path("members/<ref:ref>", views.show, name="member"),
]
