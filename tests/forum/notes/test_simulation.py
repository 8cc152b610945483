"""Notes in invented forums (B7, B9, SEC-122): bounds, not figures; `python -m bench.notes` has those."""

from __future__ import annotations

import pytest
from bench.notes import forums, invent, play, pushing, refusing, sleeping

SEEDS = range(10_000, 10_010)
FEW = range(10_000, 10_004)


@pytest.fixture(scope="module")
def at_peace():
    return forums(150, 0.4, FEW)


def test_what_both_sides_like_is_shown_and_what_one_likes_is_not():
    found = forums(100, 0.3, SEEDS)
    assert found.precision >= 0.80
    assert found.recall >= 0.50
    assert found.partisan_shown <= 0.03


def test_small_panels_of_a_small_side():
    """DECISIONS 27: fifteen of a side are enough, who rated a note before is drawn where few are left."""
    found = forums(50, 0.3, SEEDS)
    assert found.precision >= 0.80
    assert found.partisan_shown <= 0.03


def test_below_the_gates_nothing_is_decided():
    world = invent(1, 20, 0.5)
    found = play(world, 1)
    assert not found.gates.are_met
    assert set(found.decided) == {"proposed"}


def test_a_brigade_that_rates_first_decides_nothing(at_peace):
    """SEC-122: fifty of one side rate all that pleases it; their ratings place, they do not decide."""
    found = forums(150, 0.4, FEW, pushing(50, rate_first=True))
    assert found.partisan_shown <= max(0.01, at_peace.partisan_shown)


def test_a_rating_of_ones_own_accord_changes_no_panel():
    """Between panels that say the same, self ratings may add what they like."""
    world = invent(7, 150, 0.4)
    plain, pushed = play(world, 7), play(world, 7, pushing(30, rate_first=True)(world))
    gained = [
        note
        for note, (was, now) in enumerate(zip(plain.shown, pushed.shown, strict=True))
        if now and not was and world.kind[note] == "partisan"
    ]
    assert gained == []


@pytest.mark.parametrize(("share", "most"), [(0.09, 0.03), (0.20, 0.10)])
def test_patient_sleepers_win_little(share, most):
    """SEC-122: a part of a side, placed there, that helps the other's notes whenever it is drawn."""
    assert forums(150, 0.4, FEW, sleeping(share)).partisan_shown <= most


def test_who_refuses_every_note_suppresses_some_and_shows_none(at_peace):
    found = forums(150, 0.4, FEW, refusing(0.09))
    assert found.recall >= at_peace.recall - 0.20
    assert found.partisan_shown <= 0.03
