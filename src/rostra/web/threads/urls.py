from django.urls import path

from rostra.web.threads import views

urlpatterns = [
    path("threads/<ref:ref>", views.show, name="thread"),
    path("threads/<ref:ref>/page-<id:number>", views.show, name="thread-page"),
    path("threads/<ref:ref>/page", views.jump, name="thread-jump"),
    path("threads/<id:thread_id>/unread", views.unread, name="thread-unread"),
    path("posts/<id:post_id>", views.post, name="post"),
]
