"""Words in one's own conversations: found by who sits there, and nowhere else."""

from __future__ import annotations

import pytest

from rostra.effects.search import queries as public
from rostra.effects.search.conversations import index_waiting
from rostra.effects.search.parse import parse
from rostra.forum.conversations.actions.messages import (
    edit_message,
    send_message,
    withdraw_message,
)
from rostra.forum.conversations.actions.people import leave_conversation, note_read
from rostra.forum.conversations.models import Message, Word
from rostra.reading.conversation_list import conversation_list
from tests.forum.conversations.talking import talk, work

pytestmark = pytest.mark.django_db


def found(cast, member, text: str) -> list[str]:
    page = conversation_list(cast.view(member), text=text)
    return [entry.conversation.title for entry in page.entries]


@pytest.fixture
def talks(cast):
    """Quay to Hill about locks, in English and Arabic; Quay to Mod about tides."""
    talk(cast, cast.hill, title="The locks of the harbour", words="Two gates were *running* late.")
    talk(cast, cast.hill, title="بوابات الميناء", words="أُغلِقت البوّابات قبل المدّ.")
    talk(cast, cast.mod, title="Tides", words="The gate waits for the water.")
    work()
    return cast


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("gate", ["The locks of the harbour"]),
        ("GATES run", ["The locks of the harbour"]),
        ("locks late", ["The locks of the harbour"]),  # one word in the title, one in a message
        ("harb*", ["The locks of the harbour"]),
        ("البوابات", ["بوابات الميناء"]),
        ("author:Quay", []),  # words here, no operators
        ("gate water", []),
        ("waits", []),
        ("'%_", ["بوابات الميناء", "The locks of the harbour"]),  # no word at all: the list
    ],
)
def test_words_are_found_in_titles_and_messages(talks, text, titles):
    assert found(talks, talks.hill, text) == titles


def test_each_finds_their_own(talks):
    """No word of a conversation is found by who does not sit there, staff or not."""
    assert found(talks, talks.quay, "gate") == ["Tides", "The locks of the harbour"]
    assert found(talks, talks.mod, "gate") == ["Tides"]
    for member in (talks.newcomer, talks.admin):
        assert found(talks, member, "gate") == []


def test_what_was_found_is_marked_once_it_is_read(talks):
    """What nobody has read may be changed still, so it is shown nowhere but on its page."""
    (entry,) = conversation_list(talks.view(talks.hill), text="gates").entries
    assert (entry.words, entry.message_id) == ((), None)
    first = Message.objects.get(source__startswith="Two gates")
    note_read(talks.view(talks.hill), first.conversation_id, 1)
    (entry,) = conversation_list(talks.view(talks.hill), text="gates").entries
    assert [piece.text for piece in entry.words if piece.is_match] == ["gates"]
    assert entry.message_id == first.pk


def test_the_index_follows_edits_and_withdrawals(talks):
    first = Message.objects.get(source__startswith="Two gates")
    edit_message(talks.view(talks.quay), first.pk, "Two sluices were late.")
    work()
    assert found(talks, talks.hill, "gates") == []
    assert found(talks, talks.hill, "sluice") == ["The locks of the harbour"]
    withdraw_message(talks.view(talks.quay), first.pk)
    work()
    assert found(talks, talks.hill, "sluice") == []
    assert found(talks, talks.hill, "locks") == ["The locks of the harbour"]


def test_whoever_left_finds_nothing(talks):
    leave_conversation(
        talks.view(talks.hill), Message.objects.get(source__startswith="Two").conversation_id
    )
    assert found(talks, talks.hill, "gates") == []


def test_what_came_without_an_event_is_indexed_by_the_clock(talks):
    Word.objects.all().delete()
    Message.objects.update(is_indexed=False)
    index_waiting()
    assert found(talks, talks.hill, "gates") == ["The locks of the harbour"]
    words = Word.objects.count()
    Message.objects.update(is_indexed=False)
    index_waiting()
    assert Word.objects.count() == words


def test_nothing_of_conversations_is_in_the_public_index(talks):
    """Neither who wrote it nor who moderates finds a word of it in the search for everybody."""
    for member in (talks.quay, talks.hill, talks.mod):
        for word in ("sluices", "gates", "Tides"):
            results = public.search(talks.view(member), parse(word), public.Scope())
            assert results.hits == []


def test_a_search_costs_three_queries(talks, django_assert_num_queries):
    viewer = talks.view(talks.hill)
    first = talk(talks, talks.hill, words="Gates again.")
    for number in range(20):
        send_message(
            talks.view(talks.mod), talk(talks, talks.mod).conversation_id, f"Gate {number}"
        )
    send_message(talks.view(talks.hill), first.conversation_id, "Gates, gates.")
    work()
    note_read(viewer, first.conversation_id, 2)
    with django_assert_num_queries(3):
        found_now = conversation_list(viewer, text="gates").entries
    assert found_now[0].words
    assert len(found_now) == 2
