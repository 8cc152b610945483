from django.apps import AppConfig


class ChoicesConfig(AppConfig):
    name = "rostra.forum.choices"
    label = "choices"

    def ready(self) -> None:
        from rostra.forum.choices import events  # noqa: F401  (registers its events)
