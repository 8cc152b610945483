from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "rostra.effects.search"
    label = "search"

    def ready(self) -> None:
        from rostra.effects.search import (  # noqa: F401  (they register themselves)
            conversations,
            listeners,
        )
