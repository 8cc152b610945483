"""Conversations: who reads them, who may be asked in, what is said once and what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from rostra.content.markup.excerpt import words
from rostra.forum.conversations import queries
from rostra.forum.conversations.actions.messages import (
    edit_message,
    send_message,
    start_conversation,
    withdraw_message,
)
from rostra.forum.conversations.actions.people import (
    invite_members,
    leave_conversation,
    mark_unread,
    note_read,
    open_door,
)
from rostra.forum.conversations.models import Conversation, Message, Seat
from rostra.forum.conversations.rules import Unreached
from rostra.forum.members.actions import create_member, set_open
from rostra.forum.members.models import Member
from rostra.forum.members.ties import set_tie
from rostra.forum.threads.submissions import Sent, fresh_key
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.kernel.models import Job
from rostra.reading.conversation_page import conversation_page
from rostra.transfer.integrity import examine
from tests.cast import WHY
from tests.forum.conversations.talking import LIMITS_ON, later, settled, talk, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def limits(monkeypatch):
    """The limits, in force."""
    monkeypatch.setattr(settings, "ROSTRA", LIMITS_ON)


def unread(member) -> int:
    return Member.objects.get(pk=member.pk).unread_conversations


def read(cast, member, conversation_id) -> None:
    note_read(cast.view(member), conversation_id, 1000)


def said_in(page) -> list[str]:
    return [words(shown.message.html) for shown in page.messages]


def events() -> list[str]:
    return list(Job.objects.order_by("id").values_list("name", flat=True))


def test_a_conversation_is_read_by_those_in_it_and_by_nobody_else(cast):
    """No viewer, staff or not, sees a conversation they are not part of."""
    first = talk(cast, cast.hill, words="canary of the two")
    for member in (cast.quay, cast.hill):
        page = conversation_page(cast.view(member), first.conversation_id)
        assert said_in(page) == ["canary of the two"]
    for member in (cast.newcomer, cast.mod, cast.admin):
        viewer = cast.view(member)
        with pytest.raises(NotFound):
            conversation_page(viewer, first.conversation_id)
        with pytest.raises(NotFound):
            queries.message_for(viewer, first.pk)
        with pytest.raises(NotFound):
            send_message(viewer, first.conversation_id, "Let me in.")
        with pytest.raises(NotFound):
            invite_members(viewer, first.conversation_id, [member.pk])
        assert queries.conversations_of(viewer, limit=9) == []
    with pytest.raises(Refused):
        conversation_page(cast.view(None), first.conversation_id)


def test_what_is_unread_is_counted_with_the_member(cast):
    first = talk(cast, cast.hill, cast.mod)
    assert (unread(cast.quay), unread(cast.hill), unread(cast.mod)) == (0, 1, 1)
    second = talk(cast, cast.hill)
    assert unread(cast.hill) == 2
    read(cast, cast.hill, first.conversation_id)
    assert unread(cast.hill) == 1
    mark_unread(cast.view(cast.hill), first.conversation_id)
    assert unread(cast.hill) == 2
    assert cast.view(cast.hill).unread_conversations == 2
    leave_conversation(cast.view(cast.hill), second.conversation_id)
    assert unread(cast.hill) == 1
    assert examine() == []
    Member.objects.filter(pk=cast.hill.pk).update(unread_conversations=7)
    assert [finding.is_mended for finding in examine(repair=True)] == [True]
    assert unread(cast.hill) == 1


def test_one_event_for_each_act(cast):
    before = len(events())
    first = talk(cast, cast.hill, cast.mod)
    reply = send_message(cast.view(cast.hill), first.conversation_id, "Heard.")
    edit_message(cast.view(cast.hill), reply.pk, "Heard you.")
    withdraw_message(cast.view(cast.hill), reply.pk)
    invite_members(cast.view(cast.quay), first.conversation_id, [cast.admin.pk])
    leave_conversation(cast.view(cast.mod), first.conversation_id)
    assert [name.removeprefix("conversations.") for name in events()[before:]] == [
        "message_sent", "message_sent", "message_changed", "message_changed", "members_invited",
        "member_left",
    ]  # fmt: skip


def test_a_form_sent_twice_is_one_message(cast, limits):
    """REL-012, for conversations: the same key is answered with what there is."""
    settled(cast.quay)
    quay, sent = cast.view(cast.quay), Sent(fresh_key())
    first = start_conversation(quay, [cast.hill.pk], "Title", "Words.", sent=sent)
    again = start_conversation(quay, [cast.hill.pk], "Title", "Words.", sent=sent)
    assert again.pk == first.pk
    assert Conversation.objects.count() == 1
    with pytest.raises(Invalid) as other:
        start_conversation(quay, [cast.hill.pk], "Title", "Other words.", sent=sent)
    assert other.value.fields == {"key": "sent_with_other_words"}
    later(timedelta(minutes=1))
    with pytest.raises(Invalid) as same:
        send_message(quay, first.conversation_id, "Words.")
    assert same.value.fields == {"sure": "same_words_again"}
    sent = Sent(fresh_key(), is_sure=True)
    second = send_message(quay, first.conversation_id, "Words.", sent=sent)
    assert send_message(quay, first.conversation_id, "Words.", sent=sent).pk == second.pk
    assert Message.objects.count() == 2


def test_a_newcomer_writes_to_no_stranger(cast, limits):
    """ABU-013."""
    newcomer = cast.view(cast.newcomer)
    with pytest.raises(Unreached) as refused:
        start_conversation(newcomer, [cast.hill.pk], "Hello", "Buy this.")
    assert refused.value.fields == {"to": "strangers_later"}
    assert refused.value.names == ("Hill",)
    assert not Conversation.objects.exists()
    assert start_conversation(newcomer, [cast.mod.pk], "Help", "I cannot find it.")
    later()
    set_tie(cast.hill.pk, cast.newcomer.pk, "follow")
    assert start_conversation(newcomer, [cast.hill.pk], "Hello", "You follow me.")


@pytest.mark.parametrize("opens_to", ["everybody", "followed", "nobody"])
def test_whom_a_member_lets_write_to_them(cast, opens_to):
    open_door(cast.hill.pk, opens_to)
    set_tie(cast.hill.pk, cast.newcomer.pk, "follow")
    assert queries.door_of(cast.hill.pk) == opens_to
    for writer, opens in ((cast.quay, ("everybody",)), (cast.newcomer, ("everybody", "followed"))):
        if opens_to in opens:
            start_conversation(cast.view(writer), [cast.hill.pk], "Hello", "There.")
        else:
            with pytest.raises(Unreached):
                start_conversation(cast.view(writer), [cast.hill.pk], "Hello", "There.")
    assert start_conversation(cast.view(cast.mod), [cast.hill.pk], "Notice", "Of the staff.")


def test_no_other_choice_of_who_may_write(cast):
    with pytest.raises(Invalid):
        open_door(cast.hill.pk, "friends")


def test_who_is_ignored_reaches_nobody_new(cast):
    """ABU-013: block works for messages and for invitations."""
    first = talk(cast, cast.mod)
    set_tie(cast.hill.pk, cast.quay.pk, "ignore")
    with pytest.raises(Unreached):
        talk(cast, cast.hill)
    with pytest.raises(Unreached):
        invite_members(cast.view(cast.quay), first.conversation_id, [cast.hill.pk])


def test_who_is_ignored_speaks_to_the_others_only(cast):
    """One of two: refused. One of three: the others hear it, who ignores is not troubled."""
    two, three = talk(cast, cast.hill), talk(cast, cast.hill, cast.mod)
    for first in (two, three):
        read(cast, cast.hill, first.conversation_id)
        read(cast, cast.mod, first.conversation_id)
    set_tie(cast.hill.pk, cast.quay.pk, "ignore")
    quay = cast.view(cast.quay)
    with pytest.raises(Refused) as refused:
        send_message(quay, two.conversation_id, "Hear me.")
    assert refused.value.reason == "nobody_hears"
    send_message(quay, three.conversation_id, "Hear me, all.")
    assert (unread(cast.hill), unread(cast.mod)) == (0, 1)
    page = conversation_page(cast.view(cast.hill), three.conversation_id)
    assert [shown.is_ignored for shown in page.messages] == [True, True]


def test_whoever_left_sees_nothing_and_is_not_asked_again(cast):
    first = talk(cast, cast.hill, cast.mod)
    leave_conversation(cast.view(cast.hill), first.conversation_id)
    with pytest.raises(NotFound):
        conversation_page(cast.view(cast.hill), first.conversation_id)
    with pytest.raises(NotFound):
        queries.message_for(cast.view(cast.hill), first.pk)
    send_message(cast.view(cast.quay), first.conversation_id, "Hill has gone.")
    assert unread(cast.hill) == 0
    with pytest.raises(Unreached) as refused:
        invite_members(cast.view(cast.quay), first.conversation_id, [cast.hill.pk])
    assert refused.value.fields == {"to": "who_left"}
    leave_conversation(cast.view(cast.mod), first.conversation_id)
    with pytest.raises(Refused) as alone:
        send_message(cast.view(cast.quay), first.conversation_id, "Is anybody here?")
    assert alone.value.reason == "everybody_left"


def test_what_everybody_has_left_is_deleted(cast):
    first = talk(cast, cast.hill)
    for member in (cast.quay, cast.hill):
        leave_conversation(cast.view(member), first.conversation_id)
    work()
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()
    assert examine() == []


def test_who_is_asked_in_reads_all_of_it(cast):
    first = talk(cast, cast.hill, words="Said before.")
    invite_members(cast.view(cast.hill), first.conversation_id, [cast.mod.pk, cast.quay.pk])
    page = conversation_page(cast.view(cast.mod), first.conversation_id)
    assert said_in(page) == ["Said before."]
    assert unread(cast.mod) == 1
    assert Seat.objects.count() == 3


def test_thirty_and_no_more(cast):
    people = [create_member(f"Member {chr(97 + n // 5)}{chr(97 + n % 5)}x") for n in range(30)]
    quay = cast.view(cast.quay)
    with pytest.raises(Invalid) as refused:
        start_conversation(quay, [one.pk for one in people], "All", "Of you.")
    assert refused.value.fields == {"to": "too_many_recipients"}
    first = start_conversation(quay, [one.pk for one in people[:29]], "All", "Of you.")
    with pytest.raises(Refused):
        invite_members(quay, first.conversation_id, [people[29].pk])
    assert Seat.objects.count() == 30


@pytest.mark.parametrize(
    ("title", "words", "wrong"),
    [
        ("", "", {"title": "empty", "source": "empty", "to": "nobody_named"}),
        (
            "x" * 201,
            "y" * 32_001,
            {"title": "too_long", "source": "too_long", "to": "nobody_named"},
        ),
    ],
)
def test_all_that_is_wrong_is_said_at_once(cast, title, words, wrong):
    with pytest.raises(Invalid) as refused:
        start_conversation(cast.view(cast.quay), [cast.quay.pk], title, words)
    assert refused.value.fields == wrong


def test_a_closed_account_is_written_to_by_nobody(cast):
    set_open(cast.hill.pk, is_open=False, role="operator", reason=WHY)
    with pytest.raises(Unreached):
        start_conversation(cast.view(cast.mod), [cast.hill.pk], "Hello", "There.")


def test_somebody_suspended_reads_and_says_nothing(cast):
    first = talk(cast, cast.hill)
    until = clock.now() + timedelta(days=3)
    Member.objects.filter(pk=cast.hill.pk).update(suspended_until=until)
    hill = cast.view(cast.hill)
    assert conversation_page(hill, first.conversation_id).messages
    for act in (
        lambda: send_message(hill, first.conversation_id, "I protest."),
        lambda: start_conversation(hill, [cast.quay.pk], "Protest", "I do."),
        lambda: invite_members(hill, first.conversation_id, [cast.mod.pk]),
    ):
        with pytest.raises(Refused):
            act()
    leave_conversation(hill, first.conversation_id)


def test_how_often_conversations_begin(cast, limits):
    """ABU-013: the limit is named, and says when it ends."""
    settled(cast.quay)
    for number in range(20):
        later(timedelta(minutes=1))
        start_conversation(cast.view(cast.quay), [cast.mod.pk], "One more", f"Words {number}.")
    later(timedelta(minutes=1))
    with pytest.raises(TooMany) as refused:
        start_conversation(cast.view(cast.quay), [cast.mod.pk], "One more", "Words beyond.")
    assert refused.value.reason == "conversations_a_day"
    assert 23 * 3600 < refused.value.seconds <= 24 * 3600
    later(timedelta(days=1))
    assert start_conversation(cast.view(cast.quay), [cast.mod.pk], "One more", "Next day.")


def test_nobody_writes_without_a_breath(cast, limits):
    settled(cast.quay)
    first = talk(cast, cast.hill)
    with pytest.raises(TooMany) as refused:
        send_message(cast.view(cast.quay), first.conversation_id, "And another thing.")
    assert refused.value.reason == "message_too_soon"
    assert refused.value.seconds <= 2
    later()
    second = talk(cast, cast.mod).conversation_id
    for said in ("One.", "Two."):  # the staff wait for nothing
        send_message(cast.view(cast.mod), second, said)


def test_what_nobody_has_read_can_be_changed(cast):
    first = talk(cast, cast.hill, words="The gate is opne.")
    quay = cast.view(cast.quay)
    edit_message(quay, first.pk, "The gate is *open*.")
    first.refresh_from_db()
    assert "<em>open</em>" in first.html
    read(cast, cast.hill, first.conversation_id)
    with pytest.raises(Refused) as refused:
        edit_message(quay, first.pk, "The gate is shut.")
    assert refused.value.reason == "message_was_read"
    mark_unread(cast.view(cast.hill), first.conversation_id)
    with pytest.raises(Refused):
        edit_message(quay, first.pk, "The gate is shut.")
    with pytest.raises(Refused):
        edit_message(cast.view(cast.hill), first.pk, "Not mine.")


def test_what_was_withdrawn_is_its_authors_alone(cast):
    first = talk(cast, cast.hill, words="canary of the first thought")
    withdraw_message(cast.view(cast.quay), first.pk)
    shown = {
        member.name: conversation_page(cast.view(member), first.conversation_id).messages[0]
        for member in (cast.quay, cast.hill)
    }
    assert [shown[name].has_words for name in ("Quay", "Hill")] == [True, False]
    with pytest.raises(Refused):
        withdraw_message(cast.view(cast.quay), first.pk)


def test_a_page_costs_three_queries_for_any_number_of_messages(cast, django_assert_num_queries):
    first = talk(cast, cast.hill)
    viewer = cast.view(cast.hill)
    with django_assert_num_queries(3):
        conversation_page(viewer, first.conversation_id)
    mod = cast.view(cast.mod)
    invite_members(cast.view(cast.quay), first.conversation_id, [cast.mod.pk])
    for number in range(40):
        send_message(mod, first.conversation_id, f"Word {number}.")
    with django_assert_num_queries(3):
        page = conversation_page(viewer, first.conversation_id, 2)
    assert [shown.message.number for shown in page.messages] == list(range(21, 41))
    with pytest.raises(NotFound):
        conversation_page(viewer, first.conversation_id, 4)


def test_the_list_goes_by_key_and_the_liveliest_come_first(cast):
    firsts = [talk(cast, cast.hill, cast.mod, title=f"Matter {n}") for n in range(5)]
    send_message(cast.view(cast.mod), firsts[1].conversation_id, "Up again.")
    hill = cast.view(cast.hill)
    page = queries.conversations_of(hill, limit=3)
    assert [row.title for row in page] == ["Matter 1", "Matter 4", "Matter 3"]
    rest = queries.conversations_of(hill, before=page[-1].key, limit=3)
    assert [row.title for row in rest] == ["Matter 2", "Matter 0"]
    read(cast, cast.hill, firsts[1].conversation_id)
    found = queries.conversations_of(hill, unread_only=True, limit=9)
    assert "Matter 1" not in [row.title for row in found]
    assert len(found) == 4
