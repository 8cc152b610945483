"""Finding members by how their names begin."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import QuerySet

from rostra.forum.members.models import Member
from rostra.forum.members.names import name_key
from rostra.kernel import dialect

LAST = "\U0010ffff"


class MemberName(NamedTuple):
    """Who somebody is, in short."""

    id: int
    name: str


def named_like(text: str, limit: int) -> list[MemberName]:
    """Return members whose names begin like this, however it is spelled. One query, by index."""
    key = name_key(text[:60])
    if not key:
        return []
    rows = _beginning_with(key).order_by("name_key").values_list("id", "name")
    return [MemberName(*row) for row in rows[:limit]]


def _beginning_with(key: str) -> QuerySet[Member]:
    if dialect.current() == "sqlite":
        # LIKE has no use of the index here; keys are compared by their letters.
        return Member.objects.filter(name_key__gte=key, name_key__lt=key + LAST)
    return Member.objects.filter(name_key__startswith=key)
