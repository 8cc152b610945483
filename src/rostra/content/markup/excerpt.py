"""Plain words of a rendered fragment, and short texts made of them."""

from __future__ import annotations

import re

from rostra.content.markup.text import unescape

_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9-]*)([^>]*)>")
_TEXT_BREAKS = frozenset({
    "p", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "tr", "pre", "br", "hr", "div", "ul", "ol",
    "figure", "figcaption", "blockquote", "details", "summary", "section", "table", "rostra-embed",
})  # fmt: skip
_QUOTE = re.compile(r'class="quote"')
_OWN = re.compile(r'class="smilie own".* title="([^"]*)"')
_SPOILER = re.compile(r'class="spoiler"')
_LEFT_OUT_SPANS = re.compile(r'class="(?:mark|bidi|picture|file)"|data-')


def words(html: str) -> str:
    """Return a fragment's words without quotes; a quote of it is checked against these."""
    return _text(html, without_spoilers=False)


def quoted(html: str) -> str:
    """Return the words of a quote's inside, its paragraphs apart by empty lines."""
    return _text(html, without_spoilers=False, paragraphs=True)


def excerpt(html: str, limit: int = 200) -> str:
    """Return the first words of a fragment, without quotes and spoilers, ending on a word."""
    text = _text(html, without_spoilers=True)
    if len(text) <= limit:
        return text
    cut = text[:limit]
    if text[limit].isalnum():
        cut = cut.rpartition(" ")[0] or cut[:-1]
    return cut.rstrip(" ,;:.-–—") + "…"


def _text(html: str, *, without_spoilers: bool, paragraphs: bool = False) -> str:
    parts: list[str] = []
    at = 0
    for found in _TOKEN.finditer(html):
        if found.start() < at:
            continue
        if found.start() > at:
            parts.append(html[at : found.start()])
        at = found.end()
        closing, tag, attributes = found.groups()
        own = None if closing or tag not in ("img", "span") else _OWN.search(attributes)
        if own is not None:  # its code: what it shows may be another one day
            parts.append(own[1])
            at = at if tag == "img" else _end_of(html, tag, at)
        elif not closing and _is_left_out(tag, attributes, without_spoilers):
            at = _end_of(html, tag, at)
            parts.append(" ")
        elif tag in _TEXT_BREAKS:
            parts.append("\0" if paragraphs and tag != "br" else " ")
    parts.append(html[at:])
    text = " ".join(unescape("".join(parts)).split())
    return "\n\n".join(piece.strip() for piece in text.split("\0") if piece.strip())


def _is_left_out(tag: str, attributes: str, without_spoilers: bool) -> bool:
    if tag in ("figure", "blockquote"):
        return bool(_QUOTE.search(attributes))
    if tag in ("span", "details") and without_spoilers and _SPOILER.search(attributes):
        return True
    return tag == "span" and bool(_LEFT_OUT_SPANS.search(attributes))


def _end_of(html: str, tag: str, at: int) -> int:
    """Return the place after the end tag that belongs to a start tag before a place."""
    depth = 1
    for found in re.compile(rf"<(/?){tag}[ >]").finditer(html, at):
        depth += -1 if found[1] else 1
        if depth == 0:
            return html.index(">", found.start()) + 1
    return len(html)
