"""Texts as watched words are compared with them: what looks the same is the same. Pure.

NFKC and casefold; what cannot be seen is left out, and so are marks that only decorate letters of
alphabets that write without them. Each character of the result knows where it stands in the text.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u0640")  # fillers, joiners, tatweel
_SHORT_VOWELS = (
    ("\u0591", "\u05c7"),
    ("\u0610", "\u061a"),
    ("\u064b", "\u065f"),
    ("\u0670", "\u0670"),
)
_WITHOUT_SPACES = (
    ("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"),
)  # fmt: skip


class Folded(NamedTuple):
    """A text to compare with, and for each of its characters where it began and ended before."""

    text: str
    starts: list[int] | range
    ends: list[int] | range


def folded(text: str) -> Folded:
    """Return a text as it is compared; runs of space are one space. Linear."""
    if text.isascii() and "  " not in text and not any(c in text for c in "\t\n\r\v\f"):
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    made: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at, length = 0, len(text)
    while at < length:
        end = at + 1
        while end < length and _goes_with(text[end]):
            end += 1
        # Marks without end are an attack, not a letter: what is far behind belongs to nothing.
        for char in _cluster(text[at : min(end, at + 8)]):
            if char == " " and made and made[-1] == " ":
                continue
            made.append(char)
            starts.append(at)
            ends.append(end)
        at = end
    return Folded("".join(made), starts, ends)


def is_word(char: str) -> bool:
    """Return whether a character is part of a word."""
    return char.isalnum() or unicodedata.category(char)[0] in "LMN"


def stands_alone(char: str) -> bool:
    """Return whether a character is of a script that puts no spaces between words."""
    return any(first <= char <= last for first, last in _WITHOUT_SPACES)


@lru_cache(maxsize=4096)
def _goes_with(char: str) -> bool:
    """Return whether a character belongs to the one before it."""
    if char.isascii():
        return False
    return unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff"


@lru_cache(maxsize=8192)
def _cluster(cluster: str) -> str:
    """Return what a letter with its marks is compared as; "" for what is not seen."""
    seen = "".join(c for c in cluster if not _is_unseen(c))
    found = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    if found.isspace():
        return " "
    kept = [char for char in found if not _is_decoration(char)]
    return "".join(" " if char.isspace() else char for char in kept)


def _is_unseen(char: str) -> bool:
    return char in _UNSEEN or unicodedata.category(char) == "Cf" or _is_variation(char)


def _is_variation(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _is_decoration(char: str) -> bool:
    """Return whether a mark is one that words are written without: short vowels, strokes."""
    if any(first <= char <= last for first, last in _SHORT_VOWELS):
        return True
    return (
        "\u0300" <= char <= "\u036f" or "\u1ab0" <= char <= "\u1aff" or "\u20d0" <= char <= "\u20ff"
    )
