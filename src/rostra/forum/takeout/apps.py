from django.apps import AppConfig


class TakeoutConfig(AppConfig):
    name = "rostra.forum.takeout"
    label = "takeout"

    def ready(self) -> None:
        from rostra.forum.takeout import actions, events  # noqa: F401  (registers events and jobs)
