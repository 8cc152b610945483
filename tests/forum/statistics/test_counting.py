"""What is counted when a day has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rostra.forum.members.models import Member, Session
from rostra.forum.statistics import actions
from rostra.forum.statistics.models import Day
from rostra.forum.statistics.queries import last_year
from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch):
    """A minute after midnight."""
    moment = datetime(2026, 7, 15, 0, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def test_a_day_is_counted_once_however_often(cast, now):
    actions.count_day()
    before = Day.objects.get()
    assert (str(before.day), before.members) == ("2026-07-14", Member.objects.count())
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "One more.")
    actions.count_day()
    after = Day.objects.get()
    assert (after.posts, after.threads) == (before.posts + 1, before.threads)
    remove_post(cast.view(cast.mod), post.pk, "Insults a group of people.")
    actions.count_day()
    assert Day.objects.get().posts == before.posts


def test_members_are_active_for_as_long_as_they_were_here(cast, now):
    midnight = now.replace(minute=0)
    ages = {"quay": 1, "hill": 2, "mod": 7, "admin": 8, "newcomer": 31}
    for name, days in ages.items():
        for key in ("a", "b"):  # two browsers are one member
            Session.objects.create(
                session_key=f"{name}{key}", expire_date=now + timedelta(days=60),
                member=getattr(cast, name), seen_at=midnight - timedelta(days=days),
            )  # fmt: skip
    Session.objects.create(session_key="guest", expire_date=now, seen_at=now)
    actions.count_day()
    row = Day.objects.get()
    assert (row.active_day, row.active_week, row.active_month) == (1, 3, 4)


def test_no_more_than_a_year_is_read(now, django_assert_num_queries):
    numbers = dict.fromkeys(("members", "threads", "posts"), 1)
    active = dict.fromkeys(("active_day", "active_week", "active_month"), 0)
    Day.objects.bulk_create(
        Day(day=now.date() - timedelta(days=n), **numbers, **active) for n in range(1, 800)
    )
    with django_assert_num_queries(1):
        rows = last_year()
    assert len(rows) == 365 and rows == sorted(rows)
