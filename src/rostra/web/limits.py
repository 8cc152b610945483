"""How often one address or member may have something made for them; kept pages are free."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from rostra.kernel.errors import TooMany
from rostra.kernel.ratelimit import Limit, network_of
from rostra.web import errors
from rostra.web.client import client_address, is_near
from rostra.web.request import RostraRequest

made = Limit(settings.ROSTRA.requests_per_minute)
given = Limit(10 * settings.ROSTRA.requests_per_minute)  # files: a page may show many


def gives_files[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Decorator: have a view count among what gives files, not among what makes pages."""
    view.gives_files = True  # type: ignore[attr-defined]
    return view


def asker_of(request: RostraRequest) -> str | None:
    """Return whom a request counts against: the member, the address, or its /64.

    None where nobody can be told from anybody: a proxy beside us whose word does not count has
    an address of this machine or its network, and stands for all the world.
    """
    member_id = request.viewer.member_id
    if member_id is not None:
        return f"m{member_id}"
    address = client_address(request)
    return None if is_near(address) else network_of(address)


def count(request: RostraRequest, limit: Limit) -> None:
    """Count one request; raises TooMany."""
    asker = asker_of(request)
    if asker is not None:
        limit.take(asker)


class LimitMiddleware:
    """Refuse who asks too often; the answer says when to ask again (SEC-109, ABU-001)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: RostraRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: RostraRequest, view: Callable[..., HttpResponse], *more: object
    ) -> HttpResponse | None:
        """Take one from the asker, before the view runs."""
        try:
            count(request, given if hasattr(view, "gives_files") else made)
        except TooMany as error:
            return errors.too_many(request, error)
        return None
