"""Who may write to whom, and what may be done with a message: without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import rules
from rostra.forum.conversations.rules import PACES, Reach

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
WRITER = Viewer(member_id=1)
STAFF = Viewer(member_id=1, grants={"moderate": frozenset({7})})
OTHER = Reach(2, "Hill", True, "everybody", follows=False, ignores=False, is_staff=False)


class Message(NamedTuple):
    author_id: int | None = 1
    created_at: datetime = NOW
    withdrawn_at: datetime | None = None


@pytest.mark.parametrize(
    ("changed", "rung", "reason"),
    [
        ({}, "member", ""),
        ({}, "new", "strangers_later"),
        ({"follows": True}, "new", ""),
        ({"is_staff": True}, "new", ""),
        ({"opens_to": "nobody"}, "trusted", "not_reached"),
        ({"opens_to": "nobody", "follows": True}, "trusted", "not_reached"),
        ({"opens_to": "followed"}, "member", "not_reached"),
        ({"opens_to": "followed", "follows": True}, "member", ""),
        ({"ignores": True}, "member", "not_reached"),
        ({"ignores": True, "is_staff": True}, "member", "not_reached"),
        ({"is_there": False}, "member", "not_reached"),
    ],
)
def test_who_may_be_written_to(changed, rung, reason):
    """ABU-013: strangers from the first step on, and blocking works here too."""
    assert rules.may_write_to(WRITER, OTHER._replace(**changed), rung).reason == reason


@pytest.mark.parametrize("changed", [{"opens_to": "nobody"}, {"ignores": True}])
def test_staff_may_always_write(changed):
    assert rules.may_write_to(STAFF, OTHER._replace(**changed), "new")
    assert not rules.may_write_to(STAFF, OTHER._replace(is_there=False), "new")


def test_being_ignored_and_a_closed_door_look_alike():
    """Nobody learns that they are ignored."""
    closed = rules.may_write_to(WRITER, OTHER._replace(opens_to="nobody"), "member")
    assert closed == rules.may_write_to(WRITER, OTHER._replace(ignores=True), "member")


def test_who_ignores_does_not_write_first():
    viewer = Viewer(member_id=1, ignored=frozenset({2}))
    assert rules.may_write_to(viewer, OTHER, "member").reason == "you_ignore_them"


@pytest.mark.parametrize(
    ("viewer", "others", "hearing", "reason"),
    [
        (WRITER, 2, 1, ""),
        (WRITER, 1, 0, "nobody_hears"),
        (STAFF, 1, 0, ""),
        (WRITER, 0, 0, "everybody_left"),
        (Viewer(member_id=1, suspended_until=NOW), 2, 2, "suspended"),
    ],
)
def test_who_may_reply(viewer, others, hearing, reason):
    assert rules.may_reply(viewer, others, hearing).reason == reason


@pytest.mark.parametrize(
    ("message", "is_read", "later", "reason"),
    [
        (Message(), False, 0, ""),
        (Message(), False, 5, ""),
        (Message(), False, 6, "message_time_over"),
        (Message(), True, 0, "message_was_read"),
        (Message(author_id=2), False, 0, "not_your_message"),
        (Message(author_id=None), False, 0, "not_your_message"),
        (Message(withdrawn_at=NOW), False, 0, "message_withdrawn"),
    ],
)
def test_what_somebody_has_read_stays(message, is_read, later, reason):
    now = NOW + timedelta(minutes=later)
    assert rules.may_edit(WRITER, message, is_read=is_read, now=now).reason == reason


def test_withdrawing_and_reporting():
    assert rules.may_withdraw(WRITER, Message())
    assert not rules.may_withdraw(WRITER, Message(withdrawn_at=NOW))
    assert not rules.may_withdraw(WRITER, Message(author_id=2))
    assert rules.may_report(WRITER, Message(author_id=2, withdrawn_at=NOW))
    assert not rules.may_report(WRITER, Message())
    assert rules.may_see_reports(STAFF)
    assert rules.may_see_reports(WRITER).reason == "not_a_moderator"
    assert rules.may_see_reports(Viewer()).reason == "log_in_first"


@pytest.mark.parametrize("rung", PACES)
def test_the_limits_of_a_day_end_when_its_first_one_is_a_day_old(rung):
    """ABU-013: at most 20 conversations a day."""
    pace = PACES[rung]
    assert pace.starts_a_day <= 20
    first = NOW - timedelta(hours=20)
    full = [first + timedelta(hours=19)] + [first] * (pace.starts_a_day - 1)
    wait = rules.wait_to_start(pace, full, NOW)
    assert wait is not None
    assert wait.reason == "conversations_a_day"
    assert wait.until == first + timedelta(days=1)
    assert rules.wait_to_start(pace, full[:-1], NOW) is None
    assert rules.wait_to_start(pace, [NOW], NOW).reason == "conversation_too_soon"


def test_addressees_are_counted_together():
    pace = PACES["new"]
    at = NOW - timedelta(hours=1)
    assert rules.wait_to_ask(pace, [], pace.addressees_a_day, NOW) is None
    assert rules.wait_to_ask(pace, [], pace.addressees_a_day + 1, NOW) is not None
    assert rules.wait_to_ask(pace, [at] * 3, 2, NOW) is None
    wait = rules.wait_to_ask(pace, [at] * 3, 3, NOW)
    assert wait is not None
    assert wait.until == at + timedelta(days=1)


def test_messages_a_day():
    pace = PACES["new"]
    assert rules.wait_to_write(pace, [NOW], NOW).reason == "message_too_soon"
    at = NOW - timedelta(hours=1)
    full = [at] * pace.messages_a_day
    assert rules.wait_to_write(pace, full, NOW).reason == "messages_a_day"
    assert rules.wait_to_write(pace, full[:-1], NOW) is None
