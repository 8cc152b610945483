from django.apps import AppConfig


class CleaningConfig(AppConfig):
    name = "rostra.forum.cleaning"
    label = "cleaning"

    def ready(self) -> None:
        from rostra.forum.cleaning import events  # noqa: F401  (registers its events)
