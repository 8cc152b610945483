"""Starting a thread with a poll, voting, changing and closing polls."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from rostra.forum.access.viewer import Viewer
from rostra.forum.holds import actions as holds
from rostra.forum.polls import rules
from rostra.forum.polls.events import PollChanged, PollVoted
from rostra.forum.polls.models import Option, Poll, Vote
from rostra.forum.polls.rules import Plan
from rostra.forum.threads.actions.logging import log_act
from rostra.forum.threads.actions.posts import NOT_BY_FORM
from rostra.forum.threads.actions.rows import locked_thread, opening_stands, save_changed
from rostra.forum.threads.actions.threads import check_opening, start_thread
from rostra.forum.threads.heads import PLAIN, Head
from rostra.forum.threads.submissions import Sent
from rostra.forum.threads.waiting import opening_that_waits
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, NotFound, Refused
from rostra.kernel.events import emit

if TYPE_CHECKING:
    from rostra.forum.threads.models import Thread


@transaction.atomic
def start_with_poll(
    viewer: Viewer,
    board_id: int,
    title: str,
    source: str,
    plan: Plan,
    *,
    head: Head = PLAIN,
    sent: Sent = NOT_BY_FORM,
) -> Thread:
    """Start a thread with a poll above its opening post; emits PostPublished.

    The same form again returns the same thread, with the one poll.
    """
    gathered = Gathered()
    with gathered:
        check_opening(title, source, head)
    with gathered:
        plan = rules.checked(plan)
    gathered.enforce()
    thread = start_thread(
        viewer, board_id, title, source, head=head, sent=sent, beside=repr(tuple(plan))
    )
    if thread.has_poll:
        return thread
    thread = locked_thread(viewer, thread.pk)
    poll = Poll(thread=thread)
    put_down(poll, plan)
    thread.has_poll = True
    save_changed(thread)
    if thread.state == "pending":
        # With what waits: who decides sees it, and it is in the draft if it is given back.
        opening = opening_that_waits(thread.pk) or 0
        holds.keep_beside(opening, {**rules.fields_of(plan), "poll_ends": moment(poll.closes_at)})
    return thread


@transaction.atomic
def vote(viewer: Viewer, thread_id: int, chosen: Collection[int]) -> None:
    """Cast one's ballot, by places of options, or cast it anew; emits PollVoted.

    The same ballot again changes nothing. All votes of a thread come one after another: its row
    is locked before anything is read (REL-016).
    """
    member_id = viewer.require_member()
    thread, poll = locked_poll(viewer, thread_id)
    options = {option.place: option for option in poll.options.all()}
    places = rules.check_ballot(chosen, len(options), poll.most)
    mine = Vote.objects.filter(poll=poll, member_id=member_id)
    had = frozenset(mine.values_list("option__place", flat=True))
    if had == places:
        return
    if not opening_stands(thread):
        raise Refused("post_not_standing")
    rules.may_vote(viewer, thread, poll, clock.now(), has_voted=bool(had)).enforce()
    mine.filter(option__place__in=had - places).delete()
    Vote.objects.bulk_create(
        Vote(poll=poll, option=options[place], member_id=member_id, at=clock.now())
        for place in sorted(places - had)
    )
    for given, change in ((places - had, 1), (had - places, -1)):
        Option.objects.filter(poll=poll, place__in=given).update(
            vote_count=F("vote_count") + change
        )
    if not had:
        Poll.objects.filter(pk=poll.pk).update(voter_count=F("voter_count") + 1)
    save_changed(thread)
    emit(PollVoted(thread_id=thread.pk))


@transaction.atomic
def edit_poll(viewer: Viewer, thread_id: int, plan: Plan, *, reason: str = "") -> None:
    """Change a poll nobody has voted in; emits PollChanged.

    A moderator may change the words of another's even then, not what the votes were given under;
    it is logged.
    """
    thread, poll = locked_poll(viewer, thread_id)
    rules.may_edit(viewer, thread, poll, clock.now()).enforce()
    old = plan_of(poll)
    plan = rules.checked(plan, there=len(old.options))
    if plan == old:
        return
    if poll.voter_count and not only_words_differ(old, plan):
        raise Refused("poll_has_votes")
    log_n, before, ends = None, told(poll), poll.closes_at
    put_down(poll, plan)
    if thread.starter_id != viewer.require_member():
        facts = (
            None
            if poll.closes_at == ends
            else {"ended": moment(ends), "ends": moment(poll.closes_at)}
        )
        log_n = log_act(
            viewer, "poll.edit", thread, reason, before=before, after=told(poll), facts=facts
        )
    save_changed(thread)
    emit(PollChanged(thread_id=thread.pk, log_n=log_n))


@transaction.atomic
def close_poll(viewer: Viewer, thread_id: int, *, reason: str = "") -> None:
    """End a poll now; emits PollChanged. No vote is taken after this; a moderator's is logged."""
    thread, poll = locked_poll(viewer, thread_id)
    rules.may_close(viewer, thread, poll, clock.now()).enforce()
    log_n = None
    if thread.starter_id != viewer.require_member():
        facts = {"ended": moment(poll.closes_at)}  # what it gets back where that is overturned
        log_n = log_act(viewer, "poll.close", thread, reason, facts=facts)
    poll.closes_at = clock.now()
    poll.save(update_fields=["closes_at"])
    save_changed(thread)
    emit(PollChanged(thread_id=thread.pk, log_n=log_n))


def plan_of(poll: Poll) -> Plan:
    """Return what a poll is, but for its end."""
    texts = tuple(poll.options.order_by("place").values_list("text", flat=True))
    return Plan(
        poll.question, texts, poll.most, None, poll.is_public, poll.may_change, poll.shows_results
    )


def told(poll: Poll) -> str:
    """Return what a poll is, but for its end, as the log keeps it: JSON."""
    return json.dumps(plan_of(poll)._asdict(), ensure_ascii=False)


def moment(at: datetime | None) -> str:
    """Return when a poll ends, as the log keeps it; "" where it does not by itself."""
    return "" if at is None else at.isoformat()


def locked_poll(viewer: Viewer, thread_id: int) -> tuple[Thread, Poll]:
    """Return a thread and its poll, locked; raises NotFound."""
    thread = locked_thread(viewer, thread_id)
    poll = Poll.objects.filter(thread=thread).first()
    if poll is None:
        raise NotFound
    return thread, poll


def only_words_differ(old: Plan, new: Plan) -> bool:
    """Return whether nothing differs that votes were given under."""
    worded = old._replace(question=new.question, options=new.options)
    return len(old.options) == len(new.options) and worded == new


def put_down(poll: Poll, plan: Plan) -> None:
    """Write a poll and its options; those that have votes keep their places."""
    poll.question, poll.most, poll.is_public = plan.question, plan.most, plan.is_public
    poll.may_change, poll.shows_results = plan.may_change, plan.shows_results
    if plan.days is not None:
        poll.closes_at = clock.now() + timedelta(days=plan.days)
    poll.save()
    for place, text in enumerate(plan.options, 1):
        Option.objects.update_or_create(poll=poll, place=place, defaults={"text": text})
    poll.options.filter(place__gt=len(plan.options)).delete()
