"""Whom community notes concern is told, and nobody who said what."""

from __future__ import annotations

import pytest

from rostra.effects.notifications.models import Notification
from rostra.forum.members.models import Member
from rostra.forum.notes.actions.panels import work_panels
from rostra.forum.notes.models import Engine, Note, Seat
from rostra.kernel import jobs
from tests.effects.notifications.test_telling import work
from tests.forum.notes.readers import answer_all, nominate, proposed, rater

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(cast, monkeypatch):
    """A note below Quay's post that both sides have rated."""
    monkeypatch.setattr(jobs, "clockworks", [])  # panels would be worked on in between
    Engine.objects.create(pk=1, mode="sides")
    people = [rater(cast, f"Reader {n}", side=1 if n % 2 else -1) for n in range(20)]
    found = proposed(cast, rater(cast, "Writer", side=-1))
    nominate(found, people[:5])
    work()
    Notification.objects.all().delete()
    Member.objects.update(bell=0)
    return found


def told():
    work()
    return sorted(Notification.objects.values_list("member__name", "kind", "actor"))


def test_who_is_drawn_is_told_and_then_whose_post_it_is(cast, note):
    work_panels()
    asked = {seat.rater.member.name for seat in Seat.objects.all()}
    assert told() == sorted((name, "panel", None) for name in asked)
    Notification.objects.all().delete()
    answer_all("yes")
    work_panels()
    assert Note.objects.get().state == "shown"
    assert told() == [("Quay", "note", None)]


def test_what_is_not_shown_is_told_to_nobody(cast, note):
    work_panels()
    told()
    Notification.objects.all().delete()
    answer_all("no")
    work_panels()
    assert told() == []


def test_a_notification_of_a_panel_leads_to_its_question(client, settings, note):
    work_panels()
    work()
    seat = Seat.objects.first()
    client.defaults["HTTP_HOST"] = "localhost:8000"
    client.force_login(seat.rater.member, backend=settings.AUTHENTICATION_BACKENDS[0])
    row = Notification.objects.get(member_id=seat.rater_id)
    assert client.get(f"/notifications/{row.pk}").headers["Location"] == "/notes/rate"
