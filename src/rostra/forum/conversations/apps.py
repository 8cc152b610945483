from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "rostra.forum.conversations"
    label = "conversations"
