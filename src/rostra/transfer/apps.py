from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "rostra.transfer"
    label = "transfer"

    def ready(self) -> None:
        from rostra.transfer.backup import nightly  # noqa: F401  (says how it does)
