from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "rostra.forum.statistics"
    label = "statistics"

    def ready(self) -> None:
        from rostra.forum.statistics import actions  # noqa: F401  (registers its job)
