"""What reports came to, in numbers; who reported is in none of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count

from rostra.forum.cases.models import Case, Report


class Reports(NamedTuple):
    """So many reports under one rule with one outcome; "": it waits."""

    rule: str
    outcome: str
    number: int


def reports_between(since: datetime, until: datetime) -> list[Reports]:
    """Return the reports of a time, by rule and outcome. One query, over that time's reports."""
    among = Report.objects.filter(at__gte=since, at__lt=until)
    counted = among.values_list("rule", "outcome").annotate(count=Count("id"))
    return [Reports._make(row) for row in counted.order_by("rule", "outcome")]


def waits_between(since: datetime, until: datetime) -> list[timedelta]:
    """Return how long cases waited that were decided in a time. One query."""
    decided = Case.objects.filter(decided_at__gte=since, decided_at__lt=until)
    return [
        done - opened
        for opened, done in decided.values_list("opened_at", "decided_at")
        if done is not None
    ]


def waiting() -> int:
    """Return how many cases wait now. One query."""
    return Case.objects.filter(state__in=(Case.State.OPEN, Case.State.CLAIMED)).count()
