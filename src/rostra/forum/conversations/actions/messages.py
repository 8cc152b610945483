"""Beginning conversations, writing in them, changing one's words and taking them back."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import F

from rostra.content.markup.references import Rendered
from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.actions import pace
from rostra.forum.conversations.actions.seats import (
    count_unread,
    locked,
    locked_message,
    take_seats,
)
from rostra.forum.conversations.events import MessageChanged, MessageSent
from rostra.forum.conversations.models import Conversation, Message, Seat
from rostra.forum.conversations.standing import held_to
from rostra.forum.members.turns import take_turn
from rostra.forum.threads.actions.drafts import drop_draft
from rostra.forum.threads.actions.pace import may_say
from rostra.forum.threads.actions.posts import NOT_BY_FORM, check_source, check_title
from rostra.forum.threads.rendering import render_for
from rostra.forum.threads.submissions import Sent
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, Invalid
from rostra.kernel.events import emit

NEW = "n1"  # where the draft of a new conversation is kept
_KEY = re.compile(r"[0-9a-f]{32}")


def start_conversation(
    viewer: Viewer,
    to: Collection[int],
    title: str,
    source: str,
    *,
    sent: Sent = NOT_BY_FORM,
) -> Message:
    """Begin a conversation with members; returns its first message; emits MessageSent.

    The same form again returns the same message. Raises Invalid, Unreached for those who take no
    messages from the viewer, TooMany for one who writes to too many.
    """
    gathered = Gathered()
    with gathered:
        title = check_title(title)
    with gathered:
        source = check_source(source)
    others = set(to) - {viewer.member_id}
    with gathered:
        if not others:
            raise Invalid({"to": "nobody_named"})
        if len(others) >= rules.MOST_SEATS:
            raise Invalid({"to": "too_many_recipients"})
    gathered.enforce()
    rules.may_start(viewer).enforce()
    rendered = render_for(viewer, source)  # while nobody has to wait for it
    return _start(viewer, others, title, source, rendered, sent)


@transaction.atomic
def _start(
    viewer: Viewer, others: set[int], title: str, source: str, rendered: Rendered, sent: Sent
) -> Message:
    member_id = viewer.require_member()
    take_turn(member_id, viewer.limits_kept)
    if (message := _earlier(member_id, sent, None, source)) is not None:
        return message
    held = held_to(viewer)
    pace.may_reach(viewer, others, held)
    pace.may_start_now(viewer, held, len(others))
    pace.may_write_now(viewer, held, rendered)
    now = clock.now()
    conversation = Conversation.objects.create(title=title, starter_id=member_id, created_at=now)
    own = Seat(conversation=conversation, member_id=member_id, joined_at=now, bumped_at=now)
    own.save()
    take_seats(conversation, sorted(others), member_id, now)
    drop_draft(member_id, NEW)
    return _write(viewer, conversation, source, rendered, sent)


def send_message(
    viewer: Viewer, conversation_id: int, source: str, *, sent: Sent = NOT_BY_FORM
) -> Message:
    """Write in a conversation; emits MessageSent. The same form again returns the same message.

    Raises NotFound, Invalid, Refused where nobody hears it, TooMany.
    """
    source = check_source(source)
    queries.conversation_for(viewer, conversation_id)
    rendered = render_for(viewer, source)
    return _send(viewer, conversation_id, source, rendered, sent)


@transaction.atomic
def _send(
    viewer: Viewer, conversation_id: int, source: str, rendered: Rendered, sent: Sent
) -> Message:
    member_id = viewer.require_member()
    conversation = locked(viewer, conversation_id)
    if (message := _earlier(member_id, sent, conversation_id, source)) is not None:
        return message
    others = [
        one
        for one in queries.people_in(conversation_id, member_id)
        if one.id != member_id and not one.has_left
    ]
    hearing = sum(not one.ignores for one in others)
    rules.may_reply(viewer, len(others), hearing).enforce()
    pace.may_write_now(viewer, held_to(viewer), rendered)
    drop_draft(member_id, f"c{conversation_id}")
    return _write(viewer, conversation, source, rendered, sent)


@transaction.atomic
def edit_message(viewer: Viewer, message_id: int, source: str) -> Message:
    """Change a message of one's own that nobody has read; emits MessageChanged."""
    source = check_source(source)
    conversation, message = locked_message(viewer, message_id)
    read = queries.read_by_others(conversation.pk, message.author_id)
    is_read = read >= message.number
    rules.may_edit(viewer, message, is_read=is_read, now=clock.now()).enforce()
    drop_draft(viewer.require_member(), f"m{message_id}")
    if source == message.source:
        return message
    rendered = render_for(viewer, source)
    may_say(held_to(viewer).limits, rendered)
    message.source, message.html, message.is_indexed = source, rendered.html, False
    message.save(update_fields=["source", "html", "is_indexed"])
    _announce_change(message)
    return message


