"""One message is shown to the staff, with two before and two after it, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostra.forum.conversations.actions.messages import send_message, withdraw_message
from rostra.forum.conversations.actions.people import leave_conversation
from rostra.forum.conversations.actions.reporting import (
    close_reports_of,
    forget_old_reports,
    report_message,
)
from rostra.forum.conversations.models import Conversation, Message, Report
from rostra.forum.conversations.reports import around_message, has_reported
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.forum.conversations.talking import talk, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_talk(cast):
    """Nine messages, in turns, Quay's odd; the moderator is not in it."""
    first = talk(cast, cast.hill, words="Said 1.", title="canary title")
    for number in range(2, 10):
        member = cast.quay if number % 2 else cast.hill
        send_message(cast.view(member), first.conversation_id, f"Said {number}.")
    return cast


def message(number: int) -> Message:
    return Message.objects.get(number=number)


@pytest.mark.parametrize(
    ("number", "around"), [(5, [3, 4, 5, 6, 7]), (1, [1, 2, 3]), (9, [7, 8, 9])]
)
def test_staff_see_two_before_and_two_after(long_talk, number, around):
    """DECISIONS: of a private conversation nothing but this."""
    cast = long_talk
    reporter = cast.hill if number % 2 else cast.quay
    report_message(cast.view(reporter), message(number).pk, "Insults me.")
    rows = around_message(cast.view(cast.mod), message(number).pk)
    assert [f"Said {n}." in one.html for n, one in zip(around, rows, strict=True)] == (
        [True] * len(around)
    )
    assert [one.is_reported for one in rows] == [n == number for n in around]
    assert "canary" not in repr(rows)


def test_who_may_see_reports(long_talk):
    cast = long_talk
    report_message(cast.view(cast.hill), message(5).pk, "Insults me.")
    assert len(around_message(cast.view(cast.admin), message(5).pk)) == 5
    assert around_message(cast.view(cast.admin), message(4).pk) == []
    for member in (cast.quay, cast.hill, cast.newcomer, None):
        with pytest.raises(Refused):
            around_message(cast.view(member), message(5).pk)
        with pytest.raises(Refused):
            close_reports_of(cast.view(member), message(5).pk)


def test_a_moderator_does_not_decide_about_their_own_words(cast):
    """Who reported is never shown to who is reported, be they staff."""
    first = talk(cast, cast.mod)
    answer = send_message(cast.view(cast.mod), first.conversation_id, "Be quiet.")
    report_message(cast.view(cast.quay), answer.pk, "Threatens me.")
    assert around_message(cast.view(cast.mod), answer.pk) == []
    assert len(around_message(cast.view(cast.admin), answer.pk)) == 2


def test_reporting_needs_a_reason_a_seat_and_anothers_words(long_talk):
    cast, hill = long_talk, long_talk.view(long_talk.hill)
    five = message(5).pk
    for line in ("", " \t", "x" * 501):
        with pytest.raises(Invalid):
            report_message(hill, five, line)
    with pytest.raises(Refused):
        report_message(cast.view(cast.quay), five, "My own.")
    for member in (cast.newcomer, cast.mod):
        with pytest.raises(NotFound):
            report_message(cast.view(member), five, "Not mine to know.")
    assert not has_reported(hill, five)
    report_message(hill, five, "x" * 500)
    assert has_reported(hill, five)
    with pytest.raises(Refused):
        report_message(hill, five, "Once more.")
    assert Report.objects.count() == 1


def test_withdrawing_hides_nothing_that_is_reported(long_talk):
    cast = long_talk
    withdraw_message(cast.view(cast.quay), message(5).pk)
    withdraw_message(cast.view(cast.hill), message(4).pk)
    report_message(cast.view(cast.hill), message(5).pk, "It said that I should drown.")
    rows = around_message(cast.view(cast.mod), message(5).pk)
    assert [bool(one.html) for one in rows] == [True, False, True, True, True]
    assert [one.is_withdrawn for one in rows] == [False, True, True, False, False]


def test_what_is_dealt_with_is_shown_no_more(long_talk):
    cast = long_talk
    report_message(cast.view(cast.hill), message(5).pk, "Insults me.")
    close_reports_of(cast.view(cast.mod), message(5).pk)
    assert around_message(cast.view(cast.admin), message(5).pk) == []
    assert Report.objects.get().closed_by_id == cast.mod.pk


def test_a_report_keeps_a_conversation_that_all_have_left_for_a_while(long_talk):
    cast = long_talk
    report_message(cast.view(cast.hill), message(5).pk, "Insults me.")
    for member in (cast.quay, cast.hill):
        leave_conversation(cast.view(member), Conversation.objects.get().pk)
    work()
    assert len(around_message(cast.view(cast.mod), message(5).pk)) == 5
    close_reports_of(cast.view(cast.mod), message(5).pk)
    assert forget_old_reports() == 0
    report = Report.objects.get()
    report.closed_at -= timedelta(days=181)
    report.save()
    assert forget_old_reports() == 1
    assert not Conversation.objects.exists()
