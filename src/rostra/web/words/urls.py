from django.urls import path

from rostra.web.words import views

urlpatterns = [path("staff/words", views.index, name="words")]
