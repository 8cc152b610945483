from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "rostra.forum.appeals"
    label = "appeals"

    def ready(self) -> None:
        from rostra.forum.appeals import events  # noqa: F401  (registers its events)
