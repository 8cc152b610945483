"""Reading a page's query string: strict, and a wrong value is a page that is not there."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from django.http import HttpRequest

from rostra.forum.threads.listing import NUMBERED_PAGES, Key, Sort, Wish
from rostra.kernel.errors import NotFound

JOINERS = "\u200c\u200d"  # part of words in Persian and other scripts
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
_KEY = re.compile(r"(\d{1,18})\.([1-9]\d{0,17})")


def whole(request: HttpRequest, name: str, *, lowest: int = 1, highest: int = 10**18) -> int | None:
    """Return a whole number of the query, None where it is absent; raises NotFound."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII) or not lowest <= int(text) <= highest:
        raise NotFound
    return int(text)


def numbers(request: HttpRequest, name: str, most: int = 20) -> list[int]:
    """Return whole numbers by comma, [] where the query has none; raises NotFound."""
    text = request.GET.get(name, "")
    if not text:
        return []
    found = text.split(",")
    if len(found) > most or not all(re.fullmatch(r"[1-9]\d{0,17}", n, re.ASCII) for n in found):
        raise NotFound
    return [int(n) for n in found]


def one_of[T: str](request: HttpRequest, name: str, allowed: tuple[T, ...]) -> T:
    """Return one of the allowed words, the first where the query names none; raises NotFound."""
    text = request.GET.get(name) or allowed[0]
    for word in allowed:
        if word == text:
            return word
    raise NotFound


def words(request: HttpRequest, name: str, limit: int = 100) -> str:
    """Return a short text of the query without controls; "" where it is absent."""
    text = request.GET.get(name, "")[:limit]
    return " ".join("".join(c if c.isprintable() or c in JOINERS else " " for c in text).split())


def local_path(text: str, otherwise: str = "/") -> str:
    """Return a path of this forum that somebody is to be sent to; never another site (SEC-030)."""
    return text if len(text) <= 2000 and _LOCAL.fullmatch(text) else otherwise


def wish_of(request: HttpRequest, sort: Sort, per_page: int) -> Wish:
    """Return from where on a list of threads is wanted; raises NotFound."""
    return Wish(
        sort=sort,
        page=whole(request, "page", highest=NUMBERED_PAGES) or 1,
        older_than=key_of(request, "older", sort),
        newer_than=key_of(request, "newer", sort),
        per_page=per_page,
    )


def key_of(request: HttpRequest, name: str, sort: Sort) -> Key | None:
    """Return a key as `key_text` wrote it; raises NotFound."""
    text = request.GET.get(name, "")
    if not text:
        return None
    found = _KEY.fullmatch(text)
    if found is None:
        raise NotFound
    value = int(found[1])
    if sort == "replies":
        return Key(min(value, 2**31 - 1), int(found[2]))
    try:
        at = datetime.fromtimestamp(value // 1_000_000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotFound from error
    return Key(at.replace(microsecond=value % 1_000_000), int(found[2]))


def key_text(key: Key) -> str:
    """Return a key as it stands in an address."""
    value = key.value
    if isinstance(value, datetime):
        value = int(value.timestamp()) * 1_000_000 + value.microsecond
    return f"{value}.{key.id}"
