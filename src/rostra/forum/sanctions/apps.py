from django.apps import AppConfig


class SanctionsConfig(AppConfig):
    name = "rostra.forum.sanctions"
    label = "sanctions"

    def ready(self) -> None:
        from rostra.forum.sanctions import events  # noqa: F401  (registers its events)
