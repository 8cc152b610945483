"""Which raters count for themselves: no more than three of a network, and no echoes. Pure.

The rules are those of B9 and ABU-008; X's window for ratings that go together is 20 minutes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

OF_A_NETWORK = 3
TOGETHER = timedelta(minutes=20)
FEWEST_TOGETHER = 10  # notes that two rated within that time
EQUAL = 0.95  # of them, rated alike
OF_HISTORY = 0.4  # of all that the one who rated less ever rated


class Said(NamedTuple):
    """A rating of somebody's own accord: those of the calibration set come from all at once."""

    rater: int
    note: int
    value: int
    at: datetime


def crowded_out(order: Iterable[int], networks: Mapping[int, Collection[str]]) -> set[int]:
    """Return who comes over networks alone that three before them came over.

    order: raters, who joined first before others; who has no network that is known counts.
    """
    taken: Counter[str] = Counter()
    found = set()
    for rater in order:
        own = networks.get(rater, ())
        if own and all(taken[network] >= OF_A_NETWORK for network in own):
            found.add(rater)
        else:
            taken.update(own)
    return found


def echoes(order: Iterable[int], ratings: Collection[Said]) -> set[int]:
    """Return who rates as another does, time and again, minutes apart: of two the later joined."""
    joined = {rater: place for place, rater in enumerate(order)}
    history = Counter(said.rater for said in ratings)
    of_note: defaultdict[int, list[Said]] = defaultdict(list)
    for said in sorted(ratings, key=lambda said: said.at):
        of_note[said.note].append(said)
    together: Counter[tuple[int, int]] = Counter()
    alike: Counter[tuple[int, int]] = Counter()
    for row in of_note.values():
        for place, one in enumerate(row):
            for other in row[place + 1 :]:
                if other.at - one.at > TOGETHER:
                    break
                pair = (min(one.rater, other.rater), max(one.rater, other.rater))
                together[pair] += 1
                alike[pair] += one.value == other.value
    return {
        max(pair, key=lambda rater: joined.get(rater, -1))
        for pair, times in together.items()
        if times >= FEWEST_TOGETHER
        and alike[pair] >= EQUAL * times
        and times >= OF_HISTORY * min(history[rater] for rater in pair)
    }
