from django.apps import AppConfig


class ModlogConfig(AppConfig):
    name = "rostra.forum.modlog"
    label = "modlog"
