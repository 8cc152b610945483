"""Read-only mode: whatever would change something waits, and what was typed is given back."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rostra.web.no_room import typed
from rostra.web.request import READING, RostraRequest

# Administrators must be able to come in, and everybody to go.
COMING_IN = re.compile(r"/account/(?:login|logout|code|passkey|with/.+)", re.S)


class RestMiddleware:
    """Refuse what writes while the forum rests, but for administrators: with 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: RostraRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: RostraRequest, *view: object) -> HttpResponse | None:
        """Answer in the place of the view."""
        if request.method in READING or not request.viewer.rests:
            return None
        if COMING_IN.fullmatch(request.path):
            return None
        answer = render(
            request, "errors/resting.html", {"typed": typed(request), "reasons": []}, status=503
        )
        answer.headers["Retry-After"] = "300"
        return answer
