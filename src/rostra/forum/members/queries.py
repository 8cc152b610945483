"""Reading members and groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from rostra.forum.members.models import Group, Member, Membership
from rostra.forum.members.names import name_key
from rostra.forum.members.sessions import SessionStore
from rostra.kernel import clock, dialect
from rostra.kernel.errors import NotFound


class AccountRow(NamedTuple):
    """What a request needs to know of the member who makes it."""

    id: int
    name: str
    suspended_until: datetime | None
    per_page: int
    language: str
    group_ids: frozenset[int]  # the chosen groups


class MemberCard(NamedTuple):
    """What is shown beside a post."""

    id: int
    name: str
    title: str
    joined_at: datetime | None


class GroupRow(NamedTuple):
    """A group with what its people may do beyond boards."""

    id: int
    name: str
    kind: str
    capabilities: list[str]


def account_of(session_key: str) -> AccountRow | None:
    """Return the member signed in by a session, None where it does not hold. One query.

    It holds while it has not run out, the account is active and its password is the one it was
    begun with.
    """
    found = dialect.recall(_ACCOUNT, [session_key])
    if not found:
        return None
    data, until, password, is_active, *facts, _ = found[0]
    member_id, password_hash = _begun(data)
    if until <= clock.now() or not is_active or member_id != facts[0]:
        return None
    if not constant_time_compare(password_hash, _hash_of(password)):
        return None
    groups_of = frozenset(row[-1] for row in found if row[-1] is not None)
    return AccountRow._make((*facts, groups_of))


def account_for(member_id: int) -> AccountRow:
    """Return what a request of this member's would know of them; raises NotFound. Two queries."""
    fields = AccountRow._fields[:-1]
    found = Member.objects.filter(id=member_id).values_list(*fields).first()
    if found is None:
        raise NotFound
    return AccountRow._make((*found, frozenset(group_ids_of(member_id))))


def cards(member_ids: Iterable[int | None]) -> dict[int, MemberCard]:
    """Return the cards of these members by id. One query; none for nobody."""
    wanted = {member_id for member_id in member_ids if member_id is not None}
    if not wanted:
        return {}
    rows = Member.objects.filter(id__in=wanted).values_list(*MemberCard._fields)
    return {row[0]: MemberCard(*row) for row in rows}


def card_of(member_id: int) -> MemberCard:
    """Return one member's card; raises NotFound."""
    found = cards([member_id])
    if member_id not in found:
        raise NotFound
    return found[member_id]


def listed(
    *, after: tuple[str, int] | None, before: tuple[str, int] | None, limit: int
) -> list[MemberCard]:
    """Return members by name, beyond a (name, id) in either direction. One query."""
    found = Member.objects.all()
    fields = MemberCard._fields
    if before is not None:
        name, member_id = before
        rows = found.filter(name__lte=name).exclude(name=name, id__gte=member_id)
        page = list(rows.order_by("-name", "-id").values_list(*fields)[:limit])[::-1]
    else:
        rows = found
        if after is not None:
            name, member_id = after
            rows = found.filter(name__gte=name).exclude(name=name, id__lte=member_id)
        page = list(rows.order_by("name", "id").values_list(*fields)[:limit])
    return [MemberCard(*row) for row in page]


def ids_by_name(candidates: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return candidate → (id, name) for those that are members' names. One query; none for none."""
    keys: dict[str, list[str]] = {}
    for candidate in candidates:
        keys.setdefault(name_key(candidate), []).append(candidate)
    keys.pop("", None)
    if not keys:
        return {}
    rows = Member.objects.filter(name_key__in=keys).values_list("name_key", "id", "name")
    return {
        candidate: (member_id, name) for key, member_id, name in rows for candidate in keys[key]
    }


def id_of_name(name: str) -> int:
    """Return the id of the member of this name; raises NotFound."""
    found = ids_by_name([name])
    if name not in found:
        raise NotFound
    return found[name][0]


def groups() -> list[GroupRow]:
    """Return all groups. One query."""
    return [GroupRow(*row) for row in Group.objects.order_by("id").values_list(*GroupRow._fields)]


def group_ids_of(member_id: int) -> Collection[int]:
    """Return the chosen groups a member is in. One query."""
    return list(Membership.objects.filter(member_id=member_id).values_list("group_id", flat=True))


def count() -> int:
    """Return how many members there are."""
    return Member.objects.count()


@lru_cache(maxsize=1024)
def _begun(session_data: str) -> tuple[int, str]:
    """Return whom a session was begun for and the hash of their password then."""
    data = SessionStore().decode(session_data)
    return int(data.get(SESSION_KEY, 0)), str(data.get(HASH_SESSION_KEY, ""))


@lru_cache(maxsize=1024)
def _hash_of(password: str) -> str:
    return Member(password=password).get_session_auth_hash()


_ACCOUNT = """
SELECT s.session_data, s.expire_date, m.password, m.is_active,
       m.id, m.name, m.suspended_until, m.per_page, m.language, g.group_id
FROM members_session s
JOIN members_member m ON m.id = s.member_id
LEFT JOIN members_membership g ON g.member_id = m.id
WHERE s.session_key = %s
"""
