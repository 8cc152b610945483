from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "rostra.forum.cases"
    label = "cases"

    def ready(self) -> None:
        from rostra.forum.cases import events  # noqa: F401  (registers its events)
        from rostra.forum.cases.actions import listeners  # noqa: F401  (they register themselves)
