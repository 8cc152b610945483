"""Voting by the actions: one ballot each, counted exactly; both databases."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from rostra.forum.members.models import Member
from rostra.forum.modlog.models import LogEntry
from rostra.forum.modlog.queries import first_fault
from rostra.forum.polls.actions import close_poll, edit_poll, start_with_poll, vote
from rostra.forum.polls.models import Option, Poll, Vote
from rostra.forum.polls.queries import find_poll, voters_of
from rostra.forum.polls.rules import Plan
from rostra.forum.threads.actions.posts import remove_post, withdraw_post
from rostra.forum.threads.actions.threads import lock_thread
from rostra.forum.threads.models import Post, Thread
from rostra.forum.threads.submissions import Sent, fresh_key
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.models import Job
from rostra.transfer.integrity import examine

REASON = "The question names a private person."
PLAN = Plan("Which way?", ("The quay", "Mill Street", "Neither"))
MANY = PLAN._replace(most=2)


def polled(cast, plan=PLAN, who="quay", **options):
    viewer = cast.view(getattr(cast, who))
    return start_with_poll(viewer, cast.harbour.pk, "Tram", "Let us see.", plan, **options)


def seen(cast, thread, who=None):
    viewer = cast.view(who and getattr(cast, who))
    return find_poll(viewer, thread.pk, Thread.objects.get(pk=thread.pk))


def counts(cast, thread, who=None):
    return [option.votes for option in seen(cast, thread, who).options]


def version(thread):
    return Thread.objects.get(pk=thread.pk).version


def test_a_thread_starts_with_its_poll_or_not_at_all(cast):
    thread = polled(cast, PLAN._replace(days=3))
    poll = seen(cast, thread)
    assert (poll.question, [option.text for option in poll.options]) == (
        PLAN.question,
        [*PLAN.options],
    )
    assert timedelta(days=2) < poll.closes_at - datetime.now(UTC) <= timedelta(days=3)
    assert (
        Thread.objects.get(pk=thread.pk).has_poll,
        Poll.objects.filter(thread=cast.barrier).exists(),
    ) == (True, False)
    before = Thread.objects.count()
    with pytest.raises(Invalid) as caught:
        start_with_poll(cast.view(cast.quay), cast.harbour.pk, "", "Words.", Plan("Q?", ("One",)))
    assert caught.value.fields == {"title": "empty", "poll_options": "poll_options_number"}
    assert Thread.objects.count() == before


def test_the_same_form_is_one_thread_with_one_poll(cast):
    """REL-011."""
    sent = Sent(fresh_key())
    first = polled(cast, sent=sent)
    assert polled(cast, sent=sent).pk == first.pk
    assert Poll.objects.count() == 1
    with pytest.raises(Invalid):
        polled(cast, MANY, sent=sent)


def test_a_vote_is_counted_once(cast):
    thread = polled(cast)
    vote(cast.view(cast.hill), thread.pk, [2])
    before = version(thread)
    vote(cast.view(cast.hill), thread.pk, [2])  # a double click
    assert version(thread) == before
    vote(cast.view(cast.mod), thread.pk, [2])
    assert (counts(cast, thread), seen(cast, thread).voter_count) == ([0, 2, 0], 2)
    assert version(thread) > before
    assert examine() == []


def test_a_vote_is_changed_as_a_whole(cast):
    thread = polled(cast, MANY)
    vote(cast.view(cast.hill), thread.pk, [1, 2])
    vote(cast.view(cast.hill), thread.pk, [2, 3])
    assert (counts(cast, thread), seen(cast, thread).voter_count) == ([0, 1, 1], 1)
    assert [option.is_mine for option in seen(cast, thread, "hill").options] == [False, True, True]
    with pytest.raises(Invalid):
        vote(cast.view(cast.hill), thread.pk, [1, 2, 3])
    assert counts(cast, thread) == [0, 1, 1]
    assert examine() == []


def test_where_votes_stay_a_second_is_refused(cast):
    thread = polled(cast, PLAN._replace(may_change=False))
    vote(cast.view(cast.hill), thread.pk, [1])
    with pytest.raises(Refused) as caught:
        vote(cast.view(cast.hill), thread.pk, [2])
    assert caught.value.reason == "vote_is_cast"
    vote(cast.view(cast.hill), thread.pk, [1])
    assert counts(cast, thread) == [1, 0, 0]


def test_no_second_row_can_be_written(cast):
    thread = polled(cast)
    vote(cast.view(cast.hill), thread.pk, [1])
    row = Vote.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(poll=row.poll, option=row.option, member=row.member, at=row.at)


def test_a_poll_ends_by_its_day_and_by_hand(cast):
    thread, other = polled(cast, PLAN._replace(days=1)), polled(cast)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=False):
        with pytest.raises(Refused) as caught:
            vote(cast.view(cast.hill), thread.pk, [1])
        assert (caught.value.reason, seen(cast, thread).is_closed) == ("poll_closed", True)
    vote(cast.view(cast.hill), other.pk, [1])
    close_poll(cast.view(cast.quay), other.pk)
    for who in (cast.hill, cast.mod):
        with pytest.raises(Refused):
            vote(cast.view(who), other.pk, [2])
    with pytest.raises(Refused):
        close_poll(cast.view(cast.quay), other.pk)
    assert counts(cast, other) == [1, 0, 0]


def test_results_can_wait_for_ones_own_vote(cast):
    thread = polled(cast, PLAN._replace(shows_results=False))
    vote(cast.view(cast.hill), thread.pk, [1])
    for who in (None, "quay", "mod"):
        assert counts(cast, thread, who) == [None] * 3
    assert counts(cast, thread, "hill") == [1, 0, 0]
    close_poll(cast.view(cast.quay), thread.pk)
    assert counts(cast, thread) == [1, 0, 0]


def test_a_secret_vote_is_told_to_nobody(cast):
    """Not to its author, not to moderators, not by events or the log."""
    thread = polled(cast)
    Job.objects.all().delete()
    vote(cast.view(cast.hill), thread.pk, [1])
    for who in ("quay", "mod", "admin"):
        poll = seen(cast, thread, who)
        assert not any(option.is_mine for option in poll.options)
        assert voters_of(poll) == []
    assert [job.payload for job in Job.objects.all()] == [{"thread_id": thread.pk}]
    assert not LogEntry.objects.filter(thread_id=thread.pk).exists()


def test_a_public_vote_is_told_newest_first_once_results_are(cast):
    thread = polled(cast, PLAN._replace(is_public=True, shows_results=False))
    vote(cast.view(cast.hill), thread.pk, [1])
    vote(cast.view(cast.mod), thread.pk, [3])
    assert voters_of(seen(cast, thread)) == []
    rows = voters_of(seen(cast, thread, "hill"))
    assert [(row.name, row.option) for row in rows] == [
        ("Mod Ferris", "Neither"),
        ("Hill", "The quay"),
    ]
    assert [row.name for row in voters_of(seen(cast, thread, "hill"), before=rows[0].id)] == [
        "Hill"
    ]


def test_its_author_changes_a_poll_until_somebody_votes(cast):
    thread = polled(cast)
    fewer = Plan("Whither?", ("Left", "Right"), most=2, is_public=True)
    edit_poll(cast.view(cast.quay), thread.pk, fewer)
    assert seen(cast, thread).plan == fewer
    vote(cast.view(cast.hill), thread.pk, [1])
    with pytest.raises(Refused) as caught:
        edit_poll(cast.view(cast.quay), thread.pk, PLAN)
    assert caught.value.reason == "poll_has_votes"
    assert Option.objects.filter(poll_id=thread.pk).count() == 2
    assert not LogEntry.objects.filter(thread_id=thread.pk).exists()


def test_a_moderator_changes_words_alone_and_it_is_logged(cast):
    """SEC-120."""
    thread = polled(cast)
    vote(cast.view(cast.hill), thread.pk, [1])
    clean = PLAN._replace(options=("The quay", "Mill Street", "—"))
    with pytest.raises(Invalid):
        edit_poll(cast.view(cast.mod), thread.pk, clean)
    for other in (MANY, PLAN._replace(options=PLAN.options[:2]), PLAN._replace(is_public=True)):
        with pytest.raises(Refused):
            edit_poll(cast.view(cast.mod), thread.pk, other, reason=REASON)
    edit_poll(cast.view(cast.mod), thread.pk, clean, reason=REASON)
    assert (seen(cast, thread).plan, counts(cast, thread)) == (clean, [1, 0, 0])
    close_poll(cast.view(cast.mod), thread.pk, reason=REASON)
    entries = LogEntry.objects.filter(thread_id=thread.pk).order_by("n")
    assert [entry.kind for entry in entries] == ["poll.edit", "poll.close"]
    assert first_fault() is None


@pytest.mark.parametrize("who", [None, "newcomer"])
def test_nobody_else_changes_or_closes_it(cast, who):
    thread = polled(cast)
    viewer = cast.view(who and getattr(cast, who))
    with pytest.raises(Refused):
        edit_poll(viewer, thread.pk, MANY)
    with pytest.raises(Refused):
        close_poll(viewer, thread.pk)


def test_nothing_moves_in_what_is_locked_gone_or_unseen(cast):
    """SEC-049, 066."""
    thread, secret = polled(cast), None
    secret = start_with_poll(cast.view(cast.mod), cast.staff_room.pk, "S", "W", PLAN)
    for number in (secret.pk, cast.barrier.pk, 987_654):
        with pytest.raises(NotFound):
            vote(cast.view(cast.hill), number, [1])
    with pytest.raises(Refused):
        vote(cast.view(None), thread.pk, [1])
    opening = Post.objects.get(thread=thread)
    remove_post(cast.view(cast.mod), opening.pk, REASON)
    with pytest.raises(Refused):
        vote(cast.view(cast.hill), thread.pk, [1])
    gone = polled(cast)
    withdraw_post(cast.view(cast.quay), Post.objects.get(thread=gone).pk)
    with pytest.raises(Refused):
        vote(cast.view(cast.hill), gone.pk, [1])
    locked = polled(cast)
    lock_thread(cast.view(cast.mod), locked.pk, locked=True, reason=REASON)
    with pytest.raises(Refused):
        vote(cast.view(cast.hill), locked.pk, [1])
    assert not Vote.objects.exists()


def test_the_suspended_do_not_vote(cast):
    thread = polled(cast)
    Member.objects.filter(pk=cast.hill.pk).update(suspended_until=datetime.now(UTC) + timedelta(1))
    with pytest.raises(Refused):
        vote(cast.view(cast.hill), thread.pk, [1])


@pytest.mark.parametrize(
    "harm",
    [
        lambda: Option.objects.filter(place=1).update(vote_count=7),
        lambda: Poll.objects.update(voter_count=7),
        lambda: Thread.objects.update(has_poll=False),
        lambda: Thread.objects.update(has_poll=True),
    ],
)
def test_the_doctor_mends_what_is_counted(cast, harm):
    thread = polled(cast)
    vote(cast.view(cast.hill), thread.pk, [1])
    assert examine() == []
    harm()
    assert [finding.is_mended for finding in examine(repair=True)] == [True]
    assert (counts(cast, thread), Thread.objects.filter(has_poll=True).count()) == ([1, 0, 0], 1)
