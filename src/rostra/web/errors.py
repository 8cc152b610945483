"""Errors to HTTP and words, in one place, so that no view catches them."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rostra.kernel.errors import Invalid, NotFound, Refused, RostraError, TooMany
from rostra.web.bare import bare
from rostra.web.reasons import in_words

log = logging.getLogger(__name__)

STATUS: dict[type[RostraError], int] = {
    NotFound: 404,
    Refused: 403,
    Invalid: 422,
    TooMany: 429,
}


class ErrorMiddleware:
    """Answer a domain error with its status and its reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RostraError):
            return None
        reasons: list[str] = []
        if isinstance(error, Refused):
            reasons = [in_words(error.reason)]
        elif isinstance(error, Invalid):
            reasons = [in_words(reason) for reason in error.fields.values()]
        answer = page(request, STATUS[type(error)], reasons)
        if isinstance(error, TooMany):
            answer.headers["Retry-After"] = str(error.seconds)
        return answer


def page(request: HttpRequest, status: int, reasons: list[str] | None = None) -> HttpResponse:
    """Return an error page that says what happened and where to go on."""
    if not hasattr(request, "viewer"):
        return bare(status)
    return render(
        request,
        f"errors/{status}.html",
        {"reasons": reasons or [], "status": status},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return bare(400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404."""
    return page(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: says what to do, keeps nothing."""
    return page(request, 403, [in_words("form_expired")])


def server_error(request: HttpRequest) -> HttpResponse:
    """500: an id to tell the operator, nothing of the inside."""
    code = secrets.token_hex(4)
    log.error("answered 500 with id %s: %s", code, request.path.encode("unicode_escape").decode())
    return bare(500, f"Tell the operator this number: {code}")
