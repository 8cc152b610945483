"""Guests' pages kept whole: answered before Django is entered, as long as they are true.

A page rests on versions (forum.threads.queries.Basis). They are read before it is made and again
before each answer, so that no worker ever sends a page older than the last change (SEC-052, 113).
What no version covers, counts beside names, is out of date for LIFETIME at most; notices, which
begin and end by themselves, are not: no page is kept beyond the next such moment.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import brotli
from django.conf import settings
from django.db import DatabaseError

from rostra.forum.boards.queries import whole_tree
from rostra.forum.notices.queries import next_change
from rostra.forum.threads.queries import Basis, basis_of_lists, basis_of_thread
from rostra.kernel import clock, dialect
from rostra.kernel.keeping import Kept
from rostra.web.request import READING, language_wanted

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
type Coding = Literal["br", "gzip", ""]
type Stamp = tuple[Any, ...]  # what the statement of a basis found
type Key = tuple[str, str, str]  # path, query, language

LIFETIME = 60.0  # seconds
PAGES = re.compile(
    r"/(?:threads/([1-9][0-9]{0,17})(?:\.[^/]*)?(?:/page-[1-9][0-9]{0,8}|/feed\.atom)?"
    r"|boards/([1-9][0-9]{0,17})(?:\.[^/]*)?(?:/feed\.atom)?"
    r"|whats-new)?"
)
QUERIES = re.compile(r"(?:page=[1-9][0-9]?)?")  # further ones would be without end
OWN = frozenset({"connection", "content-length", "etag", "vary"})


@dataclass(slots=True)
class Page:
    """A page as it was sent, with what it rested on; each coding is made when first wanted."""

    basis: Basis
    stamp: Stamp
    until: float
    etag: str
    headers: list[tuple[str, str]]
    seen: bytes | None = None  # the state of the database when it was last found true
    answers: dict[Coding, tuple[list[tuple[str, str]], list[bytes]]] = field(default_factory=dict)

    def is_true(self) -> bool:
        """Return whether nothing it rests on has changed; raises DatabaseError."""
        state = dialect.state()
        if state is None or state != self.seen:
            if dialect.glance(*self.basis) != self.stamp:
                return False
            self.seen = state
        return True

    def add(self, coding: Coding, body: bytes) -> None:
        """Make the page ready to be sent in a coding."""
        headers = [*self.headers, ("Content-Length", str(len(body)))]
        if coding:
            headers.append(("Content-Encoding", coding))
        self.answers[coding] = headers, [body]

    @property
    def size(self) -> int:
        """About how many bytes it holds."""
        return sum(len(body) + 2000 for _, (body,) in self.answers.values())


class KeptPages:
    """The WSGI application with guests' pages in front of it."""

    def __init__(
        self,
        application: Application,
        capacity: int,
        is_last: Callable[[], bool] = lambda: False,
    ) -> None:
        self.application = application
        self.is_last = is_last  # whether a connection ends with this answer
        self.pages: Kept[Key, Page] = Kept(capacity)
        self.host = settings.ROSTRA.base_url.partition("://")[2]
        self.session = settings.SESSION_COOKIE_NAME

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = environ.get
        if (
            environ["REQUEST_METHOD"] not in READING
            or said("HTTP_HOST") != self.host
            or self.session in said("HTTP_COOKIE", "")
        ):
            return self.application(environ, start_response)
        language = language_wanted(said("HTTP_ACCEPT_LANGUAGE", ""))
        key = environ["PATH_INFO"], said("QUERY_STRING", ""), language
        page = self.pages.find(key)
        try:
            if page is not None:
                if page.until > time.monotonic() and page.is_true():
                    said("rostra.about", {})["route"] = "kept"
                    return self._send(page, key, environ, start_response)
                self.pages.drop(key)
            basis = _basis_of(key)
            stamp = None if basis is None else dialect.glance(*basis)
        except DatabaseError:
            basis = None  # Django meets it too, and has words for it
        if basis is None or stamp is None:
            return self.application(environ, start_response)
        return self._make(key, basis, stamp, environ, start_response)

    def _make(
        self,
        key: Key,
        basis: Basis,
        stamp: Stamp,
        environ: dict[str, Any],
        start_response: Any,
    ) -> Iterable[bytes]:
        """Have the page made, keep it if it is one to keep, and send it."""
        said: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> None:
            said[:] = status, headers, exc_info

        began, began_at = time.monotonic(), clock.now()  # before notices are looked at
        asked = {**environ, "REQUEST_METHOD": "GET"}
        answer = self.application(asked, listen)
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        status, headers, exc_info = said
        if not _is_to_keep(status, headers, key[2]):
            start_response(status, headers, *exc_info)
            return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        page = Page(
            basis=basis,
            stamp=stamp,
            until=began + _lasts(began_at),
            etag=etag,
            headers=[
                *((name, value) for name, value in headers if name.lower() not in OWN),
                ("Vary", "Accept-Language, Accept-Encoding, Cookie"),
                ("ETag", etag),
            ],
        )
        page.add("", body)
        self.pages.keep(key, page, page.size)
        return self._send(page, key, environ, start_response)

    def _send(
        self, page: Page, key: Key, environ: dict[str, Any], start_response: Any
    ) -> Iterable[bytes]:
        last = [("Connection", "close")] if self.is_last() else []
        if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", page.headers + last)
            return [b""]
        coding = coding_wanted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding not in page.answers:
            _, (plain,) = page.answers[""]
            page.add(coding, _encoded(plain, coding))
            self.pages.keep(key, page, page.size)
        headers, body = page.answers[coding]
        start_response("200 OK", headers + last if last else headers)
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else body


@lru_cache(maxsize=256)
def coding_wanted(accepted: str) -> Coding:
    """Return how to send a body to a browser that accepts these codings."""
    if ";" in accepted:  # with qualities: 0 means never
        accepted = ",".join(
            part for part in accepted.split(",") if not re.search(r";\s*q=0(?:\.0*)?\s*$", part)
        )
    codings = {part.partition(";")[0].strip() for part in accepted.split(",")}
    return "br" if "br" in codings else "gzip" if "gzip" in codings else ""


def _encoded(body: bytes, coding: Coding) -> bytes:
    if coding == "br":
        encoded: bytes = brotli.compress(body, quality=5)
        return encoded
    return gzip.compress(body, 6, mtime=0)


def _lasts(at: datetime) -> float:
    """Return for how many seconds a page that was begun at a moment may be kept."""
    change = next_change(at)
    return LIFETIME if change is None else min(LIFETIME, (change - at).total_seconds())


def _is_to_keep(status: str, headers: list[tuple[str, str]], language: str) -> bool:
    """Return whether an answer is the same for every guest who wants this language.

    It is in another where the forum's own has just been changed.
    """
    if not status.startswith("200 "):
        return False
    found = {name.lower(): value for name, value in headers}
    is_shared = "set-cookie" not in found and found.get("cache-control") == "no-cache"
    return is_shared and found.get("content-language", language) == language


def _basis_of(key: Key) -> Basis | None:
    """Return what the page at an address rests on, None where it is none to be kept."""
    path, query, _ = key
    found = PAGES.fullmatch(path)
    if found is None or not QUERIES.fullmatch(query):
        return None
    if found[1]:
        return basis_of_thread(int(found[1]))
    if found[2]:
        tree, board_id = whole_tree(), int(found[2])
        return basis_of_lists(tree.below(board_id, tree.rows.keys()))
    return basis_of_lists()
