"""What reports weigh, and when they hide a post by themselves. Pure (ABU-012)."""

from __future__ import annotations

import pytest

from rostra.forum.cases.rules import HIDES_AT, Vote, hides, reopens, weight_of

FULL = 100


def votes(*weights, hidden=0):
    return [Vote(n, weight, hidden) for n, weight in enumerate(weights, 1)]


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        (votes(FULL, FULL, FULL), True),
        (votes(150, 150), False),  # two, however trusted
        (votes(HIDES_AT * 10), False),  # one, whatever they weigh
        (votes(FULL, FULL, FULL - 1), False),
        (votes(*[25] * 11), False),
        (votes(*[25] * 12), True),
        (votes(150, 150, 0), False),  # the third counts for nothing
        ([Vote(1, FULL, 0)] * 5, False),  # one account, five times
        (votes(FULL, FULL, FULL, hidden=3), False),
        ([*votes(FULL, FULL, FULL), Vote(9, 500, 3)], True),
        ([*votes(FULL, FULL), Vote(9, 500, 3)], False),
        ([], False),
    ],
)
def test_when_a_post_is_hidden(given, hidden):
    assert hides(given, is_of_staff=False) is hidden
    assert hides(given, is_of_staff=True) is False


def test_who_was_right_weighs_more_than_who_was_not():
    assert weight_of("member", 0, 0) == 100
    assert weight_of("member", 10, 0) == 100, "nobody gains weight: one stays one"
    assert weight_of("member", 0, 2) == 50
    assert weight_of("member", 0, 18) == 10
    assert weight_of("new", 0, 0) * 3 < weight_of("member", 0, 0)
    assert weight_of("trusted", 50, 50) < weight_of("member", 9, 1)


@pytest.mark.parametrize(
    ("now", "rule", "opens"),
    [("a", "R1", False), ("b", "R1", True), ("a", "R2", True), ("b", "R2", True)],
)
def test_a_decided_case_opens_again_for_other_words_or_another_rule(now, rule, opens):
    assert reopens("a", now, {"R1"}, rule) is opens
