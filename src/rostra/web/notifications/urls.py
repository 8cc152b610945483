from django.urls import path

from rostra.web.notifications import settings, views

urlpatterns = [
    path("notifications", views.index, name="notifications"),
    path("notifications/read", views.read_all, name="notifications-read"),
    path("notifications/<id:notification_id>", views.follow, name="notification"),
    path("account/notifications", settings.ways, name="notification-ways"),
    path("account/notifications/mail", settings.mail_again, name="mail-again"),
    path("unsubscribe/<str:token>", settings.unsubscribe, name="unsubscribe"),
]
