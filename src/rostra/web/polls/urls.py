from django.urls import path

from rostra.web.polls import views

urlpatterns = [
    path("threads/<id:thread_id>/poll", views.ballot, name="poll"),
    path("threads/<id:thread_id>/poll/edit", views.edit, name="edit-poll"),
    path("threads/<id:thread_id>/poll/close", views.close, name="close-poll"),
    path("threads/<id:thread_id>/poll/voters", views.voters, name="poll-voters"),
]
