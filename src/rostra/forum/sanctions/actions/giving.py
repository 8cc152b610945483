"""Warning a member, and limiting what they may do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import whole_tree
from rostra.forum.members.queries import card_of
from rostra.forum.members.sessions import end_sessions
from rostra.forum.members.turns import take_turn, wait_for_turn
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog.rulebook import find_in_force
from rostra.forum.modlog.rules import check_reason
from rostra.forum.sanctions import queries, rules
from rostra.forum.sanctions.actions.keeping import new_limit, new_warning
from rostra.forum.sanctions.events import MemberLimited, MemberWarned
from rostra.forum.sanctions.models import Limited, Warned
from rostra.forum.sanctions.rules import Points, Step, Wish
from rostra.forum.seconds.actions import ask_or_refuse, wait_for_second
from rostra.forum.seconds.rules import needs_second
from rostra.forum.threads.composing import standing_for, written
from rostra.forum.threads.queries import thread_for
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, NotFound
from rostra.kernel.events import emit


class Ground(NamedTuple):
    """On what a sanction rests: a rule, a public reason, and what happened, for the member.

    post_id: a post of theirs; case_id: the case in which it was decided.
    """

    rule: str
    reason: str
    facts: str = ""
    post_id: int | None = None
    case_id: int | None = None


class _Place(NamedTuple):
    board_id: int | None = None
    post_id: int | None = None


def hold_turns(viewer: Viewer, member_id: int) -> None:
    """Hold up what the viewer and a member are about to change, in one order for all who do.

    Nothing of the member's is written by who was there before the act, once it is done. Call it
    before any row is locked.
    """
    me = viewer.require_member()
    for one in sorted({me, member_id}):
        if one == me:
            take_turn(me, viewer.limits_kept)
        else:
            wait_for_turn(one)


def check_warning(
    viewer: Viewer, member_id: int, points: int | None, days: int | None, ground: Ground
) -> Warned:
    """Return a warning as it would be written; raises NotFound, Refused, Invalid."""
    place = _place_of(viewer, member_id, ground.post_id)
    queries.may_sanction_now(viewer, member_id, place.board_id).enforce()
    gathered, count, lasts = Gathered(), 0, 0
    with gathered:
        count, lasts = rules.check_points(points, days)
    facts = _checked(gathered, ground)
    now = clock.now()
    return Warned(
        member_id=member_id, points=count, rule=ground.rule, facts=facts, board_id=place.board_id,
        post_id=place.post_id, case_id=ground.case_id, at=now, until=now + timedelta(days=lasts),
    )  # fmt: skip


def check_limit(viewer: Viewer, member_id: int, wish: Wish, ground: Ground) -> Limited:
    """Return a limit as it would be set; raises NotFound, Refused, Invalid."""
    gathered = Gathered()
    with gathered:
        wish = rules.checked(wish)
    if wish.thread_id is not None:
        wish = wish._replace(board_id=thread_for(viewer, wish.thread_id).board_id)
    if wish.board_id is not None and wish.board_id not in whole_tree().rows:
        gathered.wrong["board"] = "no_such_board"
    place = _place_of(viewer, member_id, ground.post_id)
    queries.may_sanction_now(viewer, member_id, wish.board_id).enforce()
    facts = _checked(gathered, ground)
    now = clock.now()
    return Limited(
        member_id=member_id, kind=wish.kind, verbs=" ".join(wish.verbs), a_day=wish.a_day,
        wait=wish.wait * 60 if wish.wait is not None else None, rule=ground.rule, facts=facts,
        board_id=wish.board_id, thread_id=wish.thread_id, post_id=place.post_id,
        case_id=ground.case_id, at=now,
        until=now + timedelta(days=wish.days) if wish.days is not None else None,
    )  # fmt: skip


@transaction.atomic
def warn_member(
    viewer: Viewer, member_id: int, points: int | None, days: int | None, ground: Ground
) -> int:
    """Warn a member; return the entry's number. Emits MemberWarned.

    Where the points of what stands reach a step, what that leads to follows by itself, each an act
    of its own. About a post by who moderates its board; by who may sanction everywhere otherwise.
    Raises NotFound, Refused, Invalid with all that is wrong.
    """
    hold_turns(viewer, member_id)
    warned = check_warning(viewer, member_id, points, days, ground)
    facts = {"points": warned.points, "until": _day(warned.until)}
    if warned.post is not None and warned.post.number is not None:
        facts["number"] = warned.post.number
    warned.log_n = modlog.append(
        "member.warn",
        role="moderator",
        reason=check_reason(ground.reason),
        actor_id=viewer.require_member(),
        subject_id=member_id,
        board_id=warned.board_id,
        thread_id=warned.post.thread_id if warned.post is not None else None,
        post_id=warned.post_id,
        facts=facts,
        origin="report" if ground.case_id is not None else "own_initiative",
        rule=ground.rule,
    )
    given = queries.points_of(member_id)
    new_warning(warned)
    emit(MemberWarned(member_id=member_id, log_n=warned.log_n))
    board_id = None if "sanction_members" in viewer.capabilities else warned.board_id
    own = Points(warned.log_n, warned.points, warned.at, warned.until)
    for step in rules.led_to(given, own, queries.steps()):
        _follow(warned, rules.within(step, board_id), board_id)
    return warned.log_n


@transaction.atomic
def limit_member(viewer: Viewer, member_id: int, wish: Wish, ground: Ground) -> int:
    """Limit what a member may do; return the entry's number. Emits MemberLimited.

    In a board by who moderates it, everywhere by who may sanction there. Who is suspended or banned
    is signed out at once. Raises NotFound, Refused, Invalid with all that is wrong.
    """
    hold_turns(viewer, member_id)
    row = check_limit(viewer, member_id, wish, ground)
    facts = _said(row)
    if weighs_much := _shuts_out_for_good(row):
        facts["second"] = ask_or_refuse(viewer, "sanction", member_id)
    row.log_n = modlog.append(
        f"member.{row.kind}",
        role="moderator",
        reason=check_reason(ground.reason),
        actor_id=viewer.require_member(),
        subject_id=member_id,
        board_id=row.board_id,
        thread_id=row.thread_id,
        facts=facts,
        origin="report" if ground.case_id is not None else "own_initiative",
        rule=ground.rule,
    )
    _set(row)
    if weighs_much and facts["second"] == "asked":
        wait_for_second(viewer, row.log_n, "sanction", member_id)
    return row.log_n


def _shuts_out_for_good(row: Limited) -> bool:
    """Whether a limit keeps one out without an end whom the forum had come to trust."""
    is_without_end = row.kind in ("ban", "suspend") and row.until is None
    is_trusted = is_without_end and standing_for(row.member_id).rung == "trusted"
    return needs_second(is_without_end=is_without_end, is_trusted=is_trusted)


def suspend_within(log_n: int, member_id: int, until: datetime, rule: str) -> None:
    """Suspend a member as a part of an act whose entry says so; by who may do that act."""
    _set(
        Limited(
            log_n=log_n, member_id=member_id, kind="suspend", rule=rule, at=clock.now(),
            until=until,
        )
    )  # fmt: skip


def _follow(warned: Warned, step: Step, board_id: int | None) -> None:
    """Do what a warning's points lead to; nobody did it, and the entry says so."""
    now, given = warned.at, queries.points_of(warned.member_id)
    row = Limited(
        member_id=warned.member_id, kind=step.kind, wait=step.wait, rule=warned.rule,
        board_id=board_id, post_id=warned.post_id, case_id=warned.case_id, at=now,
        until=rules.ends_at(step, given, now), warning_n=warned.log_n, threshold=step.points,
    )  # fmt: skip
    count = rules.total(given, now)
    row.log_n = modlog.append(
        f"member.{step.kind}",
        role="automatic",
        reason=(
            f"With entry {warned.log_n}, {count} points count: {step.points} lead to this by "
            "themselves."
        ),
        subject_id=warned.member_id,
        board_id=board_id,
        facts={**_said(row), "warning": warned.log_n, "points": count, "step": step.points},
        origin="automatic",
        rule=warned.rule,
    )
    _set(row)


