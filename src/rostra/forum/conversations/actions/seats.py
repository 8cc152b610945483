"""Conversations and seats locked for a change, and what stands beside the members' envelopes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import queries
from rostra.forum.conversations.models import Conversation, Message, Seat
from rostra.forum.conversations.readable import seated
from rostra.forum.members.actions import hold, set_unread_conversations
from rostra.forum.members.turns import take_turn
from rostra.kernel import rows
from rostra.kernel.errors import NotFound


def locked(viewer: Viewer, conversation_id: int) -> Conversation:
    """Return a conversation the viewer sits in, locked; it is their turn. Raises NotFound."""
    member_id = viewer.require_member()
    take_turn(member_id, viewer.limits_kept)
    conversation = rows.lock(Conversation, conversation_id)
    own = Seat.objects.filter(seated(member_id), conversation_id=conversation_id)
    if conversation is None or not own.exists():
        raise NotFound
    return conversation


def locked_message(viewer: Viewer, message_id: int) -> tuple[Conversation, Message]:
    """Return a message and its conversation, both locked; raises NotFound."""
    found = Message.objects.filter(id=message_id).values_list("conversation_id", flat=True).first()
    if found is None:
        raise NotFound
    conversation = locked(viewer, found)
    message = Message.objects.select_for_update(no_key=True).filter(id=message_id).first()
    if message is None:
        raise NotFound
    return conversation, message


def take_seats(
    conversation: Conversation, member_ids: Collection[int], by_id: int, now: datetime
) -> None:
    """Put members into a conversation, for whom all of it is unread."""
    Seat.objects.bulk_create(
        Seat(
            conversation=conversation, member_id=member_id, invited_by_id=by_id, joined_at=now,
            bumped_at=now,
        )
        for member_id in member_ids
    )  # fmt: skip


def count_unread(member_ids: Collection[int]) -> None:
    """Set what stands beside these members' envelopes right."""
    hold(member_ids)
    set_unread_conversations(queries.unread_counts(member_ids))
