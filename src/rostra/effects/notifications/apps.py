from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "rostra.effects.notifications"
    label = "notifications"

    def ready(self) -> None:
        from rostra.effects.notifications import (  # noqa: F401  (they register themselves)
            claims,
            conversations,
            listeners,
            moderation,
            notes,
        )
