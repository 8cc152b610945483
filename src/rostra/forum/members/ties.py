"""Following and ignoring other members."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from rostra.forum.members.events import MemberFollowed
from rostra.forum.members.models import Member, Tie
from rostra.forum.members.turns import take_turn
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.events import emit

MOST = 1000


@transaction.atomic
def set_tie(member_id: int, other_id: int, kind: str) -> None:
    """Follow or ignore another member, or neither (""); emits MemberFollowed.

    The same again changes nothing. Raises NotFound, Invalid; Refused for one too many.
    """
    if kind and kind not in Tie.Kind:
        raise Invalid({"kind": "not_a_choice"})
    if other_id == member_id:
        raise Refused("not_yourself")
    if not Member.objects.filter(id=other_id).exists():
        raise NotFound
    take_turn(member_id)
    was = Tie.objects.filter(member_id=member_id, other_id=other_id).first()
    if (was.kind if was is not None else "") == kind:
        return
    if was is not None:
        was.delete()
    if not kind:
        return
    if Tie.objects.filter(member_id=member_id, kind=kind).count() >= MOST:
        raise Refused("too_many_ties")
    Tie.objects.create(member_id=member_id, other_id=other_id, kind=kind, at=clock.now())
    if kind == Tie.Kind.FOLLOW:
        emit(MemberFollowed(member_id=other_id, by_id=member_id))


def ties_of(member_id: int) -> dict[str, list[tuple[int, str, str]]]:
    """Return whom a member follows and ignores: kind → (id, name, avatar) by name. One query."""
    found = Tie.objects.filter(member_id=member_id).order_by("other__name", "other_id")
    lists: dict[str, list[tuple[int, str, str]]] = {kind.value: [] for kind in Tie.Kind}
    fields = ("kind", "other_id", "other__name", "other__avatar")
    for kind, other_id, name, avatar in found.values_list(*fields):
        lists[kind].append((other_id, name, avatar))
    return lists


def followers_of(member_id: int) -> Collection[int]:
    """Return who follows a member. One query."""
    found = Tie.objects.filter(other_id=member_id, kind=Tie.Kind.FOLLOW)
    return list(found.values_list("member_id", flat=True))


def ignoring(
    member_ids: Collection[int], others: Collection[int]
) -> frozenset[tuple[int, int | None]]:
    """Return which of some members ignore which of some others: (member, other). One query."""
    found = Tie.objects.filter(
        kind=Tie.Kind.IGNORE, member_id__in=list(member_ids), other_id__in=list(others)
    )
    return frozenset(found.values_list("member_id", "other_id"))
