"""What is new since a page was made: asked again and again by open pages, answered before Django.

`/live?thread=12&after=57` says the number of the thread's last post, if it is beyond 57 and for
this reader's eyes, and what stands beside their bell and envelope. Whose session has ended is a
guest, and hears what guests may hear (SEC-029).
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http.cookie import parse_cookie

from rostra.forum.access.queries import viewer_for
from rostra.forum.members.queries import account_of
from rostra.forum.threads.queries import thread_for
from rostra.kernel import dialect
from rostra.kernel.errors import NotFound

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

PATH = "/live"
_encode = json.JSONEncoder(separators=(",", ":")).encode
log = logging.getLogger(__name__)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


class LivePoll:
    """The WSGI application with the poll in front."""

    def __init__(
        self, application: Application, is_last: Callable[[], bool] = lambda: False
    ) -> None:
        self.application = application
        self.is_last = is_last  # whether a connection ends with this answer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return self.application(environ, start_response)
        environ.get("rostra.about", {})["route"] = "live"
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._answer(environ, start_response, "405 Method Not Allowed", b"")
        asked = _asked(environ.get("QUERY_STRING", ""))
        if asked is None:
            return self._answer(environ, start_response, "400 Bad Request", b"")
        try:
            with dialect.one_moment():
                found = news(_session_key(environ.get("HTTP_COOKIE", "")), **asked)
        except DatabaseError as error:
            log.warning("a poll was not answered: %s", error)
            return self._answer(environ, start_response, "503 Service Unavailable", b"")
        finally:
            dialect.give_back()
        body = _encode(found).encode()
        return self._answer(environ, start_response, "200 OK", body)

    def _answer(
        self, environ: dict[str, Any], start_response: Any, status: str, body: bytes
    ) -> Iterable[bytes]:
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "private, no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Vary", "Cookie"),
        ]
        if self.is_last():
            headers.append(("Connection", "close"))
        start_response(status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def news(session_key: str, thread: int = 0, after: int = 0) -> dict[str, int]:
    """Return what is new to whoever has this session ("" for a guest).

    bell: what they were told and have not read; envelope: unread conversations; last: the
    number of the thread's last post, where there is one beyond `after` and they may read it. Three
    look-ups at most, answered from memory until the next commit.
    """
    account = account_of(session_key) if session_key else None
    found = {}
    if account is not None:
        found = {"bell": account.bell, "envelope": account.unread_conversations}
    if thread:
        try:
            last = thread_for(viewer_for(account), thread).last_number
        except NotFound:
            return found
        if last > after:
            found["last"] = last
    return found


def _asked(query: str) -> dict[str, int] | None:
    """Return the numbers that were asked about, None for a question that is none of ours."""
    if len(query) > 100:
        return None
    found: dict[str, int] = {}
    for pair in query.split("&") if query else ():
        name, _, text = pair.partition("=")  # plain numbers: nothing of ours is escaped
        if name not in ("thread", "after") or name in found or not _NUMBER.fullmatch(text):
            return None
        found[name] = int(text)
    return found


def _session_key(header: str) -> str:
    name = settings.SESSION_COOKIE_NAME
    return parse_cookie(header).get(name, "") if name in header else ""
