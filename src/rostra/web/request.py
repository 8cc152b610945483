"""What every web request carries beyond Django's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.queries import AccountRow, account_of
from rostra.forum.members.sessions import SEEN_EVERY, saw
from rostra.kernel import clock, dialect

READING = ("GET", "HEAD")
LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


class RostraRequest(HttpRequest):
    """A request that knows who is looking, and in which language."""

    viewer: Viewer
    language: str
    board_id: int | None  # the board that the page is of


class ViewerMiddleware:
    """Work out once who is looking and in which language, before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def process_view(self, request: RostraRequest, *view: object) -> None:
        """Tell the log of requests which route it is."""
        match = request.resolver_match
        if match is not None:
            request.META.get("rostra.about", {})["route"] = match.view_name or match._func_path

    def __call__(self, request: RostraRequest) -> HttpResponse:
        if request.method not in READING:
            return self._answer(request)
        with dialect.one_moment():
            return self._answer(request)

    def _answer(self, request: RostraRequest) -> HttpResponse:
        account = _account(request)
        request.viewer = viewer_for(account)
        request.board_id = None
        request.language = language_of(request, account)
        with translation.override(request.language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.language)
        if account is None:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Cache-Control", "no-cache")  # kept, and asked for anew
        else:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def language_of(request: HttpRequest, account: AccountRow | None) -> str:
    """Return the language of the answer: the member's, the browser's, the site's."""
    if account is not None and account.language in LANGUAGES:
        return account.language
    return language_wanted(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


def language_wanted(accepted: str) -> str:
    """Return the language for a browser that accepts these: the best there is, or the site's."""
    return _best(accepted) or settings.ROSTRA.language


@lru_cache(maxsize=1024)
def _best(accepted: str) -> str:
    return next((code for code in _wanted(accepted) if code in LANGUAGES), "")


def _account(request: HttpRequest) -> AccountRow | None:
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    account = account_of(key) if key else None  # a guest costs no query
    if account is not None and key and _is_long_ago(account.seen_at):
        saw(key)
    return account


def _is_long_ago(seen_at: datetime | None) -> bool:
    return seen_at is None or clock.now() - seen_at > SEEN_EVERY


def _wanted(accepted: str) -> list[str]:
    """Return the primary language codes of an Accept-Language header, best first."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:500].split(",")[:20]):
        code, _, quality = part.partition(";q=")
        try:
            rank = float(quality) if quality else 1.0
        except ValueError:
            continue
        if rank > 0:
            ranked.append((-rank, place, code.strip().lower().split("-")[0]))
    return [code for _, _, code in sorted(ranked)]