def _set(row: Limited) -> None:
    new_limit(row)
    if row.kind in ("suspend", "ban"):
        end_sessions(row.member_id)
    emit(MemberLimited(member_id=row.member_id, log_n=row.log_n))


def _said(row: Limited) -> dict[str, Any]:
    """Return what the log says of a limit, beside its kind and place."""
    found = {
        "verbs": row.verbs, "a_day": row.a_day, "wait": row.wait,
        "until": _day(row.until) if row.until is not None else "none",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _place_of(viewer: Viewer, member_id: int, post_id: int | None) -> _Place:
    """Return where the post is that a sanction is about; raises NotFound for another's."""
    card_of(member_id)
    if post_id is None:
        return _Place()
    post = written(viewer, post_id)
    if post.author_id != member_id:
        raise NotFound
    return _Place(post.board_id, post_id)


def _checked(gathered: Gathered, ground: Ground) -> str:
    """Return the facts; raises Invalid with all that is wrong with them, before and besides."""
    facts = ""
    with gathered:
        check_reason(ground.reason)
    with gathered:
        facts = rules.check_facts(ground.facts)
    if find_in_force(ground.rule) is None:
        gathered.wrong["rule"] = "no_such_rule" if ground.rule else "rule_missing"
    gathered.enforce()
    return facts


def _day(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
