"""Who is told for which reason, by which way, and when a letter goes: by table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.effects.notifications.rules import (
    KINDS,
    REASONS,
    Ways,
    best_reasons,
    bounces_now,
    is_digest_due,
    ways_of,
    when_to_mail,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(REASONS), st.sets(st.integers(1, 9))))
def test_everybody_is_told_once_for_the_best_reason(candidates):
    found = best_reasons(candidates)
    assert set(found) == set().union(*candidates.values())
    for member_id, kind in found.items():
        assert member_id in candidates[kind]
        better = REASONS[: REASONS.index(kind)]
        assert not any(member_id in candidates.get(reason, ()) for reason in better)


@pytest.mark.parametrize(
    ("chosen", "kind", "ways"),
    [
        (None, "mention", Ways(site=True, mail=True)),
        (None, "reaction", Ways(site=True, mail=False)),
        ({"mention": []}, "mention", Ways(site=False, mail=False)),
        ({"mention": ["mail"]}, "mention", Ways(site=False, mail=True)),
        ({"mention": []}, "quote", KINDS["quote"]),
    ],
)
def test_the_ways_one_chose(chosen, kind, ways):
    assert ways_of(chosen, kind) == ways


@pytest.mark.parametrize(
    ("minutes_ago", "is_reading", "waits"),
    [(10, False, False), (10, True, True), (59, True, True), (60, True, False), (90, True, False)],
)
def test_a_letter_waits_while_one_reads_and_not_for_ever(minutes_ago, is_reading, waits):
    told = NOW - timedelta(minutes=minutes_ago)
    later = when_to_mail(told, NOW, is_reading=is_reading)
    assert (later is not None) == waits
    assert later is None or later > NOW


@pytest.mark.parametrize(
    ("before", "days_ago", "points", "total"),
    [(0, None, 2, 2), (2, 1, 2, 4), (3, 29, 1, 4), (3, 31, 1, 1)],
)
def test_letters_that_come_back_add_up_for_thirty_days(before, days_ago, points, total):
    last = None if days_ago is None else NOW - timedelta(days=days_ago)
    assert bounces_now(before, last, NOW, points) == total


@pytest.mark.parametrize(
    ("last", "unanswered", "seen", "is_due"),
    [
        (None, 0, None, True),
        (None, 0, 8, True),
        (None, 0, 2, False),  # they come by anyway
        (6, 1, 20, False),
        (7, 1, 20, True),
        (7, 3, 20, True),
        (7, 4, 60, False),  # four brought nobody back
        (21, 4, 14, True),  # but then they came
    ],
)
def test_the_letter_of_the_week(last, unanswered, seen, is_due):
    def ago(days):
        return None if days is None else NOW - timedelta(days=days)

    assert is_digest_due(ago(last), unanswered, ago(seen), NOW) == is_due
