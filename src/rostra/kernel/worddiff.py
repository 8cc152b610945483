"""What changed between two texts, word by word. Pure.

Lines are compared first and words only within changed stretches (difflib's longest matching
blocks), so that long texts with few changes cost little; a stretch too long for that is shown as
taken out and put in.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

type Kind = Literal["same", "out", "in"]

MOST_WORDS = 1_500  # of a stretch that are compared one by one
_WORD = re.compile(r"\w")
_WORDS = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of text: in both texts, in the old one alone, or in the new one alone."""

    kind: Kind
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """Return the pieces that old and new are made of, in order; neighbours differ in kind."""
    pieces: list[Piece] = []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left, right = "".join(before[a:b]), "".join(after[c:d])
        pieces += [Piece("same", left)] if kind == "equal" else _by_words(left, right)
    return _joined(pieces)


def _by_words(old: str, new: str) -> list[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return [Piece("out", old), Piece("in", new)]
    found: list[Piece] = []
    out = put_in = ""
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left, right = "".join(before[a:b]), "".join(after[c:d])
        is_edge = (not out and not put_in) or b == len(before)
        # Blanks and signs that happen to stand in both do not part one change into many.
        if kind == "equal" and (is_edge or _WORD.search(left)):
            found += [Piece("out", out), Piece("in", put_in), Piece("same", left)]
            out = put_in = ""
        else:
            out, put_in = out + left, put_in + right
    return [*found, Piece("out", out), Piece("in", put_in)]


def _joined(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
