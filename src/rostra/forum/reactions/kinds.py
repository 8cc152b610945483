"""The kinds of reaction and what each is worth. Pure."""

from typing import NamedTuple


class Kind(NamedTuple):
    """A reaction: its sign, and what one adds to the author's reaction score."""

    sign: str
    worth: int


KINDS = {
    "like": Kind("👍", 1),
    "thanks": Kind("🙏", 1),
    "insightful": Kind("💡", 1),
    "funny": Kind("😄", 0),
    "sad": Kind("😢", 0),
    "disagree": Kind("👎", -1),
}


def score(counts: dict[str, int]) -> int:
    """Return the reaction score that these counts by kind add up to; unknown kinds are worth 0."""
    return sum(KINDS[kind].worth * count for kind, count in counts.items() if kind in KINDS)
