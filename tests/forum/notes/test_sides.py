"""Sides, the axis and the gates (B4, B7)."""

from __future__ import annotations

import numpy as np
import pytest
from bench import notes as invented
from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.notes.bridging import Ratings, eligible, fit
from rostra.forum.notes.sides import Gates, gates, place, split_half, two_means
from tests.forum.notes.pieces import worked_example


def test_the_worked_example_has_two_sides():
    ratings = worked_example()
    found = place(fit(ratings), ratings)
    assert found.centres == pytest.approx((-0.47494, 0.47295, 0.97466), abs=1e-4)
    expected = [-1.1077, -1.0939, -0.6281, -1.0458, -1.1245, 1.0931, 1.0748, 0.8012, 1.0308]
    assert found.z == pytest.approx(expected, abs=2e-4)
    assert found.side.tolist() == [-1] * 5 + [1] * 4


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=12))
def test_two_means_are_the_best_of_all_splits(row):
    values = np.array(row, float)
    found = two_means(values)
    ordered = np.sort(values)
    within = [
        sum(((part - part.mean()) ** 2).sum() for part in (ordered[:at], ordered[at:]) if len(part))
        for at in range(len(row))
    ]
    total = within[0]
    assert (1 - found.explained) * total == pytest.approx(min(within), abs=1e-6) or total == 0


def test_who_stands_between_or_has_said_little_is_unplaced():
    ratings = worked_example()
    found = fit(ratings)
    middle = found._replace(rater_factors=np.array([-0.5, -0.5, 0, -0.5, -0.5, *[0.5] * 4]))
    assert place(middle, ratings).side[2] == 0
    little = Ratings(*(column[(ratings.rater != 3) | (ratings.note < 2)] for column in ratings))
    assert place(found, little).side[3] == 0


def forum(slope: float) -> Ratings:
    """Sixty raters of two camps; how much notes divide them."""
    world = invented.invent(3, 60, 0.4, notes=40)
    chance = np.random.default_rng(4)
    helpful = world.helpful if slope else chance.integers(0, 2, world.helpful.shape).astype(float)
    raters, notes = np.nonzero(chance.random(helpful.shape) < 0.4)
    return eligible(Ratings(raters, notes, helpful[raters, notes]))


def test_an_axis_is_found_where_there_is_one_and_nowhere_else():
    with_axis, without = split_half(forum(1.0)), split_half(forum(0.0))
    assert with_axis > 0.58
    assert without <= 0.32


def test_halves_without_notes_tell_nothing():
    ratings = worked_example()
    even = Ratings(*(column[ratings.note % 2 == 0] for column in ratings))
    assert np.isnan(split_half(even))
    assert not Gates(100, 50, float("nan")).has_axis


@pytest.mark.parametrize(
    ("found", "met"),
    [
        (Gates(30, 8, 0.40), True),
        (Gates(29, 8, 0.40), False),
        (Gates(30, 7, 0.40), False),
        (Gates(30, 8, 0.39), False),
    ],
)
def test_all_gates_must_be_met(found, met):
    assert found.are_met is met


def test_gates_count_who_is_placed():
    ratings = forum(1.0)
    placement = place(fit(ratings), ratings)
    found = gates(placement, split_half(ratings))
    assert found.active == len(placement.side)
    assert found.smaller_side == min((placement.side == -1).sum(), (placement.side == 1).sum())
    assert found.are_met
