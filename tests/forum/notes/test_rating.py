"""Becoming a rater, rating, leaving."""

from __future__ import annotations

import json
import zlib

import pytest

from rostra.forum.notes import queries
from rostra.forum.notes.actions.raters import enrol, leave
from rostra.forum.notes.actions.rating import answer, rate
from rostra.forum.notes.actions.runs import replay, score
from rostra.forum.notes.models import Note, Placement, Rater, Rating, Run, Seat
from rostra.forum.threads.actions.posts import remove_post
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.forum.notes.readers import calibration, join, proposed, rater, trusted, view

pytestmark = pytest.mark.django_db


def test_trusted_members_who_agree_become_raters(cast):
    """ABU-008: an account of the first days weighs nothing."""
    with pytest.raises(Refused, match="not_trusted_yet"):
        enrol(cast.view(cast.hill), agrees=True)
    trusted(cast.hill)
    with pytest.raises(Invalid):
        enrol(cast.view(cast.hill), agrees=False)
    with pytest.raises(Refused, match="log_in_first"):
        enrol(cast.view(None), agrees=True)
    enrol(cast.view(cast.hill), agrees=True)
    enrol(cast.view(cast.hill), agrees=True)
    row = Rater.objects.get(pk=cast.hill.pk)
    assert (row.is_active, len(row.alias.split())) == (False, 2)


def test_all_calibration_notes_are_rated_before_anything_counts(cast):
    notes = calibration(cast)
    enrol(cast.view(trusted(cast.hill)), agrees=True)
    hill = cast.view(cast.hill)
    for n, note in enumerate(notes):
        found, left = queries.calibration_for(hill)
        assert (found.note.id, left) == (note, 10 - n)
        assert not Rater.objects.get(pk=cast.hill.pk).is_active
        rate(hill, note, "yes" if n == 0 else "no", ["clear", "made_up"])
    assert Rater.objects.get(pk=cast.hill.pk).is_active
    assert queries.calibration_for(hill) == (None, 0)
    assert Rating.objects.filter(origin="calibration", reasons="clear").count() == 10


def test_who_answers_both_sentinels_wrong_is_not_activated(cast):
    notes = calibration(cast)
    enrol(cast.view(trusted(cast.hill)), agrees=True)
    for n, note in enumerate(notes):
        rate(cast.view(cast.hill), note, "no" if n == 0 else "yes")
    assert not Rater.objects.get(pk=cast.hill.pk).is_active


def test_few_calibration_notes_are_no_set(cast):
    for note in calibration(cast, count=3):
        join(cast.quay) if not Rater.objects.filter(pk=cast.quay.pk).exists() else None
        Rater.objects.update(is_active=False)
        rate(cast.view(cast.quay), note, "yes")
    assert not Rater.objects.get(pk=cast.quay.pk).is_active


def test_a_note_is_rated_once_by_each_and_not_by_its_author(cast):
    quay, hill = join(cast.quay).member, join(cast.hill).member
    note = proposed(cast, quay)
    with pytest.raises(Refused, match="own_note"):
        rate(view(quay), note.pk, "yes")
    with pytest.raises(Refused, match="not_a_rater"):
        rate(cast.view(cast.newcomer), note.pk, "yes")
    with pytest.raises(Invalid):
        rate(view(hill), note.pk, "perhaps")
    rate(view(hill), note.pk, "yes")
    rate(view(hill), note.pk, "no")
    assert list(Rating.objects.values_list("value", "origin")) == [(0, "self")]


def test_a_note_below_a_post_that_is_not_shown_is_rated_by_nobody(cast):
    note = proposed(cast, join(cast.quay).member)
    join(cast.hill)
    remove_post(cast.view(cast.mod), note.post_id, reason="It breaks a rule of the house.")
    with pytest.raises(NotFound):
        rate(view(cast.hill), note.pk, "yes")


def test_only_who_is_asked_answers_and_only_in_time(cast):
    join(cast.quay), join(cast.hill)
    note = proposed(cast, cast.quay)
    Note.objects.update(state="on_panel", panel=1)
    now = clock.now()
    seat = Seat.objects.create(
        note=note, panel=1, side=1, rater_id=cast.hill.pk, asked_at=now, expires_at=now
    )
    with pytest.raises(NotFound):
        answer(view(cast.quay), seat.pk, "yes")
    with pytest.raises(NotFound):
        answer(view(cast.hill), seat.pk, "yes")  # too late
    Seat.objects.update(expires_at=now.replace(year=now.year + 1))
    assert queries.seat_for(view(cast.hill))[0] == seat.pk
    answer(view(cast.hill), seat.pk, "somewhat")
    assert queries.seat_for(view(cast.hill)) is None
    with pytest.raises(NotFound):
        answer(view(cast.hill), seat.pk, "yes")  # it stands
    assert Rater.objects.get(pk=cast.hill.pk).answered == 1
    assert Rating.objects.get(rater_id=cast.hill.pk).origin == "panel"


def test_who_is_suspended_answers_nothing(cast):
    note = proposed(cast, join(cast.quay).member)
    join(cast.hill)
    suspended = view(cast.hill).__class__(
        member_id=cast.hill.pk, grants=view(cast.hill).grants, suspended_until=clock.now()
    )
    with pytest.raises(Refused, match="suspended"):
        rate(suspended, note.pk, "yes")


def many(cast, count=12):
    people = [rater(cast, f"Reader {n}") for n in range(count)]
    notes = calibration(cast)
    for n, member in enumerate(people):
        for at, note in enumerate(notes):
            likes = at < 1 or (at > 1 and (at + n) % 2 == 0)
            rate(view(member), note, "yes" if likes else "no")
    return people, notes


def test_leaving_erases_what_was_inferred(cast):
    """PRV-012, SEC-123: ratings, placement and the inputs of runs; what was written stays."""
    people, _ = many(cast)
    own = proposed(cast, people[0])
    run = Run.objects.get(pk=score())
    assert Placement.objects.filter(rater_id=people[0].pk).exists()
    Seat.objects.create(
        note=own, panel=1, side=1, rater_id=people[0].pk, asked_at=clock.now(),
        expires_at=clock.now(), answered_at=clock.now(), value=2,
    )  # fmt: skip
    assert replay(run.pk) == (True, (), 0)
    leave(view(people[0]))
    assert not Rating.objects.filter(rater_id=people[0].pk).exists()
    assert not Placement.objects.filter(rater_id=people[0].pk).exists()
    run.refresh_from_db()
    assert people[0].pk not in json.loads(zlib.decompress(bytes(run.inputs)))[0]
    assert replay(run.pk).erased == 1
    seat = Seat.objects.get()
    assert (seat.rater_id, seat.value) == (None, 2)
    assert queries.note_for(view(people[1]), own.pk).note.alias == ""


def test_a_run_that_was_changed_differs(cast):
    many(cast)
    run = Run.objects.get(pk=score())
    run.results["notes"] = {key: [0.5, 0.5] for key in run.results["notes"]}
    run.save()
    again = replay(run.pk)
    assert not again.is_identical
    assert again.differs_at[0].startswith("/notes/")
    with pytest.raises(NotFound):
        replay(run.pk + 1)


def test_too_little_said_is_no_run(cast):
    assert score() is None
