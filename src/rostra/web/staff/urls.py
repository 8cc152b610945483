from django.urls import path

from rostra.web.staff import views

urlpatterns = [path("staff/access", views.access, name="staff-access")]
