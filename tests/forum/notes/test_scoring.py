"""A run over a file of ratings."""

from __future__ import annotations

import json

import pytest

from rostra.forum.notes.scoring import Unreadable, as_json, read_csv, run, turned
from tests.forum.notes.pieces import worked_example

HEAD = "note,rater,value,origin\n"


def as_csv(name=str):
    rows = zip(*(column.tolist() for column in worked_example()), strict=True)
    return [HEAD, *(f"{name(note)},{name(rater)},{value},self\n" for rater, note, value in rows)]


def test_a_run_by_the_names_of_its_file():
    named = read_csv(as_csv())
    told = as_json(run(named.ratings), named)
    assert told["mu"] == pytest.approx(0.230119, abs=1e-4)
    assert told["notes"]["0"]["i"] == pytest.approx(0.48611, abs=1e-4)
    assert told["raters"]["8"]["side"] == 1
    assert told["sides"] | {"low": 0, "high": 0, "explained": 0} == {
        "low": 0, "high": 0, "explained": 0, "negative": 5, "positive": 4, "unplaced": 0,
    }  # fmt: skip
    assert told["gates"]["are_met"] is False
    json.dumps(told, allow_nan=False)


def test_names_need_not_be_numbers():
    named = read_csv(as_csv(name=lambda number: f"n-{number}"))
    told = as_json(run(named.ratings), named)
    assert told["notes"]["n-0"]["i"] == pytest.approx(0.48611, abs=1e-4)


def test_sides_keep_their_sign_from_run_to_run_and_another_axis_is_noticed():
    found = run(worked_example())
    placed = dict(zip(found.fit.raters.tolist(), found.fit.rater_factors.tolist(), strict=True))
    same, correlation = turned(found, placed)
    assert (same, correlation) == (found, pytest.approx(1))
    other, correlation = turned(found, {rater: -factor for rater, factor in placed.items()})
    assert correlation == pytest.approx(1)
    assert other.placement.side.tolist() == (-found.placement.side).tolist()
    mixed = dict(zip(placed, [0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5], strict=True))
    assert turned(found, mixed)[1] < 0.9
    assert turned(found, {})[1] == 1


def test_too_few_ratings_are_no_run():
    assert run(read_csv([HEAD, "1,1,1,self\n"]).ratings) is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["rater,value\n"], "columns note, rater, value"),
        ([], "columns note, rater, value"),
        ([HEAD, "1,1,2,self\n"], "line 2: the value is '2'"),
        ([HEAD, "1,,1,self\n"], "line 2 lacks"),
        ([HEAD, "1,1,1,bot\n"], "line 2: the origin is 'bot'"),
        ([HEAD, "1,1,1,self\n", "1,1,0,self\n"], "line 3: rater 1 rates note 1 a second time"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(lines, said):
    with pytest.raises(Unreadable, match=said):
        read_csv(lines)
