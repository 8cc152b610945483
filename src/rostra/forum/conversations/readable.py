"""The condition under which a message stands before a member, for queries over what holds some."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from rostra.forum.conversations.models import Seat


def seated(member_id: int) -> Q:
    """Return the condition, on seats, that it is this member's, who has not left."""
    return Q(member_id=member_id, left_at=None)


def in_sight(member_id: int, path: str) -> Q:
    """Return the condition that a member may read a message; `path`: the way to it."""
    seats = Seat.objects.filter(
        seated(member_id), conversation_id=OuterRef(f"{path}conversation_id")
    )
    return Q(Exists(seats), **{f"{path}withdrawn_at": None})
