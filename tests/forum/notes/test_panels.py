"""What panels decide (B5) and who is drawn (decision 27)."""

from __future__ import annotations

from random import Random

import pytest

from rostra.forum.notes.panels import (
    Answers,
    decide,
    decide_broadly,
    drawn,
    may_be_asked,
    seats_for,
)

TABLE = [
    ((6, 6), (6, 6), "shown"),
    ((5, 6), (5, 6), "shown"),
    ((6, 7), (5, 7), "shown"),
    ((4.5, 6), (4.5, 6), "shown"),
    ((9, 14), (12, 14), "shown"),
    ((3, 6), (6, 6), "ask_more"),
    ((2, 6), (2, 6), "ask_more"),
    ((1, 6), (0, 6), "not_helpful"),
    ((0, 3), (0, 3), "not_helpful"),
    ((4, 4), (5, 5), "ask_more"),  # too few
    ((0, 6), (6, 6), "no_agreement"),
    ((7, 14), (12, 14), "no_agreement"),
]


@pytest.mark.parametrize(("one", "other", "decision"), TABLE)
def test_the_table_of_panels(one, other, decision):
    assert decide([Answers(*one), Answers(*other)]) == decision
    assert decide([Answers(*other), Answers(*one)]) == decision, "no side is before the other"


def test_bounds():
    assert Answers(5, 6).low == pytest.approx(0.6057, abs=1e-4)
    assert Answers(1, 6).high == pytest.approx(0.3943, abs=1e-4)


def test_nobody_left_to_ask_ends_it():
    assert decide([Answers(3, 6), Answers(6, 6)], can_ask=False) == "no_agreement"


def test_what_is_shown_stays_a_little_longer():
    nearly = [Answers(7.5, 12), Answers(12, 13)]
    assert 0.45 <= nearly[0].low < 0.50
    assert decide(nearly) == "ask_more"
    assert decide(nearly, is_shown=True) == "shown"


def test_one_pool_needs_broad_agreement():
    assert decide_broadly(Answers(11, 12)) == "shown"
    assert decide_broadly(Answers(6, 6)) == "ask_more", "twelve at least"
    assert decide_broadly(Answers(7, 12)) == "ask_more"
    assert decide_broadly(Answers(2, 12)) == "not_helpful"
    assert decide_broadly(Answers(14, 28)) == "no_agreement"


def test_who_rated_a_note_is_drawn_only_where_few_others_are():
    side = range(20)
    assert may_be_asked(side, rated=range(8), barred=()) == list(range(8, 20))
    assert may_be_asked(side, rated=range(9), barred=()) == list(range(20))
    assert may_be_asked(side, rated=(), barred=[3, 4]) == [0, 1, 2, *range(5, 20)]


def test_who_was_asked_least_is_drawn_first_and_the_rest_by_chance():
    asked = {1: 2, 2: 0, 3: 1, 4: 0, 5: 0}
    many = [drawn([1, 2, 3, 4, 5], asked, 2, Random(seed)) for seed in range(40)]
    assert {rater for pair in many for rater in pair} == {2, 4, 5}
    assert drawn([1, 2], {}, 5, Random(1)) in ([1, 2], [2, 1])


def test_more_are_asked_than_answer():
    assert seats_for(6, 0.7) == 9
    assert seats_for(6, 0) == 60
