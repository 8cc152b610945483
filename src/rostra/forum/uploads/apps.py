from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "rostra.forum.uploads"
    label = "uploads"
