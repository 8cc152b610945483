"""Texts of a document compared: how alike they are, and what became of a passage. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from rostra.kernel.worddiff import Piece, compare

ALIKE = 0.90  # below it a document has changed
AROUND = 300  # characters beside a passage that everybody is shown
SHORTEST = 12  # a passage; what is shorter stands in any text
_WORD = re.compile(r"\w+")


def likeness(old: str, new: str) -> float:
    """Return how much of two texts is the same, 0 to 1: by their runs of three words."""
    if old == new:
        return 1.0
    before, after = _runs(old), _runs(new)
    both = sum((before & after).values())
    return 2 * both / max(1, before.total() + after.total())


def find(passage: str, words: str) -> tuple[int, int] | None:
    """Return where a passage stands in a text, whatever its white space; None: nowhere."""
    parts = unicodedata.normalize("NFC", passage).split()
    if sum(map(len, parts)) < SHORTEST:
        return None
    found = re.search(r"\s+".join(map(re.escape, parts)), words)
    return None if found is None else found.span()


def became(passage: str, old: str, new: str) -> list[Piece] | None:
    """Return what became of a passage of the old text; None where it never stood there.

    One piece where it still stands. Otherwise its lines beside those of the new text that are
    most like them; a little around it, and no more.
    """
    place = find(passage, old)
    if place is None:
        return None
    if find(passage, new) is not None:
        return [Piece("same", passage)]
    start = max(old.rfind("\n", 0, place[0]) + 1, place[0] - AROUND)
    end = old.find("\n", place[1])
    was = old[start : min(place[1] + AROUND, len(old) if end < 0 else end)]
    wanted = _words(was)
    lines = new.split("\n")
    best = max(
        lines, key=lambda line: (wanted & _words(line)).total() / (5 + len(line)), default=""
    )
    if 4 * (wanted & _words(best)).total() < wanted.total():
        return [Piece("out", was)]
    return compare(was, best[: len(was) + 2 * AROUND])


def _runs(words: str) -> Counter[tuple[str, ...]]:
    found = [word.casefold() for word in _WORD.findall(words)]
    return Counter(zip(found, found[1:], found[2:], strict=False))


def _words(words: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORD.findall(words))
