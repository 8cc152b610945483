"""Erasing what a member said in conversations, and their seat in them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from rostra.forum.conversations.actions.people import erase_if_empty
from rostra.forum.conversations.finding import TITLE
from rostra.forum.conversations.models import Conversation, Message, Seat, Word
from rostra.kernel import clock
from rostra.kernel.jobs import enqueue


@transaction.atomic
def erase_messages(member_id: int, limit: int) -> bool:
    """Empty some messages of a member's, which then look withdrawn; return whether more are."""
    theirs = Message.objects.filter(author_id=member_id).order_by("id")
    found = list(theirs.values_list("id", "conversation_id", "number")[:limit])
    if not found:
        return False
    words = Q(pk=None)
    for _, conversation_id, number in found:
        words |= Q(conversation_id=conversation_id, number=number)
    Word.objects.filter(words).delete()
    messages = Message.objects.filter(id__in=[row[0] for row in found])
    messages.filter(withdrawn_at=None).update(withdrawn_at=clock.now())
    messages.update(author=None, source="", html="", key="")
    return len(found) == limit


@transaction.atomic
def leave_all(member_id: int, limit: int) -> bool:
    """Take a member out of some conversations; return whether more are left."""
    seats = Seat.objects.filter(member_id=member_id).order_by("id")
    found = list(seats.values_list("id", "conversation_id")[:limit])
    Seat.objects.filter(id__in=[row[0] for row in found]).delete()
    begun = Conversation.objects.filter(starter_id=member_id)
    Word.objects.filter(conversation__in=begun, number=TITLE).delete()
    for _, conversation_id in found:
        enqueue(erase_if_empty, conversation_id=conversation_id)
    return len(found) == limit
