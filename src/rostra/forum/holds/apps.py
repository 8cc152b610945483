from django.apps import AppConfig


class HoldsConfig(AppConfig):
    name = "rostra.forum.holds"
    label = "holds"

    def ready(self) -> None:
        from rostra.forum.holds import events  # noqa: F401  (registers its events)
