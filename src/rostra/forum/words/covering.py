"""Kept fragments with watched words covered, or made links; what was written stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

from rostra.forum.words.matching import Found, Matcher

COVER = "■"
LONGEST_COVER = 12
REL = "nofollow noopener"

_PIECE = re.compile(r"<[^>]*>|&[^;\s]{1,12};|[^<&]|[<&]")
_NAME = re.compile(r"</?([a-z0-9]+)")
_INLINE = frozenset(
    ("a", "abbr", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "span", "strong", "sub",
     "sup", "u", "wbr")
)  # fmt: skip
_NO_LINKS = frozenset(("a", "code", "pre", "kbd", "summary", "button"))


def covered(html: str, matcher: Matcher, *, with_links: bool = True) -> str:
    """Return a fragment with its watched words as readers are to see them. Linear.

    A word is found across the tags inside it, not across paragraphs. Links are made once a word,
    never inside another link or code.
    with_links: not for a fragment that was here before: done twice, each would be made twice.
    """
    if not matcher:
        return html
    pieces = _PIECE.findall(html)
    text: list[str] = []
    at: list[int] = []  # the piece that a character of the text is
    for number, piece in enumerate(pieces):
        if piece[0] != "<" or len(piece) == 1:
            for char in unescape(piece) or " ":
                text.append(char)
                at.append(number)
        elif _name(piece) not in _INLINE:
            text.append("\n")
            at.append(number)
    # A block's end must not be the space inside a phrase.
    found = [one for one in matcher.find("".join(text)) if "\n" not in text[one.start : one.end]]
    if not found:
        return html
    _cover(pieces, [one for one in found if one.word.act == "censor"], at)
    if with_links:
        _lead(pieces, [one for one in found if one.word.act == "link"], at)
    return "".join(pieces)


def text_of(html: str) -> str:
    """Return all text of a fragment, covers among it."""
    return "".join(piece for piece in _PIECE.findall(html) if len(piece) == 1 or piece[0] != "<")


def _cover(pieces: list[str], found: list[Found], at: list[int]) -> None:
    """Put a cover in the place of words; the tags between their letters stay."""
    reached = 0
    for one in found:
        for place in range(max(one.start, reached), one.end):
            pieces[at[place]] = COVER if place - one.start < LONGEST_COVER else ""
        reached = max(reached, one.end)


def _lead(pieces: list[str], found: list[Found], at: list[int]) -> None:
    """Make words links, the first time each is said outside of links and code."""
    inside = _inside(pieces)
    made: set[int] = set()
    reached = -1
    for one in found:
        first, last = at[one.start], at[one.end - 1]
        whole = range(first, last + 1)
        if one.word.id in made or first <= reached or any(inside(n) for n in whole):
            continue
        if any(pieces[n][:1] == "<" and len(pieces[n]) > 1 for n in whole):
            continue  # partly inside another element
        address = escape(one.word.link)
        pieces[first] = f'<a href="{address}" rel="{REL}">{pieces[first]}'
        pieces[last] = f"{pieces[last]}</a>"
        made.add(one.word.id)
        reached = last


def _inside(pieces: list[str]) -> Callable[[int], bool]:
    """Return what tells whether a piece lies where no link may be."""
    depth = 0
    depths: list[int] = []
    for piece in pieces:
        if piece[0] == "<" and _name(piece) in _NO_LINKS:
            depth += -1 if piece.startswith("</") else 1
        depths.append(depth)
    return lambda number: depths[number] > 0


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""
