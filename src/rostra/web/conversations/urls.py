from django.urls import path

from rostra.web.conversations import acts, messages, people, reports, views

urlpatterns = [
    path("conversations", views.index, name="conversations"),
    path("conversations/new", messages.new, name="new-conversation"),
    path("conversations/<id:conversation_id>", views.show, name="conversation"),
    path("conversations/<id:conversation_id>/page-<id:number>", views.show),
    path("conversations/<id:conversation_id>/reply", messages.reply, name="send-message"),
    path("conversations/<id:conversation_id>/invite", people.invite, name="invite"),
    path("conversations/<id:conversation_id>/unread", people.unread, name="mark-unread"),
    path("messages/<id:message_id>", views.message, name="message"),
    path("messages/<id:message_id>/edit", messages.edit, name="edit-message"),
    path("messages/<id:message_id>/withdraw", acts.withdraw, name="withdraw-message"),
    path("messages/<id:message_id>/report", acts.report, name="report-message"),
    path("conversations/<id:conversation_id>/leave", people.leave, name="leave-conversation"),
    path("account/conversations", people.door, name="who-may-write"),
    path("staff/messages", reports.index, name="reported-messages"),
]
