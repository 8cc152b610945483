from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "rostra.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Have times read as aware before the first connection is opened."""
        from rostra.kernel import dialect  # noqa: F401
