from django.apps import AppConfig


class SecondsConfig(AppConfig):
    name = "rostra.forum.seconds"
    label = "seconds"
