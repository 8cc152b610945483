"""The forum in numbers: a year of days that were counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rostra.forum.access.rules import may_manage_access
from rostra.forum.access.viewer import Viewer
from rostra.forum.statistics.queries import DayRow, last_year


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """days: all there are of a year. weeks: the last day of each, the latest first."""

    days: Sequence[DayRow]
    weeks: Sequence[DayRow]


def statistics_page(viewer: Viewer) -> StatisticsPage:
    """Gather the numbers of a year. One query; raises Refused."""
    may_manage_access(viewer).enforce()
    days = last_year()
    weeks = {row.day.isocalendar()[:2]: row for row in days}
    return StatisticsPage(days, list(weeks.values())[::-1])
