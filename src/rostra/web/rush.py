"""Guests wait while very many of them ask for pages that have to be made; members do not.

Programs that read a whole forum come from thousands of addresses, each with one question or two:
no limit for an address holds them (REL-044, ABU-014). So it is the work for all guests together
that is bounded, to a share of a process. Beyond it a guest is asked to wait for some seconds, once
in an hour, which every browser does by itself and which needs no script. What is kept ready is
given to everybody meanwhile; so are feeds, what leads to a forum's pages, and the way to log in.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext

from rostra.kernel.ratelimit import network_of
from rostra.web import bare
from rostra.web.client import address_in
from rostra.web.headers import FIXED
from rostra.web.request import READING, language_wanted

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

SHARE = 0.5  # of the time of a process that may go to guests' pages for long
BEGINS = 1.0  # seconds of work asked for beyond that share, when guests begin to wait
FULL = 5.0  # seconds of work done beyond it, when those wait again who have waited
MOST = 10.0  # seconds that are remembered: it is over by itself 20 seconds later at the latest
# Seconds that one page counts at most: the first ones after a start compile their templates.
DEAREST = 0.2
WAIT, LASTS = 5, 3600  # seconds: how long one waits, and how long that counts
COME_AGAIN = "60"  # seconds, for programs; browsers do as `Refresh` says
COOKIE = f"{settings.COOKIE_PREFIX}waited"

KEPT = ("/", "/whats-new")  # for everybody: made once for each change
FREE = re.compile(
    r"/(?:account|setup|unsubscribe|reports|health|static|files|pictures|avatars|logo|smilies"
    r"|colours)(?:/.*)?"
    r"|.*\.atom|/robots\.txt|/sitemap[^/]*\.xml",
    re.S,
)
_TICKET = re.compile(r"(?:^|;\s*)" + re.escape(COOKIE) + r"=([0-9]{1,12})-([0-9a-f]{40})(?=;|$)")

log = logging.getLogger(__name__)


class Bucket:
    """Work in seconds, of which SHARE runs out in every second."""

    def __init__(self, now: float) -> None:
        self.level, self.at = 0.0, now

    def add(self, seconds: float, now: float) -> float:
        """Add some work; return the level from now on."""
        left = max(0.0, self.level - (now - self.at) * SHARE)
        self.level, self.at = min(MOST, left + seconds), now
        return self.level


class Rush:
    """The WSGI application, which guests wait for in a rush.

    clock, worked: what tells the time, and how long this thread has worked, in seconds; for tests.
    is_last: whether a connection ends with this answer.
    """

    def __init__(
        self,
        application: Application,
        is_last: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
        worked: Callable[[], float] = time.thread_time,
    ) -> None:
        self.application = application
        self.is_last = is_last
        self.clock, self.worked = clock, worked
        self.session = settings.SESSION_COOKIE_NAME
        self.lock = Lock()
        self.done = Bucket(clock())  # work for guests that was done
        self.wanted = Bucket(clock())  # and with it what they were refused
        self.usual = 0.01  # seconds of work for one page
        self.is_on = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        cookies = environ.get("HTTP_COOKIE", "")
        if (
            environ["REQUEST_METHOD"] not in READING
            or self.session in cookies
            or FREE.fullmatch(environ["PATH_INFO"])
            or (environ["PATH_INFO"] in KEPT and not environ.get("QUERY_STRING"))
        ):
            return self.application(environ, start_response)
        ticket = _TICKET.search(cookies)
        if not self._may_pass(environ, ticket):
            return self._have_wait(environ, start_response, ticket)
        began = self.worked()
        try:
            return self.application(environ, start_response)  # answers whole: it is made now
        finally:
            self._note(min(self.worked() - began, DEAREST))

    def _may_pass(self, environ: dict[str, Any], ticket: re.Match[str] | None) -> bool:
        with self.lock:
            now = self.clock()
            is_full = self.done.add(0.0, now) > FULL
            if self.is_on and self.wanted.add(0.0, now) == 0.0:
                self.is_on = False
                log.warning("the rush is over: guests do not wait any more")
            if not self.is_on:
                return True
            if not is_full and _has_waited(environ, ticket):
                return True
            self.wanted.add(self.usual, now)
            return False

    def _note(self, spent: float) -> None:
        """Remember the work that a page was."""
        with self.lock:
            now = self.clock()
            self.usual += (spent - self.usual) / 20
            self.done.add(spent, now)
            if self.wanted.add(spent, now) > BEGINS and not self.is_on:
                self.is_on = True
                log.warning("a rush: guests wait for pages that have to be made")

    def _have_wait(
        self, environ: dict[str, Any], start_response: Any, ticket: re.Match[str] | None
    ) -> Iterable[bytes]:
        environ.get("rostra.about", {})["route"] = "rush"
        headers = [
            ("Content-Type", bare.HTML),
            ("Cache-Control", "no-store"),
            ("Retry-After", COME_AGAIN),
            ("Refresh", str(WAIT + 1)),
            *FIXED.items(),
        ]
        if _age(environ, ticket) is None:  # who reloads by hand keeps the time they waited
            headers.append(("Set-Cookie", _new_ticket(environ)))
        if self.is_last():
            headers.append(("Connection", "close"))
        body = _page(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        headers.append(("Content-Length", str(len(body))))
        start_response("503 Service Unavailable", headers)
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _has_waited(environ: dict[str, Any], ticket: re.Match[str] | None) -> bool:
    age = _age(environ, ticket)
    return age is not None and age >= WAIT


def _age(environ: dict[str, Any], ticket: re.Match[str] | None) -> float | None:
    """Return how many seconds ago a ticket was given; None for one that does not count."""
    if ticket is None or not constant_time_compare(ticket[2], _mark(environ, ticket[1])):
        return None
    age = time.time() - int(ticket[1])
    return age if age <= LASTS else None


def _new_ticket(environ: dict[str, Any]) -> str:
    at = str(int(time.time()))
    secure = "; Secure" if settings.SESSION_COOKIE_SECURE else ""
    value = f"{at}-{_mark(environ, at)}"
    return f"{COOKIE}={value}; Path=/; Max-Age={LASTS}; HttpOnly; SameSite=Lax{secure}"


def _mark(environ: dict[str, Any], at: str) -> str:
    """Return what only this forum can put beside a moment, for one network alone."""
    network = network_of(address_in(environ))
    return salted_hmac("rostra.web.rush", f"{at} {network}", algorithm="sha256").hexdigest()[:40]


def _page(accepted: str) -> bytes:
    language = language_wanted(accepted)
    with translation.override(language):
        return bare.document(
            gettext("A moment, please"),
            format_html(
                '<h1>{}</h1><p>{}<p><a href="">{}</a><p>{} <a href="/account/login">{}</a>',
                gettext("A moment, please"),
                gettext(
                    "More pages are asked for than can be made just now. Yours opens by itself in "
                    "a few seconds. After that you will not wait again for an hour."
                ),
                gettext("Open it now"),
                gettext("Members do not wait."),
                gettext("Log in"),
            ),
            language,
        )
