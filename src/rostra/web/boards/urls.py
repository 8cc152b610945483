from django.urls import path

from rostra.web.boards import views

urlpatterns = [
    path("", views.front, name="front"),
    path("boards/<ref:ref>", views.show, name="board"),
]
