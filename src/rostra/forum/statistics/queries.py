"""Reading what was counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from rostra.forum.statistics.models import Day
from rostra.kernel import clock

SHOWN = timedelta(days=366)


class DayRow(NamedTuple):
    """A day's numbers."""

    day: date
    members: int
    threads: int
    posts: int
    active_day: int
    active_week: int
    active_month: int


def last_year() -> list[DayRow]:
    """Return the days of the last year that were counted, the earliest first. One query."""
    found = Day.objects.filter(day__gt=clock.now().date() - SHOWN).order_by("day")
    return [DayRow(*row) for row in found.values_list(*DayRow._fields)]
