"""What stands on members' rows of their sanctions must be what the tables say."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from rostra.forum.access.limits import as_kept, kept_in
from rostra.forum.members.actions import keep_sanctions
from rostra.forum.members.models import Member
from rostra.forum.members.queries import KeptSanctions
from rostra.forum.sanctions.models import Limited, Warned
from rostra.forum.sanctions.queries import kept_of
from rostra.kernel import clock

PAGE = 500
SHOWN = 5


def examine(*, repair: bool) -> tuple[int, tuple[str, ...], bool] | None:
    """Return how many members' rows differ, some of them, and whether that is mended; or None."""
    if not (wrong := differing()):
        return None
    if repair:
        mend(wrong)
    shown = tuple(f"member {member_id}" for member_id in wrong[:SHOWN])
    return len(wrong), shown, repair and not differing()


def differing() -> list[int]:
    """Return the members whose rows say something else; what has ended since may stand there."""
    return [
        member.pk
        for page in _pages()
        for kept in (kept_of([member.pk for member in page]),)
        for member in page
        if not _is_right(member, kept[member.pk])
    ]


def mend(member_ids: list[int]) -> None:
    """Write these members' rows anew."""
    for at in range(0, len(member_ids), PAGE):
        for member_id, kept in kept_of(member_ids[at : at + PAGE]).items():
            keep_sanctions(member_id, kept)


def _pages() -> Iterator[list[Member]]:
    """Yield the members who are or should be marked as sanctioned, in short reads."""
    own = [Exists(table.objects.filter(member_id=OuterRef("id"))) for table in (Limited, Warned)]
    found = Member.objects.filter(
        ~Q(limits="") | Q(sanctioned_at__isnull=False) | Q(own[0]) | Q(own[1])
    ).order_by("id")
    last = 0
    while page := list(found.filter(id__gt=last)[:PAGE]):
        yield page
        last = page[-1].pk


def _is_right(member: Member, kept: KeptSanctions) -> bool:
    now = clock.now()
    try:
        limits = as_kept(one for one in kept_in(member.limits) if one.holds(now))
    except (ValueError, TypeError, AttributeError):
        return False
    until = member.suspended_until
    current = until if until is not None and until > now else None
    return (limits, member.sanctioned_at) == (kept.limits, kept.sanctioned_at) and (
        not kept.is_suspended_here or current == kept.suspended_until
    )
