from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "rostra.content.media"
    label = "media"
