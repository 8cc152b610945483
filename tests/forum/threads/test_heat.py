"""ABU-011: posts in a row, two who write at each other, a thread in which many report."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from rostra.forum.appeals.queries import find_appeal
from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.cases.rules import is_heated
from rostra.forum.members.actions import create_member
from rostra.forum.members.models import Member
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.threads import heat, submissions
from rostra.forum.threads.actions import posts, threads
from rostra.forum.threads.heat import Said
from rostra.forum.threads.models import MemberStats, Post, Thread
from rostra.forum.threads.submissions import Sent
from rostra.kernel.errors import Invalid, Refused, TooMany

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ME, OTHER, THIRD = 1, 2, 3


def said(*authors, every=timedelta(minutes=1)):
    """Return posts, the newest first; authors: in order of time."""
    times = range(len(authors), 0, -1)
    return [Said(one, NOW - n * every) for one, n in zip(authors, times, strict=True)][::-1]


@pytest.mark.parametrize(
    ("authors", "most", "waits"),
    [
        ([ME, ME, ME], 3, True),
        ([OTHER, ME, ME, ME], 3, True),
        ([ME, ME, OTHER, ME], 3, False),
        ([ME, ME], 3, False),
        ([], 3, False),
        ([ME] * 20, 0, False),  # without an end
        ([ME, ME, None], 3, False),  # an imported guest
    ],
)
def test_how_many_may_follow_one_another(authors, most, waits):
    assert bool(heat.wait_for_others(most, said(*authors), ME, NOW)) is waits


def test_a_row_ends_by_itself_a_day_after_its_first_post():
    latest = said(ME, ME, ME)
    wait = heat.wait_for_others(3, latest, ME, NOW)
    assert wait.until == latest[-1].at + timedelta(days=1)
    assert heat.wait_for_others(3, latest, ME, wait.until) is None


@pytest.mark.parametrize(
    ("authors", "alone"),
    [
        ([ME, OTHER] * 4, 8),
        ([THIRD] + [ME, OTHER] * 4, 8),
        ([ME, OTHER] * 4 + [THIRD], 0),  # somebody came between
        ([ME, OTHER, THIRD] * 4, 0),
        ([OTHER, OTHER, ME, ME] * 2, 8),
        ([ME] * 9 + [OTHER], 0),  # who tells, and one remark
        ([ME, OTHER] * 2 + [None] + [ME, OTHER] * 3, 6),
        ([OTHER, THIRD] * 6, 0),  # others' affair
    ],
)
def test_who_is_alone_with_another(authors, alone):
    assert heat.alone_with_another(said(*authors), ME, NOW) == alone


def test_only_what_was_written_within_the_hour_counts():
    latest = said(*[ME, OTHER] * 6, every=timedelta(minutes=9))
    assert heat.alone_with_another(latest, ME, NOW) == 6


def test_each_of_two_waits_ten_minutes_after_their_own_last_post():
    latest = said(*[ME, OTHER] * 6)
    assert heat.wait_for_calm(latest, ME, NOW).until == latest[1].at + heat.PAUSE
    assert heat.wait_for_calm(latest, OTHER, NOW).until == latest[0].at + heat.PAUSE
    assert heat.wait_for_calm(latest, THIRD, NOW) is None
    assert heat.wait_for_calm(latest[:10], ME, NOW) is None


@pytest.mark.parametrize(
    ("weights", "authors", "heated"),
    [
        ([100] * 5, 2, True),
        ([100] * 5, 1, False),  # one author: their posts are hidden instead
        ([150] * 4, 3, False),  # too few, however heavy
        ([25] * 10, 3, False),  # ten accounts of yesterday
        ([150] * 4 + [25] * 9, 3, False),  # nor do they help four others
        ([100] * 4 + [0] * 9, 3, False),  # who is never right does not count
    ],
)
def test_what_pauses_a_thread(weights, authors, heated):
    assert is_heated(dict(enumerate(weights)), set(range(authors))) is heated


@pytest.fixture
def limits(monkeypatch):
    """The limits, in force."""
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, posting_limits="on"))


@pytest.fixture
def clock(cast):
    """Now, to be moved on; all of the cast have been here for long."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        for member in Member.objects.all():
            stand(member)
        yield traveller


def stand(member, days=100, count=50):
    Member.objects.filter(pk=member.pk).update(joined_at=datetime.now(UTC) - timedelta(days=days))
    MemberStats.objects.update_or_create(member=member, defaults={"post_count": count})
    return member


def reply(cast, who, words, **options):
    return posts.post_reply(cast.view(who), cast.barrier.pk, words, **options)


