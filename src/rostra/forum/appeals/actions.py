"""Appealing, and deciding what was appealed against."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.appeals import queries, rules
from rostra.forum.appeals.events import AppealDecided, AppealFiled
from rostra.forum.appeals.models import Appeal
from rostra.forum.appeals.rules import Outcome
from rostra.forum.claims.actions.reverting import undo_claim_act
from rostra.forum.cleaning.actions import undo_cleaning
from rostra.forum.members.turns import take_turn
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog import queries as log
from rostra.forum.modlog.queries import LogRow
from rostra.forum.modlog.rulebook import find_in_force
from rostra.forum.modlog.statements import statement_for, statement_of
from rostra.forum.notes.actions.writing import restore_note
from rostra.forum.sanctions.actions.easing import undo_sanction
from rostra.forum.sanctions.actions.giving import hold_turns
from rostra.forum.threads.actions.approving import show_rejected
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import edit_post, restore_post
from rostra.forum.threads.actions.splitting import rejoin, unmerge
from rostra.forum.threads.actions.threads import lock_thread, move_thread
from rostra.forum.threads.composing import written
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, Refused
from rostra.kernel.events import emit

_LIES_SO_ALREADY = (
    "not_removed", "not_locked", "already_there", "nothing_to_bring_back", "not_merged",
)  # fmt: skip


@transaction.atomic
def file_appeal(viewer: Viewer, log_n: int, words: str) -> None:
    """Appeal against an act that restricts the viewer, once; emits AppealFiled.

    The suspended may. Raises NotFound for anybody else's statement, Invalid, Refused.
    """
    member_id = viewer.require_member()
    words = rules.check_text(words)
    take_turn(member_id)
    statement = statement_for(member_id, log_n)
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
    act = statement_of(log_n).entry
    summary = modlog.check_reason(summary)
    if outcome not in rules.outcomes_for(act.kind):
        raise Invalid({"outcome": "not_a_choice"})
    is_same = log.actor_of(log_n) == viewer.member_id
    undone_by = _undo(viewer, act, summary) if outcome == "overturned" else None
    facts: dict[str, int | bool] = {"entry": log_n}
    if is_same:
        facts["same_person"] = True
    if undone_by is not None:
        facts["undone_by"] = undone_by
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
        rule=_rule_in_force(act),
    )
    appeal.state, appeal.outcome_n = Appeal.State(outcome), outcome_n
    appeal.decided_by_id, appeal.decided_at = me, clock.now()
    appeal.is_by_same_person = is_same
    appeal.save()
    if appeal.member_id is not None:
        emit(AppealDecided(log_n=log_n, member_id=appeal.member_id, outcome_n=outcome_n))
    return outcome_n


def _undo(viewer: Viewer, act: LogRow, reason: str) -> int | None:
    """Undo an act; return the entry that did, None where things lie as before already."""
    why = Why(rule=_rule_in_force(act), reverts=act.n)
    if act.kind in rules.SANCTIONS:
        return _undo_sanction(viewer, act, reason, why)
    before = log.head()[0]
    try:
        match act.kind:
            case "member.clean":
                undo_cleaning(viewer, act.n, reason, why=why)
            case "post.remove" | "post.hide" | "post.reject" | "post.reject_edit":
                _bring_back(viewer, act, reason, why)
            case "post.edit" if act.post_id is not None:
                _put_words_back(viewer, act, act.post_id, reason, why)
            case kind if kind in rules.OF_CLAIMS:
                undo_claim_act(viewer, act, reason, why)
            case "note.remove":
                restore_note(viewer, act.facts["note"], reason=reason, why=why)
            case _ if act.thread_id is not None:
                _undo_in_thread(viewer, act, act.thread_id, reason, why)
    except Refused as refused:
        if refused.reason not in _LIES_SO_ALREADY:
            raise
    after = log.head()[0]
    return after if after > before else None


def _undo_in_thread(viewer: Viewer, act: LogRow, thread_id: int, reason: str, why: Why) -> None:
    """Undo an act on a whole thread, or on the place of its posts."""
    match act.kind:
        case "thread.lock":
            lock_thread(viewer, thread_id, locked=False, reason=reason, why=why)
        case "thread.move":
            move_thread(viewer, thread_id, act.facts["from"], reason=reason, why=why)
        case "thread.split":
            rejoin(viewer, thread_id, act.facts["into"], reason=reason, why=why)
        case "thread.merge":
            unmerge(viewer, thread_id, reason=reason, why=why)


def _bring_back(viewer: Viewer, act: LogRow, reason: str, why: Why) -> None:
    """Show a post again that was taken away, or for the first time one that was turned down."""
    again = show_rejected if act.kind.startswith("post.reject") else restore_post
    if act.post_id is not None:
        again(viewer, act.post_id, reason, why=why)


def _undo_sanction(viewer: Viewer, act: LogRow, reason: str, why: Why) -> int | None:
    """Take a warning or a limit back, with what followed from it."""
    try:
        return undo_sanction(viewer, act.n, reason, why)
    except Refused as refused:
        if refused.reason != "sanction_is_over":
            raise
        return None


def _put_words_back(viewer: Viewer, act: LogRow, post_id: int, reason: str, why: Why) -> None:
    """Give a post the words it had, unless its author has changed them since."""
    words = log.words_of(act.n)
    if "before" not in words or written(viewer, post_id).source != words.get("after"):
        raise Refused("words_changed_since")
    edit_post(viewer, post_id, words["before"], reason=reason, why=why)


def _rule_in_force(act: LogRow) -> str:
    """Return the rule of the act, if it still holds: an entry cites only what holds that day."""
    return act.rule[0] if act.rule is not None and find_in_force(act.rule[0]) else ""
