from django.apps import AppConfig


class SmiliesConfig(AppConfig):
    name = "rostra.forum.smilies"
    label = "smilies"

    def ready(self) -> None:
        from rostra.forum.smilies import events  # noqa: F401  (registers its events)
