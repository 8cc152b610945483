"""A poll above a thread that waits: seen by who decides, and there whatever comes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from rostra.forum.holds.models import Hold
from rostra.forum.polls.actions import start_with_poll
from rostra.forum.polls.models import Poll
from rostra.forum.polls.queries import find_poll
from rostra.forum.polls.rules import Plan
from rostra.forum.threads.actions.approving import Decision, decide_held
from rostra.forum.threads.actions.posts import edit_post
from rostra.forum.threads.composing import draft_for
from rostra.forum.threads.models import Thread
from rostra.kernel import clock, jobs
from rostra.transfer.integrity import examine
from rostra.web.ballot import plan_in

PLAN = Plan(
    "Which way?", ("The quay", "Mill Street", "Neither"), most=2, days=3, is_public=True,
    may_change=False, shows_results=False,
)  # fmt: skip


@pytest.fixture
def thread(cast, monkeypatch):
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, held_first_posts=1))
    viewer = cast.view(cast.newcomer)
    return start_with_poll(viewer, cast.harbour.pk, "Tram", "Let us see.", PLAN)


def revise(cast, thread):
    post = thread.posts.get()
    edit_post(cast.view(cast.newcomer), post.pk, "Let us see what you think.")


def decide(cast, **decision):
    held = Hold.objects.get()
    decide_held(cast.view(cast.mod), held.pk, held.version, Decision(**decision))
    while jobs.run_due():
        continue


def seen(cast, thread):
    return find_poll(cast.view(cast.hill), thread.pk, Thread.objects.get(pk=thread.pk))


def test_let_through_it_is_asked_and_its_time_begins(cast, thread):
    with time_machine.travel(clock.now() + timedelta(days=5)):
        decide(cast, do="approve")
        poll = seen(cast, thread)
        assert (poll.plan, bool(poll.may_vote)) == (PLAN._replace(days=None), True)
        left = poll.closes_at - clock.now()
        assert timedelta(days=2) < left <= timedelta(days=3)
    assert examine() == []  # of today: in five days a backup would be missed


def test_one_that_was_ended_meanwhile_stays_so(cast, thread):
    ended = clock.now()
    Poll.objects.update(closes_at=ended)
    decide(cast, do="approve")
    assert Poll.objects.get().closes_at == ended


@pytest.mark.parametrize("is_revised", [False, True])
def test_given_back_it_is_in_the_draft_as_it_was_asked(cast, thread, is_revised):
    if is_revised:
        revise(cast, thread)
    decide(cast, do="return", words="Please say where this can be read.")
    draft = draft_for(cast.view(cast.newcomer), f"b{cast.harbour.pk}")
    values = dict.fromkeys(
        ("poll_question", "poll_options", "poll_most", "poll_days", "poll_public", "poll_fixed",
         "poll_hidden"), "",
    )  # fmt: skip
    assert plan_in({**values, **draft.more}) == PLAN
