from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "rostra.forum.notices"
    label = "notices"

    def ready(self) -> None:
        from rostra.forum.notices import events  # noqa: F401  (registers its events)
