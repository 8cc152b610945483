from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "rostra.kernel"
    label = "kernel"
