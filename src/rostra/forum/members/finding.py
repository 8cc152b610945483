"""Finding members by how their names begin: to mention them, and for who sees to accounts."""

from __future__ import annotations

from datetime import datetime
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


class AccountLine(NamedTuple):
    """An account in the list of those who see to accounts. key: by which the list goes on."""

    id: int
    name: str
    key: str
    joined_at: datetime | None
    is_active: bool
    is_claimed: bool  # somebody can sign in to it
    suspended_until: datetime | None
    limits: str  # as forum.access.limits has it
    avatar: str  # key of their picture, "" for none


def account_lines(beginning: str, *, after: str = "", limit: int) -> list[AccountLine]:
    """Return accounts by name, beyond a key, whose names begin like this. One query, by index.

    beginning: "" for all; one that no name can have finds none.
    """
    key = name_key(beginning[:60])
    if beginning and not key:
        return []
    found = _beginning_with(key) if key else Member.objects.all()
    return _lines(found.filter(name_key__gt=after).order_by("name_key")[:limit])


def account_line(member_id: int) -> AccountLine | None:
    """Return one account as the list has it, None where there is none. One query."""
    return next(iter(_lines(Member.objects.filter(id=member_id))), None)


def _lines(found: QuerySet[Member]) -> list[AccountLine]:
    fields = [name if name != "key" else "name_key" for name in AccountLine._fields]
    return [AccountLine(*row) for row in found.values_list(*fields)]


def _beginning_with(key: str) -> QuerySet[Member]:
    if dialect.current() == "sqlite":
        # LIKE has no use of the index here; keys are compared by their letters.
        return Member.objects.filter(name_key__gte=key, name_key__lt=key + LAST)
    return Member.objects.filter(name_key__startswith=key)
