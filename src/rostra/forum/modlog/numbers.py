"""What the log says in numbers: how many acts of which kind, under which rule, by whom."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count
from django.db.models.fields.json import KT

from rostra.forum.modlog.models import LogEntry


class Acts(NamedTuple):
    """So many acts alike."""

    kind: str
    rule: str
    origin: str
    role: str
    by: int | None  # the number that stands for who acted
    number: int
    taken_back: int  # of these


def acts_between(since: datetime, until: datetime) -> list[Acts]:
    """Return the acts of a time, alike ones together. Two queries, over that time's entries."""
    among = LogEntry.objects.filter(at__gte=since, at__lt=until)
    alike = ("kind", "rule", "origin", "role", "by")
    named = among.annotate(origin=KT("public__origin"), role=KT("public__role"))
    counted = named.values_list(*alike).annotate(count=Count("n")).order_by(*alike)
    undone = LogEntry.objects.filter(reverts__isnull=False).values("reverts")
    gone = named.filter(n__in=undone).values_list(*alike).annotate(count=Count("n")).order_by()
    back = {row[:5]: row[5] for row in gone}
    return [Acts._make((*row, back.get(row[:5], 0))) for row in counted]


def counts_of(spans: list[tuple[datetime, datetime]]) -> list[int]:
    """Return how many acts there were in each of some times. One query each."""
    return [LogEntry.objects.filter(at__gte=a, at__lt=b).count() for a, b in spans]


def begun_at() -> datetime | None:
    """Return when the first entry was written; None for an empty log. One query."""
    return LogEntry.objects.order_by("n").values_list("at", flat=True).first()


def numbers_of(entries: list[int]) -> dict[int, int | None]:
    """Return the numbers that stand for who did these entries. One query."""
    return dict(LogEntry.objects.filter(n__in=entries).values_list("n", "by"))
