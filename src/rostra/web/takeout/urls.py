from django.urls import path

from rostra.web.takeout import views

urlpatterns = [
    path("account/data", views.data, name="account-data"),
    path("account/data/archive", views.archive, name="account-data-archive"),
]
