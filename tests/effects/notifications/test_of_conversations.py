"""What members are told of their conversations, and no more of what is theirs no longer."""

from __future__ import annotations

import pytest

from rostra.effects.notifications import actions, queries
from rostra.effects.notifications.conversations import tell_of_messages
from rostra.effects.notifications.models import Notification
from rostra.forum.conversations.actions.messages import send_message, withdraw_message
from rostra.forum.conversations.actions.people import (
    invite_members,
    leave_conversation,
    note_read,
)
from rostra.forum.conversations.events import MessageSent
from rostra.forum.members.models import Member
from rostra.forum.members.ties import set_tie
from rostra.kernel import clock
from tests.forum.conversations.talking import talk, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiet(cast):
    """The cast, of whom nobody has been told anything yet."""
    work()
    Notification.objects.all().delete()
    return cast


def due(cast, member):
    """Return what a letter would tell now."""
    Notification.objects.filter(mail_at__isnull=False).update(mail_at=clock.now())
    return [(one.kind, one.actor) for one in queries.due_for(cast.view(member), clock.now())]


def on_site(cast, member):
    return [(one.kind, one.actor) for one in queries.latest_for(cast.view(member))]


def test_a_letter_tells_and_on_the_site_the_envelope(quiet):
    cast = quiet
    talk(cast, cast.hill)
    work()
    assert due(cast, cast.hill) == [("message", "Quay")]
    assert on_site(cast, cast.hill) == []
    assert Member.objects.get(pk=cast.hill.pk).bell == 0
    assert due(cast, cast.quay) == []


def test_who_wants_it_is_told_by_the_bell_too(quiet):
    cast = quiet
    channels = {"message": ["site"]}
    actions.choose_ways(cast.hill.pk, channels, watches_own=True, has_digest=False)
    first = talk(cast, cast.hill)
    work()
    assert on_site(cast, cast.hill) == [("message", "Quay")]
    assert due(cast, cast.hill) == []
    assert Member.objects.get(pk=cast.hill.pk).bell == 1
    withdraw_message(cast.view(cast.quay), first.pk)
    work()
    assert on_site(cast, cast.hill) == []
    assert Member.objects.get(pk=cast.hill.pk).bell == 0


def test_one_letter_until_it_is_read(quiet):
    """A flood of messages is no flood of mail."""
    cast = quiet
    first = talk(cast, cast.hill, cast.mod)
    work()
    for number in range(9):
        send_message(cast.view(cast.mod), first.conversation_id, f"More, {number}.")
        work()
    assert len(due(cast, cast.hill)) == 1
    actions.mailed(cast.hill.pk, clock.now())
    send_message(cast.view(cast.mod), first.conversation_id, "And more.")
    work()
    assert due(cast, cast.hill) == []
    note_read(cast.view(cast.hill), first.conversation_id, 99)
    actions.read_group(cast.view(cast.hill), f"conversation:{first.conversation_id}")
    send_message(cast.view(cast.mod), first.conversation_id, "After it was read.")
    work()
    assert due(cast, cast.hill) == [("message", "Mod Ferris")]


@pytest.mark.parametrize("before_it_is_told", [True, False])
@pytest.mark.parametrize("what", ["leave", "withdraw", "ignore", "leave unheard"])
def test_what_is_not_theirs_to_read_when_it_is_sent_is_in_no_letter(quiet, what, before_it_is_told):
    """SEC-048: asked again when the letter is written, whatever the events did."""
    cast = quiet
    first = talk(cast, cast.hill)
    if not before_it_is_told:
        work()
        assert due(cast, cast.hill) == [("message", "Quay")]
    if what.startswith("leave"):
        leave_conversation(cast.view(cast.hill), first.conversation_id)
    elif what == "withdraw":
        withdraw_message(cast.view(cast.quay), first.pk)
    else:
        set_tie(cast.hill.pk, cast.quay.pk, "ignore")
    if what != "leave unheard":
        work()
    assert due(cast, cast.hill) == []


def test_what_was_read_already_is_not_told(quiet):
    cast = quiet
    first = talk(cast, cast.hill)
    note_read(cast.view(cast.hill), first.conversation_id, 1)
    work()
    assert due(cast, cast.hill) == []


def test_who_is_asked_in_is_told_once(quiet):
    cast = quiet
    first = talk(cast, cast.hill)
    work()
    invite_members(cast.view(cast.quay), first.conversation_id, [cast.mod.pk])
    work()
    assert due(cast, cast.mod) == [("message", "Quay")]
    event = MessageSent(
        message_id=first.pk, conversation_id=first.conversation_id, author_id=cast.quay.pk
    )
    tell_of_messages([event, event])
    assert due(cast, cast.mod) == [("message", "Quay")]
    assert due(cast, cast.hill) == [("message", "Quay")]
