"""Points over time, steps, and what a limit may be: tables and properties, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.access.limits import Limit, as_kept, below, in_force, kept_in, without
from rostra.forum.access.viewer import Viewer
from rostra.forum.sanctions import rules
from rostra.forum.sanctions.rules import STEPS, Points, Wish
from rostra.forum.threads.standing import UNTRUSTED_FOR, standing_of
from rostra.kernel.errors import Invalid

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PARENTS = {1: None, 2: 1, 3: 2, 4: 1, 5: None}


def warning(points, at=0, days=30, n=1):
    return Points(n, points, NOW + at * DAY, NOW + (at + days) * DAY)


def test_all_points_of_a_warning_fall_off_together_on_its_day():
    given_ = [warning(2), warning(3, at=10, days=5)]
    table = [(-1, 0), (0, 2), (9, 2), (10, 5), (14, 5), (15, 2), (29, 2), (30, 0)]
    for day, points in table:
        assert rules.total(given_, NOW + day * DAY) == points, day


@pytest.mark.parametrize(
    ("before", "more", "steps"),
    [(0, 2, ()), (0, 3, (3,)), (2, 1, (3,)), (0, 5, (3, 5)), (4, 5, (5, 8)), (8, 4, ())],
)
def test_steps_are_crossed_upwards_once(before, more, steps):
    """By a warning that ends no later than what stands."""
    given_ = [warning(before, at=-1, days=90)] if before else []
    assert tuple(step.points for step in rules.led_to(given_, warning(more))) == steps


def test_what_lasts_while_points_count_lasts_for_longer_with_a_later_warning():
    """Three points until day 30, three more until day 50: the wait is over on day 50."""
    first, later = warning(3), warning(3, at=20)
    assert [step.points for step in rules.led_to([first], later)] == [3, 5]
    assert rules.ends_at(STEPS[0], [first, later], later.at) == NOW + 50 * DAY
    assert [step.points for step in rules.led_to([first], warning(1, at=20))] == []


def test_what_a_step_leads_to_ends_by_its_days_or_when_the_points_have_fallen():
    given_ = [warning(2), warning(2, at=3), warning(1, at=4, days=60)]
    at = NOW + 4 * DAY
    limit, read_only, suspend = STEPS
    assert rules.ends_at(limit, given_, at) == NOW + 33 * DAY, "on day 30 three are left"
    assert rules.ends_at(read_only, given_, at) == at + 3 * DAY
    assert rules.ends_at(suspend, given_, at) == at + 7 * DAY
    assert rules.within(suspend, 4).kind == "read_only"
    assert rules.within(suspend, None) == suspend


GIVEN = st.lists(
    st.builds(
        lambda points, at, days: warning(points, at, days),
        st.integers(1, 5), st.integers(0, 60), st.integers(1, 90),
    ),
    max_size=12,
)  # fmt: skip


@given(GIVEN, st.integers(0, 200), st.integers(1, 8))
def test_points_over_time(given_, day, step):
    at = NOW + day * DAY
    count = rules.total(given_, at)
    assert count == rules.total(list(reversed(given_)), at), "in any order"
    assert 0 <= count <= sum(one.points for one in given_)
    fewer = [one for one in given_ if one.at <= at]
    end = rules.falls_below(fewer, step, at)
    assert end >= at
    assert rules.total(fewer, end) < step
    if end > at:
        assert rules.total(fewer, end - timedelta(seconds=1)) >= step
    for one in given_:  # taking one back founds nothing anew
        left = [other for other in given_ if other is not one]
        assert rules.is_founded(step, given_, at) or not rules.is_founded(step, left, at)


@given(st.integers(0, 20), st.integers(1, 5))
def test_one_warning_after_another_crosses_what_one_of_all_points_would(before, more):
    given_ = [warning(1, at=-1, days=99) for _ in range(before)]
    at_once = rules.led_to(given_, warning(more))
    one_by_one = []
    for _ in range(more):
        one_by_one += rules.led_to(given_, warning(1))
        given_.append(warning(1))
    assert {step.points for step in at_once} == {step.points for step in one_by_one}


@pytest.mark.parametrize(
    ("wish", "wrong"),
    [
        (Wish("limit", 3, verbs=("reply",)), {}),
        (Wish("limit", 3), {"verbs": "limit_of_nothing"}),
        (Wish("limit", 3, verbs=("fly",)), {"verbs": "not_a_choice"}),
        (Wish("limit", 3, verbs=("messages",), board_id=1), {"verbs": "verbs_of_no_board"}),
        (Wish("limit", None, a_day=0), {"days": "end_missing", "a_day": "a_day_number"}),
        (Wish("limit", 3, wait=0), {"wait": "wait_number"}),
        (Wish("limit", is_endless=True, a_day=2), {}),
        (Wish("read_only", 0), {"days": "end_missing"}),
        (Wish("read_only", 4000), {"days": "end_missing"}),
        (Wish("discourage", 3), {"kind": "not_a_choice"}),
        (Wish("limit", 3, thread_id=9), {}),
    ],
)
def test_what_a_limit_may_be(wish, wrong):
    if wrong:
        with pytest.raises(Invalid) as caught:
            rules.checked(wish)
        assert caught.value.fields == wrong
    else:
        assert rules.checked(wish).kind == wish.kind


def test_a_ban_has_no_end_and_no_board_and_a_ban_from_a_thread_is_of_replies():
    assert rules.checked(Wish("ban", 3, board_id=4)) == Wish("ban", is_endless=True)
    assert rules.checked(Wish("suspend", 3, board_id=4)).board_id is None
    assert rules.checked(Wish("limit", 3, ("start",), thread_id=9)).verbs == ("reply",)


LIMITS = st.builds(
    Limit,
    n=st.integers(1, 10**9),
    kind=st.sampled_from(("limit", "read_only", "suspend", "ban")),
    until=st.none() | st.integers(-9, 9).map(lambda days: NOW + days * DAY),
    rule=st.just("R2"),
    verbs=st.lists(st.sampled_from(("start", "reply", "react")), unique=True).map(tuple),
    board_id=st.none() | st.sampled_from(sorted(PARENTS)),
    thread_id=st.none() | st.integers(1, 5),
    a_day=st.none() | st.integers(1, 9),
    wait=st.none() | st.integers(1, 9),
)  # fmt: skip


@given(st.lists(LIMITS, max_size=5, unique_by=lambda one: one.n))
def test_what_is_kept_is_what_was_set_and_takes_exactly_that(limits):
    text = as_kept(limits)
    assert sorted(kept_in(text)) == sorted(limits)
    holding = in_force(text, NOW, PARENTS)
    assert {one.limit.n for one in holding} == {one.n for one in limits if one.holds(NOW)}
    every = frozenset(PARENTS)
    verbs = ("see", "read", "start", "reply", "react", "attach", "moderate")
    left = without(dict.fromkeys(verbs, every), holding)
    for verb in verbs:
        for board in PARENTS:
            taken = any(
                (verb in one.limit.taken or (verb == "moderate" and one.limit.kind == "read_only"))
                and one.limit.thread_id is None
                and (one.limit.board_id is None or board in below(one.limit.board_id, PARENTS))
                for one in holding
            )
            assert (board in left[verb]) is not taken
    assert left["read"] == every, "reading is never taken"


def test_below_is_a_board_with_all_that_lies_in_it():
    assert below(1, PARENTS) == {1, 2, 3, 4}
    assert below(3, PARENTS) == {3}


MOD = Viewer(member_id=1, grants={"moderate": frozenset({1})})
ALL = Viewer(member_id=1, capabilities=frozenset({"sanction_members"}))


@pytest.mark.parametrize(
    ("viewer", "board", "rank", "theirs", "reason"),
    [
        (Viewer(), 1, 0, 0, "log_in_first"),
        (Viewer(member_id=1), 1, 0, 0, "not_a_moderator"),
        (MOD, 1, 1, 0, ""),
        (MOD, 2, 1, 0, "not_a_moderator_here"),
        (MOD, None, 1, 0, "not_for_everywhere"),
        (ALL, None, 1, 0, ""),
        (ALL, None, 1, 1, "above_your_rank"),
        (ALL, None, 1, 2, "above_your_rank"),
        (ALL, None, 2, 1, ""),
    ],
)
def test_who_may_sanction_whom(viewer, board, rank, theirs, reason):
    """SEC-062, SEC-065: in one's boards alone, and nobody of one's own rank or above."""
    assert rules.may_sanction(viewer, 7, board, rank=rank, theirs=theirs).reason == reason


def test_nobody_sanctions_themselves():
    assert rules.may_sanction(MOD, 1, 1, rank=2, theirs=0).reason == "own_case"


@pytest.mark.parametrize(
    ("ago", "rung"), [(None, "trusted"), (timedelta(1), "member"), (UNTRUSTED_FOR, "trusted")]
)
def test_trust_is_lost_for_ninety_days(ago, rung):
    at = NOW - ago if ago is not None else None
    stands = standing_of(NOW - timedelta(days=400), 99, NOW, at)
    assert stands.rung == rung
    assert (stands.trust_at is None) is (rung == "trusted")
