from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "rostra.forum.documents"
    label = "documents"

    def ready(self) -> None:
        from rostra.forum.documents.actions import listeners  # noqa: F401  (they register themselves)
