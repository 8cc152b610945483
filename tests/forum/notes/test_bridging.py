"""The fit (B4, and the worked example of B6)."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.forum.notes import bridging
from rostra.forum.notes.bridging import Penalties, Ratings, eligible, fit, place_note, predicted
from tests.forum.notes.pieces import joined, some, worked_example

EXPECTED = {
    Penalties(): {
        "mu": 0.230119,
        "loss": 0.07379813,
        "note_intercepts": [0.48611, 0.18551, 0.16617, 0.11949, -0.2614, 0.40869],
        "note_factors": [0.05257, -0.77969, 0.87056, -0.83839, 0.05019, -0.02166],
        "rater_intercepts": [
            0.12529, 0.15581, 0.27222, 0.06919, 0.08785, 0.11457, 0.07405, 0.19305, 0.01254,
        ],
        "rater_factors": [
            -0.52596, -0.51945, -0.29868, -0.49663, -0.53396, 0.51707, 0.50842, 0.37874, 0.48756,
        ],
    },
    Penalties(raters=48 / 9, notes=8.0): {  # as dense as X would take these ratings to be
        "mu": 0.181534,
        "loss": 0.05741365,
        "note_intercepts": [0.49332, 0.17847, 0.166, 0.11347, -0.27663, 0.41456],
    },
}  # fmt: skip
TOLERANCE = 1e-4


@pytest.mark.parametrize("penalties", EXPECTED, ids=["ours", "of X"])
def test_the_worked_example(penalties):
    found = fit(worked_example(), penalties)
    for name, expected in EXPECTED[penalties].items():
        assert getattr(found, name) == pytest.approx(expected, abs=TOLERANCE), name


def test_one_more_rating_of_a_note_is_one_solve():
    """The raters stand where they are; rater 5 is counted a second time on purpose."""
    ratings = worked_example()
    found = fit(ratings)
    own = Ratings(*(column[ratings.note == 1] for column in ratings))
    intercept, factor = place_note(joined(own, some([(5, 1, 1.0)])), found)
    assert (intercept, factor) == pytest.approx((0.26091, -0.6098), abs=TOLERANCE)
    same = joined(own, some([(5, 1, 1.0), (99, 1, 0.0)]))  # nobody knows rater 99
    assert place_note(same, found) == pytest.approx((intercept, factor), abs=1e-12)


def test_what_is_fitted_is_near_what_was_said():
    ratings = worked_example()
    error = predicted(fit(ratings), ratings) - ratings.value
    assert np.sqrt((error**2).mean()) < 0.2


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_neither_order_nor_names_of_rows_matter(seed):
    """Permuting rows, and giving raters and notes other ids, changes no number beyond rounding."""
    ratings = worked_example()
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(ratings.value))
    raters, notes = chance.permutation(100)[:9], chance.permutation(100)[:6]
    other = Ratings(raters[ratings.rater[order]], notes[ratings.note[order]], ratings.value[order])
    one, two = fit(ratings), fit(other)
    back = np.searchsorted(two.notes, notes)
    assert two.note_intercepts[back] == pytest.approx(one.note_intercepts, abs=TOLERANCE)
    back = np.searchsorted(two.raters, raters)
    assert two.rater_factors[back] == pytest.approx(one.rater_factors, abs=TOLERANCE)


def test_the_same_ratings_give_the_same_bits():
    one, two = fit(worked_example()), fit(worked_example())
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_the_larger_group_is_negative_and_signs_go_on():
    ratings = worked_example()
    found = fit(ratings)
    assert (found.rater_factors < 0).sum() == 5
    turned = found._replace(rater_factors=-found.rater_factors, note_factors=-found.note_factors)
    again = fit(ratings, before=turned)
    assert (again.rater_factors < 0).sum() == 4
    assert again.note_intercepts == pytest.approx(found.note_intercepts, abs=TOLERANCE)


def test_going_on_from_a_run_ends_where_a_new_one_does():
    ratings = worked_example()
    before = fit(Ratings(*(column[:40] for column in ratings)))
    assert fit(ratings, before=before).loss == pytest.approx(fit(ratings).loss, abs=1e-7)


def test_the_loss_never_rises(monkeypatch):
    """Each step is checked as it is made: a solve that is wrong is an error, not a number."""
    fit(worked_example())
    true = bridging._solve

    def wrong(*words):
        found = true(*words)
        return found._replace(cost=found.cost + len(calls.append(1) or calls))

    calls: list[int] = []
    monkeypatch.setattr(bridging, "_solve", wrong)
    with pytest.raises(ArithmeticError, match="rose"):
        fit(worked_example())


def test_few_ratings_do_not_count():
    ratings = worked_example()
    few = some([(1, 77, 1.0), (2, 77, 1.0), (50, 0, 1.0), (50, 1, 1.0)])
    assert len(eligible(joined(ratings, few)).value) == len(ratings.value)
    assert len(eligible(few).value) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 8), st.integers(0, 8)),
        st.sampled_from([0.0, 0.5, 1.0]),
        min_size=1,
    )
)
def test_any_ratings_have_a_fit(table):
    found = fit(some([(rater, note, value) for (rater, note), value in table.items()]))
    assert np.isfinite(found.loss)
    assert all(np.isfinite(column).all() for column in found if isinstance(column, np.ndarray))


def test_the_published_vectors(test_data):
    """The suite's own numbers, both sets of penalties."""
    vectors = json.loads((test_data / "suites" / "notes" / "vectors.json").read_text())
    columns = list(zip(*vectors["ratings"], strict=True))
    ratings = Ratings(
        np.array(columns[0], np.int64), np.array(columns[1], np.int64), np.array(columns[2])
    )
    for name in ("x_density_rho", "rostra_rho10"):
        expected = vectors[name]
        found = fit(ratings, Penalties(expected["rho_u"], expected["rho_n"]))
        told = {
            "mu": found.mu, "loss": found.loss,
            "i_n": found.note_intercepts, "f_n": found.note_factors,
            "i_u": found.rater_intercepts, "f_u": found.rater_factors,
        }  # fmt: skip
        for key, value in told.items():
            assert value == pytest.approx(expected[key], abs=TOLERANCE), (name, key)
