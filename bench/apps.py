"""What is measured beside the forum, on the same server: the ceilings, and pages made afresh.

`granian --interface wsgi bench.apps:NAME`; BENCH_BODY is a file with the bytes of the bare answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostra.project.settings")

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def _bare() -> Application:
    """An answer of so many bytes and nothing else: what the server can do at all."""
    body = Path(os.environ["BENCH_BODY"]).read_bytes()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
    ]

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", headers)
        return [body]

    return answer


def _empty() -> Application:
    """Django with our middleware and a view that does nothing, at /empty."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from rostra.web import urls

    def nothing(request: HttpRequest) -> HttpResponse:
        return HttpResponse("")

    urls.urlpatterns.append(path("empty", nothing))
    return application


def _afresh() -> Application:
    """The forum without anything kept of pages: every answer is made from rows alone."""
    from django.core.wsgi import get_wsgi_application

    application: Application = get_wsgi_application()

    from rostra.web import frames, jinja
    from rostra.web.threads import articles

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        articles.forget()
        frames.forget()
        jinja.forget()
        return application(environ, start_response)

    return answer


MADE = {"bare": _bare, "empty": _empty, "afresh": _afresh}


def __getattr__(name: str) -> Application:
    """Make the application that the server asks for."""
    if name not in MADE:
        raise AttributeError(name)
    return MADE[name]()
