"""The bridging fit: who tends to agree with whom, and what both kinds of readers like. Pure.

Every rating is explained as r = mu + i_rater + i_note + f_rater * f_note, with one factor. The
penalties are those of X's Community Notes (twitter/communitynotes, `mf_base_scorer.py`: .15 for
intercepts, .03 for factors), times a density that is fixed here at 10: X's own grow with ratings
a note, so that its thresholds drift as a forum grows. It is solved by block coordinate descent,
each block exactly, from a start that depends on the ratings alone: the same ratings give the same
numbers.

Nothing here knows a database. Arrays are of float64 where nothing else is said.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

INTERCEPT = 0.15
FACTOR = 0.03
DENSITY = 10.0
FEWEST = 5  # ratings of a note, then of a rater
SETTLED = 1e-9  # three sweeps that lower the loss a rating by less are the last
POWER_ROUNDS = 50
MOST_SWEEPS = 10_000
ROUNDING = 1e-12
DAMPING = 3.0


class Ratings(NamedTuple):
    """Who gave which note which value; arrays of one length, a row a rating.

    `rater` and `note` are any integers (ids), `value` is 1 (helpful), 0.5 or 0.
    """

    rater: Ints
    note: Ints
    value: Floats


class Penalties(NamedTuple):
    """How dense ratings are taken to be, for raters and for notes."""

    raters: float = DENSITY
    notes: float = DENSITY


OURS = Penalties()


class Fit(NamedTuple):
    """What explains the ratings best. Ids are sorted; the other arrays go with them."""

    mu: float
    raters: Ints
    rater_intercepts: Floats
    rater_factors: Floats
    notes: Ints
    note_intercepts: Floats
    note_factors: Floats
    loss: float  # J / R: penalised squared error a rating
    sweeps: int


class _Half(NamedTuple):
    """The ratings in the order of one kind of owner: of notes, or of raters."""

    starts: Ints  # where each owner's ratings begin
    counts: Floats  # how many they are
    others: Ints  # index of the other kind, a rating
    values: Floats
    room: tuple[
        Floats, Floats, Floats
    ]  # written over in each sweep: new memory costs more than sums


class _Side(NamedTuple):
    """What one kind of owner is fitted to."""

    intercepts: Floats
    factors: Floats


class _State(NamedTuple):
    """Where a descent stands."""

    mu: float
    rater: _Side
    note: _Side

    def arrays(self) -> tuple[Floats, ...]:
        return (np.asarray(self.mu), *self.rater, *self.note)


class _Solved(NamedTuple):
    """What is best for one kind, what that costs with its penalties, and the sum of its errors."""

    side: _Side
    cost: float
    rest: float


class _Found(NamedTuple):
    """Where a descent ended."""

    state: _State
    loss: float
    sweeps: int


def eligible(ratings: Ratings, fewest: int = FEWEST) -> Ratings:
    """Return the ratings of notes with enough of them, by raters with enough of these."""
    _, index, counts = np.unique(ratings.note, return_inverse=True, return_counts=True)
    ratings = _only(ratings, counts[index] >= fewest)
    _, index, counts = np.unique(ratings.rater, return_inverse=True, return_counts=True)
    return _only(ratings, counts[index] >= fewest)


def fit(ratings: Ratings, penalties: Penalties = OURS, before: Fit | None = None) -> Fit:
    """Return the fit to all the ratings given, from an earlier fit where there is one.

    At least one rating; each pair of rater and note once. The sign of the factors is such that
    the larger group of raters is negative; with an earlier fit, such that the placement goes with
    that one's.
    """
    raters, by_index = np.unique(ratings.rater, return_inverse=True)
    notes, of_index = np.unique(ratings.note, return_inverse=True)
    of_notes = _half(of_index, by_index, ratings.value, len(notes))
    of_raters = _half(by_index, of_index, ratings.value, len(raters))
    if before is None:
        mu, rater, note = _start(of_notes, of_raters, raters)
    else:
        mu = before.mu
        rater = _carried(raters, before.raters, before.rater_intercepts, before.rater_factors)
        note = _carried(notes, before.notes, before.note_intercepts, before.note_factors)
    found = _descend(of_notes, of_raters, penalties, _State(mu, rater, note))
    mu, rater, note = found.state
    sign = _sign(raters, rater.factors, before)
    return Fit(
        float(mu), raters, rater.intercepts, sign * rater.factors,
        notes, note.intercepts, sign * note.factors, found.loss, found.sweeps,
    )  # fmt: skip


def _descend(of_notes: _Half, of_raters: _Half, penalties: Penalties, state: _State) -> _Found:
    """Sweep over notes, raters and mu until nothing is won; a step of SQUAREM after every two.

    The step (Varadhan & Roland, "Simple and globally convergent methods for accelerating the
    convergence of any EM algorithm", 2008) goes on in the direction of the last two sweeps. It is
    kept where the loss is no higher after it, so that the loss never rises; without it, weak axes
    take hundreds of sweeps.
    """
    count = len(of_raters.values)

    def sweep(last: _State) -> tuple[_State, float]:
        note = _solve(of_notes, last.rater, last.mu, penalties.notes).side
        rater, cost, rest = _solve(of_raters, note, last.mu, penalties.raters)
        mu = (count * last.mu + rest) / (count * (1 + INTERCEPT))
        moved = mu - last.mu
        cost += moved * (count * moved - 2 * rest) + INTERCEPT * count * mu * mu
        return _State(mu, rater, note), (cost + _penalty(note, penalties.notes)) / count

    loss, sweeps = np.inf, 0
    while sweeps < MOST_SWEEPS:
        one, _ = sweep(state)
        two, now = sweep(one)
        further, then = sweep(_further(state, one, two))
        sweeps += 3
        state, now = (further, then) if then <= now else (two, now)
        if now > loss + ROUNDING:
            raise ArithmeticError(f"the loss rose from {loss} to {now} in sweep {sweeps}")
        is_settled = loss - now < SETTLED
        loss = now
        if is_settled:
            break
    return _Found(state, float(loss), sweeps)


def _further(zero: _State, one: _State, two: _State) -> _State:
    """Return where two sweeps lead when their direction is followed further (SQUAREM, S3)."""
    first = [np.subtract(b, a) for a, b in zip(zero.arrays(), one.arrays(), strict=True)]
    bend = [c - b - r for b, c, r in zip(one.arrays(), two.arrays(), first, strict=True)]
    length = np.sqrt(sum((r * r).sum() for r in first))
    turn = np.sqrt(sum((v * v).sum() for v in bend))
    step = max(float(length / turn), 1.0) if turn else 1.0
    found = [
        a + 2 * step * r + step * step * v
        for a, r, v in zip(zero.arrays(), first, bend, strict=True)
    ]
    return _State(float(found[0]), _Side(found[1], found[2]), _Side(found[3], found[4]))


def place_note(ratings: Ratings, placed: Fit, density: float = DENSITY) -> tuple[float, float]:
    """Return intercept and factor of one note, its raters standing where they are.

    `ratings` are those of the note; who is not placed is left out. Closed form, one solve.
    """
    where = np.searchsorted(placed.raters, ratings.rater)
    where = np.minimum(where, len(placed.raters) - 1)
    known = placed.raters[where] == ratings.rater
    where = where[known]
    half = _half(np.zeros(len(where), np.int64), where, ratings.value[known], 1)
    side = _Side(placed.rater_intercepts, placed.rater_factors)
    found = _solve(half, side, placed.mu, density).side
    return float(found.intercepts[0]), float(found.factors[0])


def predicted(found: Fit, ratings: Ratings) -> Floats:
    """Return what the fit expects of each rating, of raters and notes that it knows."""
    by = np.searchsorted(found.raters, ratings.rater)
    of = np.searchsorted(found.notes, ratings.note)
    return (
        found.mu + found.rater_intercepts[by] + found.note_intercepts[of]
        + found.rater_factors[by] * found.note_factors[of]
    )  # fmt: skip


def _only(ratings: Ratings, kept: npt.NDArray[np.bool_]) -> Ratings:
    return Ratings(ratings.rater[kept], ratings.note[kept], ratings.value[kept])


def _half(owner: Ints, other: Ints, value: Floats, size: int) -> _Half:
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=size)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    room = (np.empty(len(value)), np.empty(len(value)), np.empty(len(value)))
    return _Half(
        starts.astype(np.int64), counts.astype(np.float64), other[order], value[order], room
    )


def _sums(half: _Half, each: Floats) -> Floats:
    """Return the sum of a row a rating for each owner. Every owner has a rating."""
    return np.add.reduceat(each, half.starts)


def _solve(half: _Half, other: _Side, mu: float, density: float) -> _Solved:
    """Return the intercepts and factors that are best for given ones of the others."""
    x, y, product = half.room
    np.take(other.factors, half.others, out=x, mode="clip")
    np.take(other.intercepts + mu, half.others, out=y, mode="clip")
    np.subtract(half.values, y, out=y)
    a = half.counts + INTERCEPT * density
    b = _sums(half, x)
    sum_y = _sums(half, y)
    sum_xy = _sums(half, np.multiply(x, y, out=product))
    c = _sums(half, np.multiply(x, x, out=product)) + FACTOR * density
    under = a * c - b * b
    intercepts = (c * sum_y - b * sum_xy) / under
    factors = (a * sum_xy - b * sum_y) / under
    # At the solution of a penalised least squares, cost = Σy² − iΣy − fΣxy.
    cost = np.multiply(y, y, out=product).sum() - _dot(intercepts, sum_y) - _dot(factors, sum_xy)
    rest = sum_y.sum() - _dot(half.counts, intercepts) - _dot(b, factors)
    return _Solved(_Side(intercepts, factors), float(cost), float(rest))


def _dot(one: Floats, two: Floats) -> float:
    """Return Σ one·two, the same on every machine: numpy's own goes to a library with threads."""
    return float((one * two).sum())


def _penalty(side: _Side, density: float) -> float:
    return density * float(
        INTERCEPT * _dot(side.intercepts, side.intercepts)
        + FACTOR * _dot(side.factors, side.factors)
    )


def _start(of_notes: _Half, of_raters: _Half, ids: Ints) -> tuple[float, _Side, _Side]:
    """Return intercepts of zero and, for factors, the first axis of what the means leave."""
    mean = float(of_raters.values.mean())
    notes = (_sums(of_notes, of_notes.values) - mean * of_notes.counts) / (
        of_notes.counts + DAMPING
    )
    left = of_raters.values - mean - notes[of_raters.others]
    raters = _sums(of_raters, left) / (of_raters.counts + DAMPING)
    by_rater = left - np.repeat(raters, of_raters.counts.astype(np.int64))
    by_note = of_notes.values - mean - raters[of_notes.others]
    by_note -= np.repeat(notes, of_notes.counts.astype(np.int64))
    axis, size = _scattered(ids), 0.0
    for _ in range(POWER_ROUNDS):
        across = _sums(of_notes, by_note * axis[of_notes.others])
        across /= max(np.sqrt(_dot(across, across)), np.finfo(float).tiny)
        axis = _sums(of_raters, by_rater * across[of_raters.others])
        size = float(np.sqrt(_dot(axis, axis)))
        axis /= max(size, np.finfo(float).tiny)
    scale = np.sqrt(size)
    rater = _Side(np.zeros(len(of_raters.counts)), scale * axis)
    return mean, rater, _Side(np.zeros(len(of_notes.counts)), scale * across)


def _scattered(ids: Ints) -> Floats:
    """Return a number between -1 and 1 for each id, without order in them (splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed.astype(np.float64) / 2**63 - 1


def _carried(ids: Ints, before: Ints, intercepts: Floats, factors: Floats) -> _Side:
    """Return where those known before stood; the others begin at zero."""
    side = _Side(np.zeros(len(ids)), np.zeros(len(ids)))
    if len(before):
        where = np.minimum(np.searchsorted(before, ids), len(before) - 1)
        known = before[where] == ids
        side.intercepts[known] = intercepts[where[known]]
        side.factors[known] = factors[where[known]]
    return side


def _sign(raters: Ints, factors: Floats, before: Fit | None) -> float:
    if before is not None:
        _, here, there = np.intersect1d(raters, before.raters, return_indices=True)
        agreement = _dot(factors[here], before.rater_factors[there])
        if agreement:
            return 1.0 if agreement > 0 else -1.0
    surplus = int((factors > 0).sum() - (factors < 0).sum())
    if surplus == 0:  # as many on each side: who came first is negative
        surplus = int(np.sign(factors[0])) if len(factors) else 1
    return -1.0 if surplus > 0 else 1.0