@transaction.atomic
def withdraw_message(viewer: Viewer, message_id: int) -> Message:
    """Take a message of one's own back, for good; emits MessageChanged.

    Its place says so. Its author reads it on, and staff if somebody has reported it.
    """
    _, message = locked_message(viewer, message_id)
    rules.may_withdraw(viewer, message).enforce()
    message.withdrawn_at, message.is_indexed = clock.now(), False
    message.save(update_fields=["withdrawn_at", "is_indexed"])
    _announce_change(message)
    return message


def _earlier(
    member_id: int, sent: Sent, conversation_id: int | None, source: str
) -> Message | None:
    """Return the message that has come of this form already; call it in the member's turn.

    Raises Invalid for other words under the same key, and for the same words sent just now.
    """
    own = Message.objects.filter(author_id=member_id)
    if _KEY.fullmatch(sent.key):
        found = own.filter(key=sent.key).first()
        if found is not None:
            is_elsewhere = conversation_id not in (None, found.conversation_id)
            if is_elsewhere or found.source != source:
                raise Invalid({"key": "sent_with_other_words"})
            return found
    if settings.ROSTRA.posting_limits == "off" or sent.is_sure:
        return None
    last = own.order_by("-id").first()
    if last is None or clock.now() - last.created_at > rules.SAME_WORDS_WITHIN:
        return None
    if last.source == source and conversation_id in (None, last.conversation_id):
        raise Invalid({"sure": "same_words_again"})
    return None


def _write(
    viewer: Viewer, conversation: Conversation, source: str, rendered: Rendered, sent: Sent
) -> Message:
    """Write a message at the end of a locked conversation; all others who hear it are told."""
    member_id, now = viewer.require_member(), clock.now()
    conversation.last_number += 1
    conversation.save(update_fields=["last_number"])
    message = Message.objects.create(
        conversation=conversation,
        number=conversation.last_number,
        author_id=member_id,
        source=source,
        html=rendered.html,
        created_at=now,
        key=sent.key if _KEY.fullmatch(sent.key) else "",
    )
    people = queries.people_in(conversation.pk, member_id)
    hearing = [one.id for one in people if not (one.has_left or one.ignores)]
    seats = Seat.objects.filter(conversation=conversation)
    seats.filter(left_at=None).update(bumped_at=now)
    seats.filter(member_id__in=hearing).exclude(member_id=member_id).update(is_unread=True)
    # Who writes at the end of what they have read, has read that too.
    seats.filter(member_id=member_id, read_number=message.number - 1).update(
        read_number=F("read_number") + 1, is_unread=False
    )
    count_unread(hearing)
    emit(MessageSent(message_id=message.pk, conversation_id=conversation.pk, author_id=member_id))
    return message


def _announce_change(message: Message) -> None:
    emit(
        MessageChanged(
            message_id=message.pk,
            conversation_id=message.conversation_id,
            is_withdrawn=message.withdrawn_at is not None,
        )
    )
