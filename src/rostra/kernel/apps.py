from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "rostra.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Before the first connection: have times read as aware, and children open their own."""
        from rostra.kernel import forking  # which imports the dialect

        forking.watch()
