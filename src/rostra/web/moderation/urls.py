from django.urls import path

from rostra.web.moderation import views

urlpatterns = [path("moderation-log", views.log, name="moderation-log")]
