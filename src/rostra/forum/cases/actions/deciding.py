"""Deciding a case, once, with everything that follows from it in the same transaction."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.cases import queries, rules
from rostra.forum.cases.actions.working import check_version, locked_case
from rostra.forum.cases.events import CaseDecided
from rostra.forum.cases.models import Case, Report, Step
from rostra.forum.cases.rules import Decision
from rostra.forum.claims.actions.making import take_out_claim
from rostra.forum.conversations.actions.reporting import close_reports_of
from rostra.forum.modlog.queries import head
from rostra.forum.modlog.rules import check_reason
from rostra.forum.notes.actions.writing import remove_note
from rostra.forum.sanctions.actions.giving import (
    Ground,
    hold_turns,
    limit_member,
    warn_member,
)
from rostra.forum.sanctions.rules import Wish
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import remove_post, restore_post
from rostra.forum.threads.actions.threads import lock_thread
from rostra.forum.threads.composing import written
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, Invalid
from rostra.kernel.events import emit


class Sanction(NamedTuple):
    """A warning (points, days) or a limit that a decision carries; `facts`: what happened."""

    points: int | None = None
    days: int | None = None
    wish: Wish | None = None
    facts: str = ""


class Verdict(NamedTuple):
    """What somebody decides: `rule` and `reason` go with acts, `of` with a duplicate.

    sanction: a warning or a limit of whom the case is about, in the same act.
    """

    decision: Decision
    rule: str = ""
    reason: str = ""
    of: int | None = None
    sanction: Sanction | None = None


@transaction.atomic
def decide_case(viewer: Viewer, case_id: int, version: int, verdict: Verdict) -> int | None:
    """Decide a case; return the number of the log entry, if an act followed.

    Raises Invalid for a case that has changed since it was looked at, Refused for whoever may not
    decide it: of their own post, of their own report, of somebody above them. Emits CaseDecided.
    """
    if verdict.sanction is not None:
        _hold_turns(viewer, case_id)
    case = locked_case(viewer, case_id)
    check_version(case, version)
    queries.may_decide_now(viewer, case).enforce()
    if verdict.decision not in rules.DECISIONS[case.kind]:
        raise Invalid({"decision": "not_a_choice"})
    log_n = _act(viewer, case, verdict)
    if verdict.sanction is not None:
        sanction_n = _sanction(viewer, case, verdict, verdict.sanction)
        log_n = sanction_n if log_n is None else log_n
    now = clock.now()
    case.state = {
        "dismiss": Case.State.DISMISSED, "duplicate": Case.State.DUPLICATE,
    }.get(verdict.decision, Case.State.DECIDED)  # fmt: skip
    case.decision, case.rule, case.log_n = verdict.decision, verdict.rule or case.rule, log_n
    case.decided_by_id, case.decided_at = viewer.require_member(), now
    case.version += 1
    case.save()
    is_acted = verdict.decision in (*rules.ACTS, "settle")
    Report.objects.filter(case=case, outcome="").update(
        outcome=Report.Outcome.ACTED if is_acted else Report.Outcome.NOTHING
    )
    Step.objects.create(
        case=case,
        kind=Step.Kind.DECIDED,
        member_id=viewer.member_id,
        text=verdict.decision,
        at=now,
    )
    emit(CaseDecided(case_id=case.pk, log_n=log_n))
    return log_n


def _act(viewer: Viewer, case: Case, verdict: Verdict) -> int | None:
    """Do what was decided; return the number of the log entry."""
    if verdict.decision in rules.ACTS:
        _check_ground(verdict)
    why = Why(rule=verdict.rule, origin="report")
    match verdict.decision:
        case "remove":
            _remove(viewer, case, verdict.reason, why)
            return head()[0]
        case "lock" if case.thread_id is not None:
            lock_thread(viewer, case.thread_id, locked=True, reason=verdict.reason, why=why)
            return head()[0]
        case "duplicate":
            case.duplicate_of_id = _original(viewer, case, verdict.of)
    if case.kind == Case.Kind.MESSAGE:
        close_reports_of(viewer, case.target_id)
    if verdict.decision == "dismiss" and case.kind == Case.Kind.POST:
        return _bring_back(viewer, case, verdict)
    return None


def _remove(viewer: Viewer, case: Case, reason: str, why: Why) -> None:
    """Take away what was reported."""
    match case.kind:
        case Case.Kind.CLAIM:
            take_out_claim(viewer, case.target_id, reason=reason, why=why)
        case Case.Kind.NOTE:
            remove_note(viewer, case.target_id, reason=reason, why=why)
        case _:
            remove_post(viewer, case.target_id, reason, why=why)


def _hold_turns(viewer: Viewer, case_id: int) -> None:
    """Hold up what whom the case is about is writing, before any row is locked."""
    subject_id = queries.shown_case(viewer, case_id).subject_id
    if subject_id is None:
        raise Invalid({"sanction": "nobody_to_sanction"})
    hold_turns(viewer, subject_id)


def _sanction(viewer: Viewer, case: Case, verdict: Verdict, sanction: Sanction) -> int:
    """Warn or limit whom the case is about, as part of the decision; return the entry."""
    if verdict.decision not in rules.WITH_SANCTION:
        raise Invalid({"sanction": "sanction_without_act"})
    if case.subject_id is None:
        raise Invalid({"sanction": "nobody_to_sanction"})
    post_id = case.target_id if case.kind == Case.Kind.POST else None
    ground = Ground(verdict.rule, verdict.reason, sanction.facts, post_id, case.pk)
    if sanction.wish is not None:
        return limit_member(viewer, case.subject_id, sanction.wish, ground)
    return warn_member(viewer, case.subject_id, sanction.points, sanction.days, ground)


def _bring_back(viewer: Viewer, case: Case, verdict: Verdict) -> int | None:
    """Show again a post that reports had hidden by themselves; that is an act, with its reason."""
    hidden = Step.objects.filter(case=case, kind=Step.Kind.HIDDEN).order_by("-id").first()
    if hidden is None or written(viewer, case.target_id).state != "hidden":
        return None
    check_reason(verdict.reason)
    why = Why(rule=verdict.rule, origin="report", reverts=int(hidden.text))
    restore_post(viewer, case.target_id, verdict.reason, why=why)
    return head()[0]


def _original(viewer: Viewer, case: Case, of: int | None) -> int:
    found = Case.objects.filter(id=of or 0).exclude(id=case.pk).exclude(state="duplicate")
    if of is None or not found.exists():
        raise Invalid({"of": "no_such_case"})
    queries.shown_case(viewer, of)
    return of


def _check_ground(verdict: Verdict) -> None:
    gathered = Gathered()
    with gathered:
        check_reason(verdict.reason)
    if not verdict.rule:
        gathered.wrong["rule"] = "rule_missing"
    gathered.enforce()
