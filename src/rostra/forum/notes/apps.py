from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "rostra.forum.notes"
    label = "notes"

    def ready(self) -> None:
        from rostra.forum.notes.actions import listeners  # noqa: F401  (they register themselves)
