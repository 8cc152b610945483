"""Appealing, and deciding what was appealed against."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.appeals import queries, rules
from rostra.forum.appeals.events import AppealDecided, AppealFiled
from rostra.forum.appeals.models import Appeal
from rostra.forum.appeals.rules import Outcome
from rostra.forum.appeals.undoing import outlook_of, rule_in_force, undo
from rostra.forum.members.turns import take_turn, wait_for_turn
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog import queries as log
from rostra.forum.modlog.statements import StatementRow, statement_for, statement_of
from rostra.forum.sanctions.actions.giving import hold_turns
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, Refused
from rostra.kernel.events import emit


@transaction.atomic
def file_appeal(viewer: Viewer, log_n: int, words: str) -> None:
    """Appeal against an act that restricts the viewer, once; emits AppealFiled.

    The suspended may, and whose account is closed against just that. Raises NotFound for anybody
    else's statement, Invalid, Refused.
    """
    member_id = viewer.require_member()
    words = rules.check_text(words)
    statement = statement_for(member_id, log_n)
    if statement.entry.kind == "member.close":
        wait_for_turn(member_id)  # their account is, and this is all that is left to them
    else:
        take_turn(member_id)
    rules.may_appeal(
        statement.appeal_until,
        clock.now(),
        has_appealed=queries.find_appeal(log_n) is not None,
        is_undone=bool(log.taken_back([log_n])),
    ).enforce()
    now = clock.now()
    Appeal.objects.create(
        log_n=log_n,
        member_id=member_id,
        is_unnamed=statement.entry.kind in rules.UNNAMED,
        thread_id=statement.entry.thread_id,
        text=words,
        at=now,
        due_at=now + rules.DUE_AFTER,
    )
    emit(AppealFiled(log_n=log_n))


@transaction.atomic
def decide_appeal(viewer: Viewer, log_n: int, outcome: Outcome, summary: str) -> int:
    """Decide an appeal, with a public summary; return the entry that says so.

    An act that is overturned is undone in the same transaction. Raises Invalid, Refused: for who
    did the act, unless nobody else could decide; the entry says then that it was the same person.
    """
    me, shown = viewer.require_member(), queries.appeal_for(viewer, log_n)
    if shown.member_id is not None and outcome == "overturned":
        hold_turns(viewer, shown.member_id)  # what they may do is about to change
    else:
        take_turn(me)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(log_n=log_n)
    if appeal.state != Appeal.State.OPEN:
        raise Refused("already_decided")
    queries.may_decide_now(viewer, shown).enforce()
    stated = statement_of(log_n)
    act = stated.entry
    summary = modlog.check_reason(summary)
    if outcome not in rules.OUTCOMES:
        raise Invalid({"outcome": "not_a_choice"})
    is_same = log.actor_of(log_n) == viewer.member_id
    facts: dict[str, int | bool | str] = {"entry": log_n}
    if is_same:
        facts["same_person"] = True
    if outcome == "overturned":
        facts |= _overturned(viewer, stated, summary)
    outcome_n = modlog.append(
        f"appeal.{outcome}",
        role="moderator",
        reason=summary,
        actor_id=me,
        subject_id=None if appeal.is_unnamed else appeal.member_id,
        board_id=shown.board_id,
        thread_id=act.thread_id,
        post_id=act.post_id,
        facts=facts,
        rule=rule_in_force(act),
    )
    appeal.state, appeal.outcome_n = Appeal.State(outcome), outcome_n
    appeal.decided_by_id, appeal.decided_at = me, clock.now()
    appeal.is_by_same_person = is_same
    appeal.save()
    if appeal.member_id is not None:
        emit(AppealDecided(log_n=log_n, member_id=appeal.member_id, outcome_n=outcome_n))
    return outcome_n


def _overturned(viewer: Viewer, stated: StatementRow, reason: str) -> dict[str, int | str]:
    """Undo an act; return what the entry of the outcome says of that."""
    outlook = outlook_of(viewer, stated)
    outlook.enforce()
    undone_by = undo(viewer, stated, reason)
    facts: dict[str, int | str] = {}
    if undone_by is not None:
        facts["undone_by"] = undone_by
    if outlook.left:
        facts["left"] = outlook.left
    return facts
