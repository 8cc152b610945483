"""Whether the one at the keyboard showed lately who they are (SEC-085)."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from rostra.kernel.errors import Refused
from rostra.web.client import client_address, shortened
from rostra.web.query import local_path
from rostra.web.request import RostraRequest

LASTS = 15 * 60
KEY = "sure_at"


def begin(request: HttpRequest) -> None:
    """Note in a session that has just begun what its owner may recognise it by."""
    request.session[KEY] = request.session["begun"] = time.time()
    request.session["agent"] = request.META.get("HTTP_USER_AGENT", "")[:200]
    request.session["network"] = shortened(client_address(request))


def renew(request: HttpRequest) -> None:
    """Note that they have just shown it again; the session goes on under a new key (SEC-083)."""
    request.session.cycle_key()
    request.session[KEY] = time.time()


def is_sure(request: HttpRequest) -> bool:
    """Return whether it is not too long ago; another session's word does not count here."""
    at = request.session.get(KEY)
    return isinstance(at, int | float) and 0 <= time.time() - at < LASTS


def members_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator: guests are asked to sign in and come back here."""

    @functools.wraps(view)
    def asked(request: RostraRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.viewer.is_guest:
            return _to("/account/login", request)
        return view(request, *args, **kwargs)

    return asked


def only_when_sure(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator: members who showed it too long ago are asked again, guests to sign in."""

    @functools.wraps(view)
    def asked(request: RostraRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.viewer.is_guest:
            return _to("/account/login", request)
        if not is_sure(request):
            return ask_again(request)
        return view(request, *args, **kwargs)

    return asked


def ask_again(request: RostraRequest) -> HttpResponse:
    """Have a member show who they are, and come back here."""
    return _to("/account/confirm", request)


def be_sure(request: RostraRequest) -> None:
    """Raise Refused for who showed too long ago that it is they; what they typed stays."""
    if not is_sure(request):
        raise Refused("confirm_first")


def to_confirm(request: RostraRequest, error: Exception | None) -> str:
    """Return where they show it again, in another tab of the browser; "" where they need not."""
    if isinstance(error, Refused) and error.reason == "confirm_first":
        return f"/account/confirm?next={quote(request.path, safe='/')}"
    return ""


def _to(address: str, request: RostraRequest) -> HttpResponse:
    back = local_path(request.get_full_path())
    return HttpResponse(status=303, headers={"Location": f"{address}?next={quote(back, safe='/')}"})
