"""Where an entry stands in time, and the letter that makes a word one of a span's. Pure.

A place is a number that rises with the date: seconds, then the last bits of the post's id. What has
no date stands before everything.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

ID_BITS = 26
_ID_MASK: int = (1 << ID_BITS) - 1
_LAST_SECOND: int = (1 << (63 - ID_BITS)) - 1
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
NOWHERE = 0
END = 2**63 - 1
# Private use: no folded word holds such a letter, and databases take it as one of a word's.
_FIRST_MARKS = range(0xE000, 0xF900)
_FURTHER_MARKS = range(0xF0000, 0xFFFFE)


class Document(NamedTuple):
    """A post as it is indexed: folded words, and facts to filter by (`a12`: its author)."""

    place: int
    title: list[str]
    body: list[str]
    facts: list[str]


type Pair = tuple[int, int]  # a place and a score, of which there may be ten thousand


class Proposal(NamedTuple):
    """What the index proposes: a place, and how well it fits (more is better)."""

    place: int
    score: int


def place_of(post_id: int, at: datetime | None) -> int:
    """Return where a post of this time stands."""
    return moment_place(at) | (post_id & _ID_MASK)


def moment_place(at: datetime | None) -> int:
    """Return the first place of a second."""
    if at is None:
        return NOWHERE
    seconds = int((at - _BEGINNING).total_seconds())
    return max(0, min(seconds, _LAST_SECOND)) << ID_BITS


def mark_of(span: int) -> str:
    """Return the letter that begins all words of a span."""
    if span < len(_FIRST_MARKS):
        return chr(_FIRST_MARKS[span])
    return chr(_FURTHER_MARKS[span - len(_FIRST_MARKS)])
