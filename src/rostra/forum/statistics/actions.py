"""Counting once a day, so that no page has to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

from django.db import transaction

from rostra.forum.boards.queries import whole_tree
from rostra.forum.members import queries as members
from rostra.forum.members.sessions import members_seen
from rostra.forum.statistics.models import Day
from rostra.forum.threads.queries import board_counts
from rostra.kernel import clock
from rostra.kernel.jobs import every


@every(timedelta(days=1))
def count_day() -> None:
    """Keep the numbers of the day that has just ended (UTC). May be run twice."""
    day = clock.now().astimezone(UTC).date() - timedelta(days=1)
    begun = datetime.combine(day, time_of_day(), UTC)
    counts = board_counts(list(whole_tree().rows)).values()
    numbers = {
        "members": members.count(),
        "threads": sum(one.thread_count for one in counts),
        "posts": sum(one.post_count for one in counts),
        "active_day": members_seen(begun),
        "active_week": members_seen(begun - timedelta(days=6)),
        "active_month": members_seen(begun - timedelta(days=29)),
    }
    with transaction.atomic():
        Day.objects.update_or_create(day=day, defaults=numbers)
