"""ABU-008, B9: of a network three count, and who echoes another counts as one with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rostra.forum.members.models import Session
from rostra.forum.notes.actions.panels import work_panels
from rostra.forum.notes.actions.runs import score
from rostra.forum.notes.independence import Said, crowded_out, echoes
from rostra.forum.notes.models import Engine, Note, Placement, Rater, Rating, Run, Seat
from rostra.forum.notes.queries import gates_for
from rostra.kernel import clock
from tests.forum.notes.readers import nominate, proposed
from tests.forum.notes.test_rating import many

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("networks", "out"),
    [
        ({1: ["a"], 2: ["a"], 3: ["a"]}, set()),
        ({1: ["a"], 2: ["a"], 3: ["a"], 4: ["a"]}, {4}),
        ({1: ["a"], 2: ["a"], 3: ["a"], 4: ["a", "home"]}, set()),  # is elsewhere as well
        ({1: ["a", "b"], 2: ["a"], 3: ["a"], 4: ["b"], 5: ["a", "b"]}, set()),
        ({1: ["a", "b"], 2: ["a", "b"], 3: ["a", "b"], 4: ["b"], 5: ["a", "b"]}, {4, 5}),
        ({4: []}, set()),  # nobody knows
    ],
)
def test_three_of_a_network_count(networks, out):
    assert crowded_out([1, 2, 3, 4, 5], networks) == out


def test_who_joined_first_counts():
    assert crowded_out([5, 4, 3, 2, 1], {key: ["a"] for key in range(1, 6)}) == {1, 2}


def said(rater_, notes, *, after=0, value=2):
    return [Said(rater_, note, value, NOW + timedelta(hours=note, minutes=after)) for note in notes]


@pytest.mark.parametrize(
    ("ratings", "out"),
    [
        (said(1, range(10)) + said(2, range(10), after=5), {2}),
        (said(2, range(10)) + said(1, range(10), after=5), {2}),  # whoever clicks first
        (said(1, range(9)) + said(2, range(9), after=5), set()),  # too few
        (said(1, range(10)) + said(2, range(10), after=21), set()),  # not together
        (said(1, range(10)) + said(2, range(10), after=5, value=0), set()),  # they disagree
        (said(1, range(20)) + said(2, range(19)) + said(2, [19], value=0), {2}),  # 95 of 100
        (said(1, range(30)) + said(2, range(10)) + said(2, range(40, 60)), set()),  # a third only
        (said(1, range(10)) + said(2, range(10)) + said(3, range(10)), {2, 3}),
    ],
)
def test_echoes_count_as_one(ratings, out):
    assert echoes([1, 2, 3], ratings) == out


def come_from(member, network):
    Session.objects.create(
        session_key=f"{member.pk:032d}", expire_date=clock.now() + timedelta(days=9),
        member_id=member.pk, network=network, seen_at=clock.now(), begun_at=clock.now(),
    )  # fmt: skip


@pytest.mark.django_db
def test_four_of_a_network_are_three_in_the_fit_and_on_panels(cast):
    people, _ = many(cast, 30)
    before = score()
    assert before is not None and Placement.objects.count() == 30
    for member in people[:5]:
        come_from(member, "198.51.100.0/24")
    run = Run.objects.get(pk=score())
    assert run.set_aside == 2
    out = {people[3].pk, people[4].pk}
    assert set(Rater.objects.filter(counts=False).values_list("pk", flat=True)) == out
    assert not Placement.objects.filter(rater_id__in=out).exists()
    assert gates_for(cast.view(cast.admin))[0].set_aside == 2
    note = proposed(cast, people[9])
    nominate(note, [people[3], people[4], *people[5:8]])  # three that count are too few
    Engine.objects.update(mode="broad")
    work_panels()
    assert Note.objects.get(pk=note.pk).state == "proposed"
    Session.objects.all().delete()
    score()
    assert not Rater.objects.filter(counts=False).exists()
    Engine.objects.update(mode="broad")
    work_panels()
    assert Note.objects.get(pk=note.pk).state == "on_panel"
    assert Seat.objects.filter(note=note).exists()
    assert Rating.objects.filter(rater_id__in=out).exists()  # nothing they said is gone
