from django.apps import AppConfig


class PollsConfig(AppConfig):
    name = "rostra.forum.polls"
    label = "polls"

    def ready(self) -> None:
        from rostra.forum.polls import listeners  # noqa: F401  (they register themselves)
