"""Addresses typed as text: where they begin and end, and the links they become."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from string import ascii_letters, digits
from typing import NamedTuple

from linkify_it import LinkifyIt

from rostra.content.markup.findings import Findings
from rostra.content.markup.links import link
from rostra.content.markup.mentions import with_mentions
from rostra.content.markup.references import Known
from rostra.content.markup.text import escape

_LONGEST = 2_100
_MEMORABLE = 200  # signs: of longer pieces it is not kept where their address ends
_linkify = LinkifyIt(options={"fuzzy_link": True, "fuzzy_email": False, "fuzzy_ip": False})
# The first letter stands before the look behind it, so that the others need not be tried.
_BEGIN = re.compile(
    r"[hHmMwW](?<![\w@./-].)(?:(?<=[hH])[tT][tT][pP][sS]?://|(?<=[mM])[aA][iI][lL][tT][oO]:"
    r"|(?<=[wW])[wW][wW]\.)(?=[^\s<>.\[\]()])"
)
_MAIL = re.compile(
    r"(?<![\w.+@/:-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}+@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,6}[A-Za-z]{2,24}(?![\w@-])"
)
_LOCAL = ascii_letters + digits + "._+-"
_LONGEST_LOCAL = 64
_END = re.compile(r"[\s<>\"|\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]|\[/")


class Address(NamedTuple):
    """An address in a text: where it stands and where it leads."""

    start: int
    end: int
    url: str


def addresses(text: str) -> Iterator[Address]:
    """Find the addresses in a text, in order, none within another."""
    if "//" in text or "www." in text or "WWW." in text or "mailto:" in text or "@" in text:
        found = [*_web_addresses(text), *_mail_addresses(text)]
        end = 0
        for address in sorted(found):
            if address.start >= end:
                yield address
                end = address.end


class Ends:
    """The signs that end an address; what lies before one is looked through once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._first = self._last = -1

    def after(self, at: int) -> int:
        """Return where the next of them is, or the end of the text."""
        if not self._first <= at <= self._last:
            found = _END.search(self.text, at)
            self._first, self._last = at, found.start() if found else len(self.text)
        return self._last


def address_end(text: str, at: int, scheme: str | None, ends: Ends) -> int:
    """Return where the address that begins at a place ends, or the place itself."""
    piece = text[at : min(ends.after(at), at + _LONGEST)]
    length = _remembered(piece, scheme) if len(piece) < _MEMORABLE else _length(piece, scheme)
    return at + len(piece[:length].rstrip(".,:;!?")) if length > len(scheme or "") else at


def _length(piece: str, scheme: str | None) -> int:
    """Return how long the address is that a piece of text begins with; 0 if there is none."""
    if scheme:
        length: int = _linkify.test_schema_at(piece, scheme.lower(), len(scheme))
        return length and length + len(scheme)
    length = _linkify.test_schema_at("//" + piece, "http:", 0)
    return length and length - len("//")


# The addresses of signatures and lists' footers come again and again.
_remembered = lru_cache(maxsize=2_000)(_length)


def linkify(
    text: str,
    found: Findings,
    known: Known,
    rest: Callable[[str, Findings, Known], str] = with_mentions,
) -> str:
    """Escape text, linking the addresses in it; what lies between them is written by `rest`."""
    if "//" not in text and "@" not in text and "." not in text and "mailto:" not in text:
        return rest(text, found, known)
    parts: list[str] = []
    written = 0
    for start, end, url in addresses(text):
        parts += [rest(text[written:start], found, known) if start > written else ""]
        parts += [link(url, escape(text[start:end]), found, known)]
        written = end
    return "".join(parts) + rest(text[written:], found, known)


def _web_addresses(text: str) -> Iterator[Address]:
    at = 0
    ends = Ends(text)
    while begin := _BEGIN.search(text, at):
        start, sign = begin.start(), begin[0].rstrip("/")
        scheme = sign if sign[-1] == ":" else None
        end = address_end(text, start, scheme, ends)
        at = max(end, begin.end())
        if end > start:
            url = text[start:end]
            yield Address(start, end, url if scheme else "http://" + url)


def _mail_addresses(text: str) -> Iterator[Address]:
    at = text.find("@")
    while at >= 0:
        first = max(at - _LONGEST_LOCAL - 1, 0)
        start = first + len(text[first:at].rstrip(_LOCAL))
        if start < at and (found := _MAIL.match(text, start)):
            yield Address(start, found.end(), "mailto:" + found[0])
        at = text.find("@", at + 1)
