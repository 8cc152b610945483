"""Quotes: who said it, whether the quoted post holds those words, and how that is shown."""

from __future__ import annotations

import re
import unicodedata

from rostra.content.markup.findings import Findings
from rostra.content.markup.references import Known, PostRef, QuoteState
from rostra.content.markup.text import balanced, escape_value

SHOWN_DEPTH = 3

_GAP = re.compile(r"\[\s*(?:\.{3,}|…)\s*\]|\(\s*(?:\.{3,}|…)\s*\)|\.{3,}|…|\n\s*\n")
_QUOTATION_MARKS = dict.fromkeys(map(ord, "\"'`´“”„‟«»‘’‚‛‹›「」『』＂＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_SIGNS = _QUOTATION_MARKS | _DASHES | dict.fromkeys((0x200B, 0x200C, 0x200D, 0xFEFF, 0xAD), "")
_UNFIT = re.compile(r"[\"<>\x00-\x1f\x7f-\x9f]")


def quote_html(
    inner_html: str,
    *,
    key: str | None,
    said: str,
    quoted_words: str,
    found: Findings,
    known: Known,
    depth: int,
) -> str:
    """Write a quote with its attribution; depth is 1 for a quote that is in no other quote.

    A known post is named by the page that shows the quote, whatever name was typed. Words
    that are not its words, and a post that is not known, are marked.
    """
    post = known.posts.get(key) if key else None
    if post is not None:
        state = state_of(quoted_words, post)
        found.add_quote(post.id, state)
        caption = f'<a data-quote="{post.id}"></a>'
        if state != "exact":
            caption += mark(state)
    else:
        caption = _said(said)
        if key:
            caption += mark("unverified")
    return _fold(_figure(caption, inner_html), depth)


def state_of(quoted_words: str, post: PostRef) -> QuoteState:
    """Tell whether a post holds the quoted words in one piece, in several in order, or not."""
    whole = _plain(quoted_words)
    said = _plain(post.words)
    if _find(said, whole, 0) >= 0:
        return "exact"
    at = 0
    for piece in _GAP.split(quoted_words):
        wanted = _plain(piece)
        at = _find(said, wanted, at)
        if at < 0:
            return "altered"
    return "shortened"


def mark(word: str) -> str:
    """Write a mark with one of the interface's words beside an attribution."""
    return f'<span class="mark"><span data-word="{word}"></span></span>'


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS)
    return " ".join(folded.split())


def _find(said: str, wanted: str, at: int) -> int:
    """Return the place after the wanted words, from a place on, or -1; whole words only."""
    while wanted:
        start = said.find(wanted, at)
        if start < 0:
            return -1
        end = start + len(wanted)
        if not _splits_word(said, start) and not _splits_word(said, end):
            return end
        at = start + 1
    return at


def _splits_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _said(name: str) -> str:
    name = balanced(" ".join(_UNFIT.sub(" ", name).split())[:100])
    return f'<span data-said="{escape_value(name)}"></span>' if name else ""


def _figure(caption: str, inner_html: str) -> str:
    head = f'<figcaption dir="auto">{caption}</figcaption>' if caption else ""
    return (
        f'<figure class="quote">{head}<blockquote dir="auto">{inner_html}</blockquote></figure>\n'
    )


def _fold(figure: str, depth: int) -> str:
    if depth != SHOWN_DEPTH + 1:
        return figure
    return (
        '<details class="fold"><summary dir="auto"><span data-word="older_quotes"></span></summary>'
        f"{figure}</details>\n"
    )
