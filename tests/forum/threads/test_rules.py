"""Rules need no database: viewer, facts, reason."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import rules

BOARD, OTHER = 1, 2
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TAKING_PART = {verb: frozenset({BOARD}) for verb in ("see", "read", "start", "reply", "react")}
GUEST = Viewer(grants={"see": frozenset({BOARD}), "read": frozenset({BOARD})})
MEMBER = Viewer(member_id=7, grants=TAKING_PART)
AUTHOR = Viewer(member_id=8, grants=TAKING_PART)
SUSPENDED = Viewer(
    member_id=7, grants=TAKING_PART, suspended_until=datetime(2099, 1, 1, tzinfo=UTC)
)
MODERATOR = Viewer(member_id=1, grants=TAKING_PART | {"moderate": frozenset({BOARD})})


def thread(**facts):
    return SimpleNamespace(
        **{"id": 5, "board_id": BOARD, "starter_id": 8, "state": "visible", "is_locked": False}
        | facts
    )


def post(**facts):
    return SimpleNamespace(**{"author_id": 8, "state": "visible"} | facts)


@pytest.mark.parametrize(
    ("viewer", "facts", "reason"),
    [
        (GUEST, {}, ""),
        (GUEST, {"board_id": OTHER}, "board_hidden"),
        (MODERATOR, {"board_id": OTHER}, "board_hidden"),
        (MEMBER, {"state": "pending"}, "thread_hidden"),
        (AUTHOR, {"state": "pending"}, ""),
        (AUTHOR, {"state": "removed"}, "thread_hidden"),
        (GUEST, {"state": "pending", "starter_id": None}, "thread_hidden"),
        (MODERATOR, {"state": "removed"}, ""),
    ],
)
def test_may_read(viewer, facts, reason):
    assert rules.may_read(viewer, thread(**facts)).reason == reason


@pytest.mark.parametrize(
    ("viewer", "facts", "reason"),
    [
        (GUEST, {}, ""),
        (MEMBER, {"state": "removed"}, "post_removed"),
        (MEMBER, {"state": "withdrawn"}, "post_withdrawn"),
        (MEMBER, {"state": "hidden"}, "post_hidden"),
        (MEMBER, {"state": "pending"}, "post_pending"),
        (AUTHOR, {"state": "removed"}, ""),
        (MODERATOR, {"state": "removed"}, ""),
        (GUEST, {"state": "removed", "author_id": None}, "post_removed"),
    ],
)
def test_may_read_post(viewer, facts, reason):
    assert rules.may_read_post(viewer, thread(), post(**facts)).reason == reason


@pytest.mark.parametrize(
    ("viewer", "facts", "reason"),
    [
        (MEMBER, {}, ""),
        (GUEST, {}, "log_in_first"),
        (SUSPENDED, {}, "suspended"),
        (MEMBER, {"is_locked": True}, "thread_locked"),
        (MODERATOR, {"is_locked": True}, ""),
        (MEMBER, {"state": "removed"}, "thread_not_open"),
        (MEMBER, {"board_id": OTHER}, "no_reply_in_board"),
        (MODERATOR, {"board_id": OTHER, "is_locked": True}, "thread_locked"),
    ],
)
def test_may_reply(viewer, facts, reason):
    assert rules.may_reply(viewer, thread(**facts)).reason == reason


@pytest.mark.parametrize(
    ("viewer", "board", "is_category", "reason"),
    [
        (MEMBER, BOARD, False, ""),
        (MEMBER, BOARD, True, "category_holds_no_threads"),
        (GUEST, BOARD, False, "log_in_first"),
        (SUSPENDED, BOARD, False, "suspended"),
        (MEMBER, OTHER, False, "no_start_in_board"),
    ],
)
def test_may_start(viewer, board, is_category, reason):
    assert rules.may_start(viewer, board, is_category=is_category).reason == reason


@pytest.mark.parametrize(
    ("viewer", "thread_facts", "post_facts", "reason"),
    [
        (AUTHOR, {}, {}, ""),
        (GUEST, {}, {}, "log_in_first"),
        (MEMBER, {}, {}, "not_your_post"),
        (AUTHOR, {"is_locked": True}, {}, "thread_locked"),
        (AUTHOR, {}, {"state": "removed"}, "post_not_standing"),
        (MODERATOR, {"is_locked": True}, {"state": "removed"}, ""),
        (SUSPENDED, {}, {"author_id": 7}, "suspended"),
    ],
)
def test_may_edit(viewer, thread_facts, post_facts, reason):
    assert (
        rules.may_edit(
            viewer, thread(**thread_facts), post(**post_facts), NOW, NOW - timedelta(days=1)
        ).reason
        == reason
    )


@pytest.mark.parametrize(
    ("viewer", "facts", "reason"),
    [
        (AUTHOR, {}, ""),
        (MODERATOR, {}, "not_your_post"),
        (GUEST, {"author_id": None}, "log_in_first"),
        (AUTHOR, {"state": "withdrawn"}, "post_not_standing"),
    ],
)
def test_may_withdraw(viewer, facts, reason):
    assert rules.may_withdraw(viewer, thread(), post(**facts)).reason == reason


ASKER = AUTHOR
ASKED = {"kind": "question"}


@pytest.mark.parametrize(
    ("viewer", "thread_facts", "post_facts", "reason"),
    [
        (ASKER, ASKED, {}, ""),
        (ASKER, ASKED, {"author_id": 7}, ""),
        (MODERATOR, ASKED | {"is_locked": True}, {}, ""),
        (GUEST, ASKED | {"starter_id": None}, {}, "log_in_first"),
        (MEMBER, ASKED, {"author_id": 7}, "not_your_question"),
        (SUSPENDED, ASKED | {"starter_id": 7}, {}, "suspended"),
        (ASKER, {"kind": "discussion"}, {}, "not_a_question"),
        (ASKER, {"kind": "news"}, {}, "not_a_question"),
        (ASKER, ASKED | {"is_locked": True}, {}, "thread_locked"),
        (ASKER, ASKED | {"state": "pending"}, {}, "thread_not_open"),
        (ASKER, ASKED, {"number": 1}, "not_a_reply"),
        (ASKER, ASKED, {"number": None}, "not_a_reply"),
        (ASKER, ASKED, {"state": "removed"}, "post_not_standing"),
        (MODERATOR, ASKED, {"state": "withdrawn"}, "post_not_standing"),
        (MODERATOR, ASKED | {"board_id": OTHER}, {}, "not_your_question"),
    ],
)
def test_may_accept(viewer, thread_facts, post_facts, reason):
    facts = post(**({"number": 2} | post_facts))
    assert rules.may_accept(viewer, thread(**thread_facts), facts).reason == reason


def test_a_mover_moderates_both_boards():
    both = Viewer(member_id=1, grants={"moderate": frozenset({BOARD, OTHER})})
    assert rules.may_move(both, BOARD, OTHER, is_category=False)
    assert rules.may_move(MODERATOR, BOARD, OTHER, is_category=False).reason
    assert rules.may_move(both, BOARD, OTHER, is_category=True).reason


@pytest.mark.parametrize(
    ("viewer", "facts", "reason"),
    [
        (GUEST, {}, "taken_out"),
        (MEMBER, {}, "taken_out"),
        (AUTHOR, {}, ""),
        (MODERATOR, {}, ""),
        (GUEST, {"author_id": None}, "taken_out"),
    ],
)
def test_may_read_taken_out(viewer, facts, reason):
    assert rules.may_read_taken_out(viewer, thread(), post(**facts)).reason == reason
