from django.apps import AppConfig


class ErasureConfig(AppConfig):
    name = "rostra.forum.erasure"
    label = "erasure"

    def ready(self) -> None:
        from rostra.forum.erasure import events  # noqa: F401  (registers its events)
