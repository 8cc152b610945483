"""Panels of both sides decide, in rounds (B5, B7, B9)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.events import ClaimChanged
from rostra.forum.documents.events import DocumentRead
from rostra.forum.notes.actions import panels
from rostra.forum.notes.actions.panels import work_panels
from rostra.forum.notes.actions.runs import score
from rostra.forum.notes.actions.writing import ask_review
from rostra.forum.notes.models import Engine, Note, Placement, Rater, Rating, Run, Seat
from rostra.kernel import clock, jobs
from rostra.kernel.events import emit
from tests.forum.notes.readers import answer_all, calibration, nominate, proposed, rater, view
from tests.forum.notes.test_rating import many

pytestmark = pytest.mark.django_db


@pytest.fixture
def camps(cast):
    """Fifteen of each side, and who writes."""
    Engine.objects.create(pk=1, mode="sides")
    one = [rater(cast, f"Reader {n}", side=-1) for n in range(15)]
    other = [rater(cast, f"Reader {n}", side=1) for n in range(15, 30)]
    return one, other, rater(cast, "Writer", side=-1)


@pytest.fixture
def note(cast, camps):
    found = proposed(cast, camps[2])
    nominate(found, [*camps[0][:3], *camps[1][:2]])
    return found


def work(times=1):
    for _ in range(times):
        work_panels(Random(1))


def later(**words):
    """Let time pass for whoever was asked."""
    by = timedelta(**words)
    for row in Rater.objects.exclude(asked_at=None):
        Rater.objects.filter(pk=row.pk).update(asked_at=row.asked_at - by)
    for seat in Seat.objects.all():
        Seat.objects.filter(pk=seat.pk).update(expires_at=seat.expires_at - by)


def test_what_both_sides_find_helpful_is_shown(note):
    work()
    note.refresh_from_db()
    assert note.state == "on_panel"
    sides = list(Seat.objects.values_list("side", flat=True))
    assert (sides.count(-1), sides.count(1)) == (9, 9), "six answers of each, at the usual rate"
    work()
    assert Seat.objects.count() == 18, "nobody more is asked while they have time"
    answer_all("yes")
    work()
    note.refresh_from_db()
    assert (note.state, note.told) == ("shown", [[9, 9], [9, 9]])


def test_what_one_side_likes_is_not_shown(note):
    work()
    answer_all(lambda side: "yes" if side < 0 else "no")
    work()
    note.refresh_from_db()
    assert note.state == "no_agreement"


def test_what_neither_likes_is_not_helpful(note):
    work()
    answer_all("no")
    work()
    note.refresh_from_db()
    assert note.state == "not_helpful"


def test_who_does_not_answer_in_time_is_replaced_and_another_round_asks_more(note):
    work()
    later(days=4)
    work()
    assert Seat.objects.count() > 18
    answer_all("somewhat")
    work()
    note.refresh_from_db()
    assert (note.state, note.round) == ("on_panel", 2)
    for _ in range(4):
        later(days=4)
        work()
        answer_all("somewhat")
    work()
    note.refresh_from_db()
    assert note.state == "no_agreement"


def test_few_ratings_or_few_that_are_helpful_nominate_nothing(cast, camps):
    few = proposed(cast, camps[2])
    nominate(few, camps[0][:4])
    work()
    few.refresh_from_db()
    assert few.state == "proposed"
    Rating.objects.update(value=0)
    nominate(few, camps[1][:2])
    work()
    few.refresh_from_db()
    assert few.state == "proposed"


def test_neither_the_author_nor_who_rated_it_sits_on_the_panel(note, camps):
    """Of fifteen, twelve did not rate it: they are drawn. What was said before decides nothing."""
    work()
    seated = set(Seat.objects.values_list("rater_id", flat=True))
    assert camps[2].pk not in seated
    assert not seated & {member.pk for member in (*camps[0][:3], *camps[1][:2])}


def test_fifty_who_rate_first_change_nothing(cast, note, camps):
    """SEC-122: a brigade of fresh accounts, unplaced, rates as it likes."""
    for n in range(50):
        member = rater(cast, f"Fresh {n}")
        Rating.objects.create(note=note, rater_id=member.pk, value=0, origin="self", at=clock.now())
    work()
    assert not Seat.objects.filter(rater__placement=None).exists()
    answer_all("yes")
    work()
    note.refresh_from_db()
    assert note.state == "shown"


def test_a_review_asks_others_and_the_note_stays_shown_meanwhile(cast, note, camps):
    work()
    answer_all("yes")
    work()
    before = set(Seat.objects.values_list("rater_id", flat=True))
    ask_review(cast.view(cast.quay), note.pk)
    note.refresh_from_db()
    assert note.state == "under_review"
    later(days=4)
    work()
    again = set(Seat.objects.filter(panel=2).values_list("rater_id", flat=True))
    assert again
    assert not again & before
    answer_all("no")
    work()
    note.refresh_from_db()
    while note.state == "under_review":
        later(days=4)
        work()
        answer_all("no")
        note.refresh_from_db()
    assert note.state == "taken_back"


def test_below_the_gates_nothing_is_put_before_a_panel(note):
    Engine.objects.update(mode="collect")
    work()
    note.refresh_from_db()
    assert note.state == "proposed"


def test_without_lasting_sides_one_pool_decides(note):
    Engine.objects.update(mode="broad")
    Placement.objects.all().delete()
    work()
    assert set(Seat.objects.values_list("side", flat=True)) == {0}
    answer_all("yes")
    work()
    note.refresh_from_db()
    assert (note.state, note.is_broad, len(note.told)) == ("shown", True, 1)


def test_whose_notes_help_nobody_answers_panels_first(cast, camps):
    posts = [cast.barrier.posts.get(number=1)] * 3
    for n, post in enumerate(posts):
        found = proposed(cast, camps[2], post=post, text=f"Note number {n}, as long as it must be.")
        Note.objects.filter(pk=found.pk).update(state="on_panel", panel=1, round=1)
        found.refresh_from_db()
        panels._settle(found, [panels.Answers(0, 6), panels.Answers(0, 6)], can_ask=True)
    assert Rater.objects.get(pk=camps[2].pk).must_answer == 5


def test_the_gates_open_when_three_nights_say_so(cast):
    people = [rater(cast, f"Reader {n}") for n in range(32)]
    for at, note in enumerate(calibration(cast)):
        for n, member in enumerate(people):
            likes = at == 0 or (at > 1 and (at // 2 + n) % 2 == 0)
            Rating.objects.create(
                note_id=note, rater_id=member.pk, value=2 if likes else 0, origin="calibration",
                at=clock.now(),
            )  # fmt: skip
    for night in range(3):
        assert score() is not None
        assert Engine.objects.get(pk=1).mode == ("sides" if night == 2 else "collect")
    run = Run.objects.latest("id")
    assert (run.active, run.smaller_side, run.mode) == (32, 16, "sides")
    sides = dict(Placement.objects.values_list("rater_id", "side"))
    assert len({sides[member.pk] for member in people[::2]}) == 1
    assert sides[people[0].pk] != sides[people[1].pk]
    Rater.objects.filter(pk__in=[member.pk for member in people[:10]]).update(is_active=False)
    for night in range(3):
        score()
        assert Engine.objects.get(pk=1).mode == ("collect" if night == 2 else "sides")


def test_another_axis_is_believed_only_when_it_is_found_again(cast):
    people, _ = many(cast)
    score()
    sides = dict(Placement.objects.values_list("rater_id", "side"))
    half = [member.pk for n, member in enumerate(people) if n % 4 < 2]
    Placement.objects.filter(rater_id__in=half).update(factor=0.7)
    Placement.objects.exclude(rater_id__in=half).update(factor=-0.7)
    Placement.objects.update(side=0)
    score()
    assert Run.objects.latest("id").has_moved
    assert set(Placement.objects.values_list("side", flat=True)) == {0}
    score()
    assert not Run.objects.latest("id").has_moved
    now = dict(Placement.objects.values_list("rater_id", "side"))
    assert now in (sides, {key: -side for key, side in sides.items()})


def test_who_is_asked_may_read_the_post(cast, camps):
    """A note in a private board asks only who may read there."""
    Rater.objects.create(member=cast.mod, alias="Mod", consented_at=clock.now(), is_active=True)
    secret = cast.secret.posts.get(number=1)
    found = proposed(cast, cast.mod, post=secret)
    Note.objects.filter(pk=found.pk).update(state="on_panel", panel=1)
    work()
    assert not Seat.objects.exists()
    assert view(cast.mod)


def shown_note(cast, author, **more):
    found = proposed(cast, author)
    Note.objects.filter(pk=found.pk).update(state="shown", state_at=clock.now(), **more)
    return found


def test_a_note_is_looked_at_again_when_the_status_of_its_claim_changes(cast, camps):
    opening = cast.barrier.posts.get(number=1)
    claim = make_claim(cast.view(cast.mod), opening.pk, "It was closed in time.", words="")
    note = shown_note(cast, camps[2], claim_id=claim.pk)
    other = shown_note(cast, rater(cast, "Another", side=1))
    jobs.run_due()
    Note.objects.update(state="shown")
    emit(
        ClaimChanged(
            claim_id=claim.pk, what="x", member_id=None, was="contested", status="contested"
        )
    )
    jobs.run_due()
    assert set(Note.objects.values_list("state", flat=True)) == {"shown"}
    emit(
        ClaimChanged(
            claim_id=claim.pk, what="x", member_id=None, was="contested", status="conceded"
        )
    )
    jobs.run_due()
    states = dict(Note.objects.values_list("pk", "state"))
    assert states == {note.pk: "under_review", other.pk: "shown"}


@pytest.mark.parametrize(("state", "after"), [("live", "shown"), ("gone", "under_review")])
def test_a_note_is_looked_at_again_when_a_source_is_gone(cast, camps, state, after):
    note = shown_note(cast, camps[2])
    document_id = note.sources.values_list("document_id", flat=True).get()
    emit(DocumentRead(document_id=document_id, state=state))
    while jobs.run_due():
        pass
    note.refresh_from_db()
    assert note.state == after
