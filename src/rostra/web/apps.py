from typing import Any

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "rostra.web"
    label = "web"

    def ready(self) -> None:
        """Have every session note how it began, whoever begins it."""
        from django.contrib.auth.signals import user_logged_in

        from rostra.web import sure

        def note(request: Any, **more: Any) -> None:
            sure.begin(request)

        user_logged_in.connect(note, weak=False, dispatch_uid="rostra.web")
