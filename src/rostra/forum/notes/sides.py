"""Who stands on which side of the axis that a fit found, and whether there is an axis at all. Pure.

Sides have no names and no meaning; -1 and 1 only say who tends to agree with whom.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rostra.forum.notes.bridging import (
    FEWEST,
    Fit,
    Floats,
    Ints,
    Penalties,
    Ratings,
    eligible,
    fit,
)

UNPLACED = 0.15  # as a share of half the distance between the two centres
HALVES = Penalties(raters=5.0)
FEWEST_ACTIVE = 30  # raters
FEWEST_A_SIDE = 8  # placed raters on the smaller side
CLEAREST = 0.40  # split-half correlation
MOVED = 0.90  # an axis that correlates less with the last one has moved


class Centres(NamedTuple):
    """The two groups of a row of numbers, by exact 2-means."""

    low: float
    high: float
    explained: float  # share of the variance, 0 to 1

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


class Placement(NamedTuple):
    """Where each rater stands; arrays go with the ids of the fit's raters."""

    z: Floats  # -1 and 1 are the centres
    side: npt.NDArray[np.int8]  # -1, 1, or 0: unplaced
    centres: Centres


class Gates(NamedTuple):
    """What must be so before notes are decided by two sides; numbers for the operator."""

    active: int
    smaller_side: int
    split_half: float  # nan where it cannot be told

    @property
    def has_raters(self) -> bool:
        return self.active >= FEWEST_ACTIVE

    @property
    def has_axis(self) -> bool:
        return self.split_half >= CLEAREST

    @property
    def has_sides(self) -> bool:
        return self.smaller_side >= FEWEST_A_SIDE

    @property
    def are_met(self) -> bool:
        return self.has_raters and self.has_axis and self.has_sides


def two_means(values: Floats) -> Centres:
    """Return the split of a row of numbers in two with the least squared distance; exact.

    At least one number. Where all are equal, both centres are that number and nothing is explained.
    """
    row = np.sort(values)
    count = len(row)
    total = float(((row - row.mean()) ** 2).sum())
    if count < 2 or total <= 0:
        return Centres(float(row[0]), float(row[-1]), 0.0)
    sums = np.cumsum(row)[:-1]
    sizes = np.arange(1, count)
    # Least squares within are most squares between: Σ n·mean².
    between = sums**2 / sizes + (row.sum() - sums) ** 2 / (count - sizes)
    best = int(np.argmax(between))
    within = total - float(between[best] - row.sum() ** 2 / count)
    low, high = float(row[: best + 1].mean()), float(row[best + 1 :].mean())
    return Centres(low, high, 1 - within / total)


def place(found: Fit, ratings: Ratings) -> Placement:
    """Return the sides of a fit's raters; who has few ratings, or stands between, is unplaced."""
    centres = two_means(found.rater_factors)
    half = (centres.high - centres.low) / 2
    z = (found.rater_factors - centres.middle) / half if half else np.zeros(len(found.raters))
    counts = _counts(found.raters, ratings)
    is_placed = (np.abs(z) >= UNPLACED) & (counts >= FEWEST)
    return Placement(z, np.where(is_placed, np.sign(z), 0).astype(np.int8), centres)


def split_half(ratings: Ratings) -> float:
    """Return how well the axis of even notes goes with that of odd ones: a correlation, 0 to 1.

    Each half is fitted alone; raters that both place are compared. The sign of an axis means
    nothing, so that the size alone is returned. nan where a half has no notes, or all agree.
    """
    even = ratings.note % 2 == 0
    halves = [
        eligible(Ratings(ratings.rater[kept], ratings.note[kept], ratings.value[kept]), fewest=1)
        for kept in (even, ~even)
    ]
    if any(len(half.value) == 0 for half in halves):
        return float("nan")
    one, two = (fit(half, HALVES) for half in halves)
    both, here, there = np.intersect1d(one.raters, two.raters, return_indices=True)
    return (
        abs(correlation(one.rater_factors[here], two.rater_factors[there])) if len(both) else np.nan
    )


def gates(placement: Placement, split: float) -> Gates:
    """Return what a forum of so many raters has."""
    smaller = min(int((placement.side < 0).sum()), int((placement.side > 0).sum()))
    return Gates(len(placement.side), smaller, split)


def _counts(raters: Ints, ratings: Ratings) -> Ints:
    where = np.searchsorted(raters, ratings.rater)
    inside = where < len(raters)
    inside[inside] = raters[where[inside]] == ratings.rater[inside]
    return np.bincount(where[inside], minlength=len(raters)).astype(np.int64)


def correlation(one: Floats, two: Floats) -> float:
    """Return how two rows of numbers go together, -1 to 1; nan where one does not vary."""
    a, b = one - one.mean(), two - two.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size else float("nan")
