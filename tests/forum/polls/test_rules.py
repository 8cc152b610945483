"""Polls need no database to say what they may be and who may do what."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from rostra.forum.access.viewer import Viewer
from rostra.forum.polls import rules
from rostra.forum.polls.rules import Plan
from rostra.kernel.errors import Invalid
from tests.forum.threads.test_rules import (
    AUTHOR,
    BOARD,
    GUEST,
    MEMBER,
    MODERATOR,
    OTHER,
    SUSPENDED,
    thread,
)

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
READER = Viewer(member_id=9, grants={"read": frozenset({BOARD})})


def poll(**facts):
    return SimpleNamespace(
        **{"closes_at": None, "may_change": True, "shows_results": True, "voter_count": 0} | facts
    )


@pytest.mark.parametrize(
    ("viewer", "thread_facts", "facts", "has_voted", "reason"),
    [
        (MEMBER, {}, {}, False, ""),
        (AUTHOR, {}, {}, False, ""),
        (MODERATOR, {}, {"closes_at": FUTURE}, True, ""),
        (GUEST, {}, {}, False, "log_in_first"),
        (SUSPENDED, {}, {}, False, "suspended"),
        (READER, {}, {}, False, "no_votes_in_board"),
        (MEMBER, {"board_id": OTHER}, {}, False, "no_votes_in_board"),
        (MEMBER, {"state": "removed"}, {}, False, "thread_not_open"),
        (MEMBER, {"is_locked": True}, {}, False, "thread_locked"),
        (MODERATOR, {"is_locked": True}, {}, False, "thread_locked"),
        (MEMBER, {}, {"closes_at": PAST}, False, "poll_closed"),
        (MEMBER, {}, {"closes_at": NOW}, False, "poll_closed"),
        (MEMBER, {}, {"may_change": False}, False, ""),
        (MEMBER, {}, {"may_change": False}, True, "vote_is_cast"),
    ],
)
def test_may_vote(viewer, thread_facts, facts, has_voted, reason):
    verdict = rules.may_vote(
        viewer, thread(**thread_facts), poll(**facts), NOW, has_voted=has_voted
    )
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("facts", "has_voted", "shown"),
    [
        ({}, False, True),
        ({"shows_results": False}, False, False),
        ({"shows_results": False}, True, True),
        ({"shows_results": False, "closes_at": FUTURE}, False, False),
        ({"shows_results": False, "closes_at": PAST}, False, True),
    ],
)
def test_may_see_results(facts, has_voted, shown):
    assert rules.may_see_results(poll(**facts), NOW, has_voted=has_voted) is shown


@pytest.mark.parametrize(
    ("viewer", "thread_facts", "facts", "edits", "closes"),
    [
        (AUTHOR, {}, {}, "", ""),
        (AUTHOR, {}, {"voter_count": 1}, "poll_has_votes", ""),
        (AUTHOR, {}, {"closes_at": PAST}, "poll_closed", "poll_closed"),
        (AUTHOR, {"is_locked": True}, {}, "thread_locked", ""),
        (MODERATOR, {}, {"voter_count": 1}, "", ""),
        (MEMBER, {}, {}, "not_your_poll", "not_your_poll"),
        (GUEST, {"starter_id": None}, {}, "log_in_first", "log_in_first"),
        (MEMBER, {"starter_id": None}, {}, "not_your_poll", "not_your_poll"),
        (SUSPENDED, {"starter_id": 7}, {}, "suspended", "suspended"),
    ],
)
def test_may_edit_and_close(viewer, thread_facts, facts, edits, closes):
    arguments = viewer, thread(**thread_facts), poll(**facts), NOW
    assert rules.may_edit(*arguments).reason == edits
    assert rules.may_close(*arguments).reason == closes


@pytest.mark.parametrize(
    ("plan", "wrong"),
    [
        (Plan("", ()), {"poll_question": "empty", "poll_options": "poll_options_number"}),
        (Plan("Q?", ("One", " ", "\u200b")), {"poll_options": "poll_options_number"}),
        (Plan("Q?", tuple(map(str, range(11)))), {"poll_options": "poll_options_number"}),
        (Plan("Q?", ("One", "ONE ")), {"poll_options": "poll_options_twice"}),
        (Plan("Q?", ("One", "x" * 201)), {"poll_options": "poll_too_long"}),
        (Plan("x" * 201, ("One", "Two")), {"poll_question": "poll_too_long"}),
        (Plan("Q?", ("One", "Two"), most=3), {"poll_most": "poll_most_number"}),
        (Plan("Q?", ("One", "Two"), most=-1), {"poll_most": "poll_most_number"}),
        (Plan("Q?", ("One", "Two"), days=0), {"poll_days": "poll_days_number"}),
        (Plan("Q?", ("One", "Two"), days=366), {"poll_days": "poll_days_number"}),
    ],
)
def test_what_is_wrong_with_a_poll_is_told(plan, wrong):
    with pytest.raises(Invalid) as caught:
        rules.checked(plan)
    assert caught.value.fields == wrong


def test_a_poll_is_kept_without_its_blank_lines():
    plan = rules.checked(Plan(" Which? ", ("", " One ", "Two", ""), most=2, days=365))
    assert plan == Plan("Which?", ("One", "Two"), most=2, days=365)


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [((), "not_a_choice"), ((0,), "not_a_choice"), ((4,), "not_a_choice"), ((-1, 1), "not_a_choice"),
     ((1, 2, 3), "too_many_choices")],
)  # fmt: skip
def test_a_ballot_names_what_there_is(chosen, reason):
    with pytest.raises(Invalid) as caught:
        rules.check_ballot(chosen, options=3, most=2)
    assert caught.value.fields == {"choice": reason}
    assert rules.check_ballot([1, 2, 2], options=3, most=2) == {1, 2}
