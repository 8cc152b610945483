from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "rostra.forum.claims"
    label = "claims"

    def ready(self) -> None:
        from rostra.forum.claims.actions import listeners  # noqa: F401  (they register themselves)
