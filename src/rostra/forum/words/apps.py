from django.apps import AppConfig


class WordsConfig(AppConfig):
    name = "rostra.forum.words"
    label = "words"

    def ready(self) -> None:
        from rostra.forum.words import events  # noqa: F401  (registers its events)
