"""Proposing notes, taking them back, removing them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rostra.forum.modlog.models import LogEntry
from rostra.forum.notes import queries
from rostra.forum.notes.actions.writing import (
    ask_review,
    drop_calibration,
    pause,
    remove_note,
    restore_note,
    set_calibration,
    withdraw_note,
    write_note,
)
from rostra.forum.notes.models import Note, Rater
from rostra.forum.threads.models import Thread
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.forum.notes.readers import calibration, draft, join, proposed, view

pytestmark = pytest.mark.django_db
WHY = "It attacks a person, see rule 3."


@pytest.fixture
def note(cast):
    return proposed(cast, join(cast.hill).member)


def shown(note):
    Note.objects.filter(pk=note.pk).update(
        state="shown", told=[[6, 7], [5, 7]], state_at=note.created_at
    )


def test_a_note_rests_on_sources(cast, note):
    page = queries.note_for(cast.view(None), note.pk)
    assert [source.publisher for source in page.note.sources] == ["courier.example"]
    assert (page.note.state, page.number, page.has_changed) == ("proposed", 1, False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (draft(sources=()), "sources"),
        (draft(sources=["not an address"]), "sources"),
        (draft(sources=[f"https://courier.example/{n}" for n in range(6)]), "sources"),
        (draft("Too short."), "text"),
        (draft("x" * 601), "text"),
        (draft()._replace(why="because"), "why"),
    ],
)
def test_what_a_note_lacks_is_said(cast, wrong, field):
    join(cast.hill)
    post = cast.barrier.posts.get(number=1)
    with pytest.raises(Invalid) as told:
        write_note(cast.view(cast.hill), post.pk, wrong)
    assert list(told.value.fields) == [field]
    assert not Note.objects.exists()


def test_only_raters_write_and_not_two_below_one_post(cast, note):
    post = cast.barrier.posts.get(number=1)
    with pytest.raises(Refused, match="not_a_rater"):
        write_note(cast.view(cast.quay), post.pk, draft())
    with pytest.raises(Refused, match="note_there_already"):
        write_note(cast.view(cast.hill), post.pk, draft("Another note, as long as it must be."))
    with pytest.raises(NotFound):
        write_note(cast.view(cast.hill), cast.secret.posts.get(number=1).pk, draft())
    Rater.objects.update(must_answer=5)
    with pytest.raises(Refused, match="notes_locked"):
        write_note(cast.view(cast.hill), cast.barrier.posts.get(number=2).pk, draft())


def test_what_is_shown_is_counted_with_its_thread_and_read_below_its_post(cast, note):
    assert queries.below_posts([note.post_id]) == {}
    shown(note)
    ask_review(cast.view(cast.quay), note.pk)
    [found] = queries.below_posts([note.post_id])[note.post_id]
    assert (found.state, found.groups) == ("under_review", [])
    assert Thread.objects.get(pk=cast.barrier.pk).note_count == 1
    with pytest.raises(Refused, match="note_is_not_shown"):
        ask_review(cast.view(cast.quay), note.pk)
    withdraw_note(cast.view(cast.hill), note.pk)
    assert Thread.objects.get(pk=cast.barrier.pk).note_count == 0
    with pytest.raises(NotFound):
        queries.note_for(cast.view(cast.hill), note.pk)


def test_only_the_author_of_the_post_has_it_looked_at_again(cast, note):
    shown(note)
    with pytest.raises(Refused, match="not_your_post"):
        ask_review(cast.view(cast.newcomer), note.pk)


def test_counts_are_those_of_two_groups_without_names(cast, note):
    """DECISIONS 1: five of each at least, in an order drawn once."""
    shown(note)
    [found] = queries.below_posts([note.post_id])[note.post_id]
    assert found.groups == [(6, 7), (5, 7)]
    Note.objects.update(is_turned=True)
    [found] = queries.below_posts([note.post_id])[note.post_id]
    assert found.groups == [(5, 7), (6, 7)]
    Note.objects.update(told=[[4, 4], [5, 7]])
    [found] = queries.below_posts([note.post_id])[note.post_id]
    assert found.groups == []


def test_a_moderator_removes_a_note_for_a_rule_and_it_is_logged(cast, note):
    shown(note)
    with pytest.raises(Refused, match="not_a_moderator_here"):
        remove_note(cast.view(cast.quay), note.pk, reason=WHY)
    with pytest.raises(Invalid):
        remove_note(cast.view(cast.mod), note.pk, reason="short")
    remove_note(cast.view(cast.mod), note.pk, reason=WHY)
    page = queries.note_for(cast.view(cast.quay), note.pk)
    assert (page.note.state, page.note.text, page.note.sources) == ("removed", "", ())
    entry = LogEntry.objects.latest("n")
    assert (entry.kind, entry.public["facts"]["note"]) == ("note.remove", note.pk)
    restore_note(cast.view(cast.mod), note.pk, reason=WHY)
    assert LogEntry.objects.latest("n").kind == "note.restore"
    assert Note.objects.get().state == "shown"


def test_a_suspended_moderator_removes_nothing_and_a_suspended_author_asks_nothing(cast, note):
    shown(note)
    until = clock.now() + timedelta(days=1)
    for who, act in ((cast.mod, remove_note), (cast.quay, ask_review)):
        suspended = replace(cast.view(who), suspended_until=until)
        words = {"reason": WHY} if act is remove_note else {}
        with pytest.raises(Refused, match="suspended"):
            act(suspended, note.pk, **words)
    assert Note.objects.get().state == "shown"


def test_all_notes_are_paused_in_public(cast, note):
    shown(note)
    with pytest.raises(Refused, match="not_an_administrator"):
        pause(cast.view(cast.mod), paused=True, reason=WHY)
    pause(cast.view(cast.admin), paused=True, reason=WHY)
    assert Thread.objects.get(pk=cast.barrier.pk).note_count == 0
    pause(cast.view(cast.admin), paused=False, reason=WHY)
    assert Thread.objects.get(pk=cast.barrier.pk).note_count == 1
    kinds = LogEntry.objects.order_by("-n").values_list("kind", flat=True)[:2]
    assert list(kinds) == ["notes.resume", "notes.pause"]


def test_calibration_notes_are_the_administrators(cast):
    first = cast.barrier.posts.get(number=1)
    with pytest.raises(Refused, match="not_an_administrator"):
        set_calibration(cast.view(cast.mod), first.pk, draft())
    [note] = calibration(cast, count=1)
    with pytest.raises(NotFound):
        queries.note_for(cast.view(cast.admin), note)
    assert queries.notes_for(cast.view(cast.admin)) == []
    assert len(queries.calibration_notes(cast.view(cast.admin))) == 1
    drop_calibration(cast.view(cast.admin), note)
    with pytest.raises(NotFound):
        drop_calibration(cast.view(cast.admin), note)


def test_notes_below_what_somebody_may_not_read_are_none_to_them(cast):
    join(cast.mod)
    secret = cast.secret.posts.get(number=1)
    note = proposed(cast, cast.mod, post=secret)
    assert queries.notes_for(cast.view(cast.quay)) == []
    assert queries.notes_of_post(cast.view(cast.quay), secret.pk) == []
    with pytest.raises(NotFound):
        queries.note_for(cast.view(cast.quay), note.pk)
    assert len(queries.notes_for(view(cast.mod))) == 1
