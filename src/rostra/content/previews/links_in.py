"""The links in a kept fragment, and which stand alone: there a card has its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import NamedTuple

_HREF = re.compile(r'<a (?:class="([^"<>]*)" )?href="(https?://[^"<>]*)" rel="')
# A paragraph of nothing but links that are written as their own addresses.
_ALONE = re.compile(
    r'<p dir="auto">(?:<a href="https?://[^"<>]*" rel="[^"<>]*">[^<>]*</a>(?:<br>\n?)?)+</p>'
)
_ONE = re.compile(r'<a href="(https?://[^"<>]*)" rel="[^"<>]*">([^<>]*)</a>')


class LinkIn(NamedTuple):
    """A link to outside, as it is written in a fragment."""

    url: str
    is_alone: bool
    is_picture: bool = False  # it stands for one


def links_in(html: str) -> list[LinkIn]:
    """Return the links to outside in a fragment, each once, in order."""
    alone = {url for found in _ALONE.finditer(html) for url in _bare(found[0])}
    urls: dict[str, bool] = {}
    for found in _HREF.finditer(html):
        url = unescape(found[2])
        urls[url] = urls.get(url, False) or found[1] == "remote-image"
    return [LinkIn(url, url in alone, is_picture) for url, is_picture in urls.items()]


def with_cards(html: str, card_of: Callable[[str], str]) -> str:
    """Return a fragment with the HTML of a card behind each paragraph of links that have one."""

    def put(found: re.Match[str]) -> str:
        return found[0] + "".join(card_of(url) for url in _bare(found[0]))

    return _ALONE.sub(put, html)


def _bare(paragraph: str) -> Iterator[str]:
    for found in _ONE.finditer(paragraph):
        url, shown = unescape(found[1]), unescape(found[2])
        if url.endswith(shown.removesuffix("/")) or url == shown or url.removesuffix("/") == shown:
            yield url
