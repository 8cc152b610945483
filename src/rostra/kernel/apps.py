from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "rostra.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Before the first connection: have times read as aware, and children open their own.

        All events are known by their names then, also to a worker that nobody told to listen.
        """
        from rostra.kernel import forking  # which imports the dialect

        forking.watch()
        autodiscover_modules("events")
