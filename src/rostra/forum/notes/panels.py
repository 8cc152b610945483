"""What two panels have decided about a note: only their answers count. Pure.

Each side's answers give a share p = (h + 1) / (n + 2), where h is the sum of the values and n their
number, and bounds p ± √(p(1 − p) / (n + 3)).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import ceil, sqrt
from random import Random
from typing import Literal, NamedTuple

Decision = Literal["shown", "not_helpful", "no_agreement", "ask_more"]

FEWEST_SHOWN = 5  # answers of a side
FEWEST_REFUSED = 3
SHOWN = 0.50
STAYS = 0.45  # what is shown already is not taken away by one answer
REFUSED = 0.40
APART = 0.50
MOST = 14
FIRST, MORE = 6, 4  # answers of a side asked for
BROAD_FIRST, BROAD_MORE, BROAD = 12, 8, 0.60  # without lasting sides: one pool
BROAD_MOST = 28
ENOUGH_OTHERS = 12  # on a side, that who rated a note without being asked is not drawn


class Answers(NamedTuple):
    """What the seats of one side have answered."""

    helpful: float  # sum of values
    answered: int

    @property
    def share(self) -> float:
        return (self.helpful + 1) / (self.answered + 2)

    @property
    def _spread(self) -> float:
        return sqrt(self.share * (1 - self.share) / (self.answered + 3))

    @property
    def low(self) -> float:
        return self.share - self._spread

    @property
    def high(self) -> float:
        return self.share + self._spread


def decide(sides: Sequence[Answers], *, is_shown: bool = False, can_ask: bool = True) -> Decision:
    """Return what both sides have decided after a full round.

    `is_shown`: it is a review of a note that is shown; `can_ask`: somebody is left on both sides.
    """
    least = STAYS if is_shown else SHOWN
    if all(side.answered >= FEWEST_SHOWN and side.low >= least for side in sides):
        return "shown"
    if all(side.answered >= FEWEST_REFUSED and side.high <= REFUSED for side in sides):
        return "not_helpful"
    if any(side.high < APART for side in sides):
        return "no_agreement"
    if not can_ask or any(side.answered >= MOST for side in sides):
        return "no_agreement"
    return "ask_more"


def decide_broadly(pool: Answers, *, can_ask: bool = True) -> Decision:
    """Return what one pool has decided, where the forum has no lasting sides."""
    if pool.answered >= BROAD_FIRST and pool.low >= BROAD:
        return "shown"
    if pool.answered >= BROAD_FIRST and pool.high <= REFUSED:
        return "not_helpful"
    if pool.high < BROAD or not can_ask or pool.answered >= BROAD_MOST:
        return "no_agreement"
    return "ask_more"


def seats_for(answers: int, response: float) -> int:
    """Return how many to ask for so many answers when a share of those asked answers."""
    return ceil(answers / min(1.0, max(response, 0.1)))


def may_be_asked(
    side: Collection[int], *, rated: Collection[int], barred: Collection[int]
) -> list[int]:
    """Return who of a side may be drawn, by id.

    `barred` are never asked: the author, and who sat on an earlier panel of the note. Who `rated`
    it without being asked is left out while enough others remain; a small side would have no panel
    otherwise.
    """
    free = sorted(set(side) - set(barred))
    others = [rater for rater in free if rater not in rated]
    return others if len(others) >= ENOUGH_OTHERS else free


def drawn(free: Sequence[int], asked: Mapping[int, int], count: int, chance: Random) -> list[int]:
    """Return so many of those who may be asked: who was asked least often first, then by chance."""
    order = [(asked.get(rater, 0), chance.random(), rater) for rater in free]
    return [rater for _, _, rater in sorted(order)[:count]]
