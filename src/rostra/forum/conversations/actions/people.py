"""Who sits in a conversation, what they have read of it, and whom they let write to them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.actions import pace
from rostra.forum.conversations.actions.seats import count_unread, locked, take_seats
from rostra.forum.conversations.events import MemberLeft, MembersInvited
from rostra.forum.conversations.models import Conversation, Door, Report, Seat
from rostra.forum.conversations.readable import seated
from rostra.forum.conversations.rules import Unreached
from rostra.forum.conversations.standing import held_to
from rostra.forum.members.turns import take_turn
from rostra.forum.threads.actions.drafts import drop_draft
from rostra.kernel import clock, rows
from rostra.kernel.errors import Invalid
from rostra.kernel.events import emit
from rostra.kernel.jobs import enqueue, job


@transaction.atomic
def invite_members(viewer: Viewer, conversation_id: int, to: Collection[int]) -> None:
    """Ask members into a conversation, who may then read all of it; emits MembersInvited.

    Who sits there already changes nothing; who left is not asked again. Raises Invalid, Unreached,
    TooMany.
    """
    conversation = locked(viewer, conversation_id)
    member_id = viewer.require_member()
    people = {one.id: one for one in queries.people_in(conversation_id, member_id)}
    there = sum(not one.has_left for one in people.values())
    rules.may_invite(viewer, there).enforce()
    if not to:
        raise Invalid({"to": "nobody_named"})
    left = [people[one].name for one in to if one in people and people[one].has_left]
    if left:
        raise Unreached("who_left", left)
    fresh = sorted(set(to) - set(people))
    ever = len(people) + len(fresh)
    if there + len(fresh) > rules.MOST_SEATS or ever > rules.MOST_EVER:
        raise Invalid({"to": "too_many_recipients"})
    if not fresh:
        return
    held = held_to(viewer)
    pace.may_reach(viewer, fresh, held)
    pace.may_ask_now(viewer, held, len(fresh))
    take_seats(conversation, fresh, member_id, clock.now())
    count_unread(fresh)
    emit(MembersInvited(conversation_id=conversation.pk, member_ids=tuple(fresh), by_id=member_id))


@transaction.atomic
def leave_conversation(viewer: Viewer, conversation_id: int) -> None:
    """Leave a conversation, and see nothing of it any more; emits MemberLeft."""
    locked(viewer, conversation_id)
    member_id = viewer.require_member()
    Seat.objects.filter(conversation_id=conversation_id, member_id=member_id).update(
        left_at=clock.now(), is_unread=False
    )
    drop_draft(member_id, f"c{conversation_id}")
    count_unread([member_id])
    emit(MemberLeft(conversation_id=conversation_id, member_id=member_id))
    if not Seat.objects.filter(conversation_id=conversation_id, left_at=None).exists():
        enqueue(erase_if_empty, conversation_id=conversation_id)


@transaction.atomic
def note_read(viewer: Viewer, conversation_id: int, number: int) -> None:
    """Note up to which message the viewer was shown a conversation; never back."""
    member_id = viewer.require_member()
    own = Seat.objects.filter(seated(member_id), conversation_id=conversation_id)
    seat = own.select_for_update(no_key=True).select_related("conversation").first()
    if seat is None:
        return
    last = seat.conversation.last_number
    seat.read_number = max(seat.read_number, min(number, last))
    was_unread, seat.is_unread = seat.is_unread, seat.read_number < last
    seat.save(update_fields=["read_number", "is_unread"])
    if was_unread != seat.is_unread:
        count_unread([member_id])


@transaction.atomic
def mark_unread(viewer: Viewer, conversation_id: int) -> None:
    """Put a conversation among the unread again; what others know to be read stays so."""
    locked(viewer, conversation_id)
    member_id = viewer.require_member()
    Seat.objects.filter(conversation_id=conversation_id, member_id=member_id).update(is_unread=True)
    count_unread([member_id])


@transaction.atomic
def open_door(member_id: int, opens_to: str) -> None:
    """Choose who may write to a member; raises Invalid for what is no choice."""
    take_turn(member_id)
    if opens_to not in Door.To:
        raise Invalid({"opens_to": "not_a_choice"})
    Door.objects.update_or_create(member_id=member_id, defaults={"opens_to": opens_to})


@job
@transaction.atomic
def erase_if_empty(conversation_id: int) -> None:
    """Delete a conversation that everybody has left, unless a message of it is reported."""
    if rows.lock(Conversation, conversation_id) is None:
        return
    is_read = Seat.objects.filter(conversation_id=conversation_id, left_at=None).exists()
    is_reported = Report.objects.filter(message__conversation_id=conversation_id).exists()
    if not (is_read or is_reported):
        Conversation.objects.filter(id=conversation_id).delete()
