from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "rostra.forum.notes"
    label = "notes"