def test_a_fourth_reply_in_a_row_waits_for_somebody_else(cast, limits, clock):
    other = stand(create_member("Third"))
    for n in range(3):
        clock.shift(timedelta(minutes=1))
        reply(cast, other, f"And {n}.")
    clock.shift(timedelta(minutes=1))
    with pytest.raises(TooMany) as caught:
        reply(cast, other, "And another.")
    assert caught.value.reason == "posts_in_a_row"
    reply(cast, cast.hill, "I see.")
    clock.shift(timedelta(minutes=1))
    reply(cast, other, "And another.")


def test_who_started_a_thread_and_its_moderators_may_go_on(cast, limits, clock):
    starter = Member.objects.get(pk=Thread.objects.get(pk=cast.barrier.pk).starter_id)
    for who in (starter, cast.mod):
        for n in range(5):
            clock.shift(timedelta(minutes=1))
            reply(cast, who, f"Update {n}.")


def fight(cast, clock, number):
    third = stand(create_member("Third"))
    for n in range(number):
        clock.shift(timedelta(minutes=1))
        reply(cast, (cast.hill, third)[n % 2], f"No, {n}.")
    clock.shift(timedelta(minutes=1))
    return third


def test_two_who_write_at_each_other_are_asked_and_then_wait(cast, limits, clock):
    third = fight(cast, clock, 8)
    with pytest.raises(Invalid) as caught:
        reply(cast, cast.hill, "No!", sent=Sent(submissions.fresh_key()))
    assert caught.value.fields == {"sure": "two_of_you"}
    for n in range(2):
        for who in (cast.hill, third):
            reply(cast, who, f"No, no, {n}!", sent=Sent(submissions.fresh_key(), is_sure=True))
            clock.shift(timedelta(minutes=1))
    with pytest.raises(TooMany) as caught:
        reply(cast, cast.hill, "No!", sent=Sent(submissions.fresh_key(), is_sure=True))
    assert (caught.value.reason, caught.value.seconds) == ("two_alone", 8 * 60)
    reply(cast, cast.mod, "Both of you have said it now.")
    reply(cast, cast.hill, "True.", sent=Sent(submissions.fresh_key()))


def test_a_question_is_answered_by_two(cast, limits, clock):
    Thread.objects.filter(pk=cast.barrier.pk).update(kind="question")
    fight(cast, clock, 14)


@pytest.mark.parametrize(("setting", "value"), [("cooling", "off"), ("posting_limits", "off")])
def test_it_can_be_switched_off(cast, limits, clock, monkeypatch, setting, value):
    changed = {setting: value, "posts_in_a_row": 0}
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, **changed))
    fight(cast, clock, 14)


def heated(cast, number=5):
    """Have so many members report posts of two authors; return what the thread is then."""
    for n in range(8):
        reply(cast, (cast.hill, cast.quay)[n % 2], f"You fool, {n}.")
    for n in range(number):
        report(cast, stand(create_member(f"Reader {n}")), n)
    return Thread.objects.get(pk=cast.barrier.pk)


def report(cast, who, n):
    """Report one of the eight latest posts: none of them is reported often enough to be hidden."""
    target = Post.objects.filter(thread=cast.barrier).order_by("-id")[n % 8]
    report_item(cast.view(who), "post", target.pk, rule="R2", line="An insult.")


def test_a_thread_in_which_many_report_pauses_for_ten_minutes(cast, clock):
    thread = heated(cast)
    assert (thread.is_locked, thread.opens_at) == (True, datetime.now(UTC) + heat.PAUSE)
    entry = LogEntry.objects.get(kind="thread.pause")
    assert (entry.public["role"], entry.public["origin"]) == ("automatic", "automatic")
    assert entry.rule == "R2"
    assert not Statement.objects.filter(entry=entry).exists()  # it restricts nobody in particular
    assert find_appeal(entry.n) is None
    with pytest.raises(Refused, match="thread_locked"):
        reply(cast, cast.hill, "But!")
    clock.shift(heat.PAUSE)
    assert threads.open_again() == 1
    reply(cast, cast.hill, "But!")
    opened = LogEntry.objects.latest("n")
    assert (opened.kind, opened.reverts) == ("thread.unlock", entry.n)


def test_nobody_keeps_a_thread_closed_by_reports(cast, clock):
    heated(cast)
    clock.shift(heat.PAUSE)
    threads.open_again()
    for n in range(6):
        report(cast, stand(create_member(f"Brigade {n}")), n)
    assert not Thread.objects.get(pk=cast.barrier.pk).is_locked
    assert LogEntry.objects.filter(kind="thread.pause").count() == 1


def test_few_reports_and_those_of_newcomers_pause_nothing(cast, clock):
    thread = heated(cast, number=4)
    assert not thread.is_locked
    for n in range(3):
        report(cast, stand(create_member(f"New {n}"), days=0, count=0), n)
    assert not Thread.objects.get(pk=cast.barrier.pk).is_locked


def test_threads_do_not_pause_where_that_is_switched_off(cast, clock, monkeypatch):
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, cooling="off"))
    assert not heated(cast).is_locked
