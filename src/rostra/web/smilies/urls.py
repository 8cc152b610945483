from django.urls import path

from rostra.web.smilies import views

urlpatterns = [path("staff/smilies", views.index, name="staff-smilies")]
