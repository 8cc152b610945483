"""Errors to HTTP and words, in one place, so that no view catches them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from rostra.kernel import logs
from rostra.kernel.errors import Invalid, NotFound, Refused, RostraError, TooMany
from rostra.web import no_room
from rostra.web.bare import bare
from rostra.web.merged import moved_on
from rostra.web.reasons import in_words
from rostra.web.request_log import shown

log = logging.getLogger(__name__)

STATUS: dict[type[RostraError], int] = {
    NotFound: 404,
    Refused: 403,
    Invalid: 422,
}


def status_for(error: RostraError) -> int:
    """Return the status that says what kind of error it is."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


class ErrorMiddleware:
    """Answer a domain error with its status and its reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RostraError):
            return None
        if isinstance(error, NotFound) and (address := moved_on(request)):
            return HttpResponse(status=307, headers={"Location": address})  # the form goes along
        reasons: list[str] = []
        if isinstance(error, Refused):
            reasons = [in_words(error.reason)]
        elif isinstance(error, Invalid):
            reasons = [in_words(reason) for reason in error.fields.values()]
        if isinstance(error, TooMany):
            return too_many(request, error)
        return page(request, status_for(error), reasons, is_limit=_is_limit(error))


def _is_limit(error: RostraError) -> bool:
    return isinstance(error, Refused) and error.reason in ("limited", "read_only", "suspended")


def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """429, and when to ask again."""
    when = ngettext(
        "You can go on in %(n)s second.", "You can go on in %(n)s seconds.", error.seconds
    ) % {"n": error.seconds}
    answer = page(request, 429, [in_words(error.reason), when] if error.reason else [when])
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def page(
    request: HttpRequest, status: int, reasons: list[str] | None = None, *, is_limit: bool = False
) -> HttpResponse:
    """Return an error page that says what happened and where to go on.

    is_limit: something of the member's is limited, and the page says what, until when and why.
    """
    if not hasattr(request, "viewer"):
        return _bare(request, status)
    return render(
        request,
        f"errors/{status}.html",
        {"reasons": reasons or [], "status": status, "is_limit": is_limit},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400; 413 for a body beyond what is read."""
    is_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return _bare(request, 413 if is_large else 400)


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
    """500: the request's number to tell the operator, nothing of the inside (SEC-116)."""
    without_room = no_room.answer(request)
    if without_room is not None:
        return without_room
    log.exception("%s %s failed", request.method, shown(request.path))
    return _bare(request, 500, logs.request_id.get())


def _bare(request: HttpRequest, status: int, number: str = "") -> HttpResponse:
    return bare(status, request.META.get("HTTP_ACCEPT_LANGUAGE", ""), number)
