"""What appeals came to, in numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from rostra.forum.appeals.models import Appeal


class Decided(NamedTuple):
    """An appeal that was decided: against which entry, how, after how long."""

    log_n: int
    outcome: str
    waited: timedelta
    is_by_same_person: bool


def filed_between(since: datetime, until: datetime) -> int:
    """Return how many appeals were filed in a time. One query."""
    return Appeal.objects.filter(at__gte=since, at__lt=until).count()


def decided_between(since: datetime, until: datetime) -> list[Decided]:
    """Return the appeals that were decided in a time. One query."""
    found = Appeal.objects.filter(decided_at__gte=since, decided_at__lt=until)
    rows = found.order_by("log_n").values_list(
        "log_n", "state", "at", "decided_at", "is_by_same_person"
    )
    return [
        Decided(n, state, done - filed, same)
        for n, state, filed, done, same in rows
        if done is not None
    ]
