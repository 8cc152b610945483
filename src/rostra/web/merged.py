"""The addresses of a thread whose posts went into another one: they lead there."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads.elsewhere import merged_into

SHOWN = ("thread", "thread-page", "thread-jump")  # whose pages were others there


def moved_on(request: HttpRequest) -> str | None:
    """Return where the page of a thread is by now that was not found; None if it is nowhere."""
    match = request.resolver_match
    if match is None or not match.route.startswith("threads/"):
        return None
    thread_id = match.kwargs.get("thread_id") or match.kwargs.get("ref", (0,))[0]
    into = merged_into(cast(Viewer, getattr(request, "viewer")), thread_id)  # noqa: B009
    if into is None:
        return None
    rest = "" if match.url_name in SHOWN else request.path.split("/", 3)[-1]
    return f"/threads/{into}/{rest}".rstrip("/")
