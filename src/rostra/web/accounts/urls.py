from allauth.account import views as allauth_views
from django.urls import path

from rostra.web.accounts import views

urlpatterns = [
    path("account/login", allauth_views.login, name="account_login"),
    path("account/logout", allauth_views.logout, name="account_logout"),
    path("account/reading", views.reading, name="account-reading"),
    path("setup/<str:token>", views.setup, name="setup"),
]
