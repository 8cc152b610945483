from django.apps import AppConfig


class PollsConfig(AppConfig):
    name = "rostra.forum.polls"
    label = "polls"
