"""The ladder and its limits, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from rostra.forum.threads.standing import (
    LIMITS,
    standing_of,
    wait_to_post,
    wait_to_react,
    wait_to_start,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "posts", "rung"),
    [
        (HOUR, 50, "new"),  # the first day is not over
        (2 * DAY, 2, "new"),  # the first posts do not stand
        (DAY, 3, "member"),
        (29 * DAY, 500, "member"),
        (30 * DAY, 19, "member"),
        (30 * DAY, 20, "trusted"),
        (None, 20, "trusted"),  # came with an import, long ago
        (None, 0, "new"),
    ],
)
def test_the_ladder(age, posts, rung):
    found = standing_of(NOW - age if age else None, posts, NOW)
    assert (found.rung, found.limits) == (rung, LIMITS[rung])


def test_a_newcomer_is_told_when_it_ends():
    joined = NOW - 5 * HOUR
    assert standing_of(joined, 1, NOW)[2:4] == (2, joined + DAY)
    assert standing_of(NOW - 9 * DAY, 1, NOW)[2:4] == (2, None)
    assert standing_of(NOW - 9 * DAY, 9, NOW)[2:4] == (0, None)


@pytest.mark.parametrize(
    ("rung", "ages", "reason", "ends_in"),
    [
        ("new", [29], "post_too_soon", 1),
        ("new", [30], None, None),
        ("member", [4], "post_too_soon", 1),
        ("member", [5], None, None),
        ("new", [40 * n for n in range(1, 10)], None, None),  # nine
        ("new", [40 * n for n in range(1, 11)], "replies_a_day", 86_400 - 400),
        ("new", [40, *[90_000] * 20], None, None),  # those of yesterday do not count
        ("member", [40 * n for n in range(1, 500)], None, None),
    ],
)
def test_replies(rung, ages, reason, ends_in):
    """ABU-001, 003: how long to wait is said to the second."""
    times = [NOW - timedelta(seconds=age) for age in ages]
    wait = wait_to_post(LIMITS[rung], times, NOW)
    assert (wait and wait.reason) == reason
    assert wait is None or wait.until == NOW + timedelta(seconds=ends_in)


@pytest.mark.parametrize(
    ("rung", "ages", "reason"),
    [
        ("new", [119], "thread_too_soon"),
        ("new", [120, 1000], None),
        ("new", [120, 1000, 2000], "threads_a_day"),
        ("member", [14], "thread_too_soon"),
        ("trusted", [60 * n for n in range(1, 21)], "threads_a_day"),
    ],
)
def test_threads(rung, ages, reason):
    wait = wait_to_start(LIMITS[rung], [NOW - timedelta(seconds=age) for age in ages], NOW)
    assert (wait and wait.reason) == reason


def test_reactions():
    times = [NOW - timedelta(minutes=n) for n in range(20)]
    assert wait_to_react(LIMITS["new"], times, NOW).reason == "reactions_a_day"
    assert wait_to_react(LIMITS["new"], times[:19], NOW) is None
    assert wait_to_react(LIMITS["member"], times, NOW) is None
