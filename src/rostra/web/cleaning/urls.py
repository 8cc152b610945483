from django.urls import path

from rostra.web.cleaning import views

urlpatterns = [path("members/<id:member_id>/clean", views.clean, name="clean-member")]
