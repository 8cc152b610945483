"""A case, with everything that helps to decide it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.cases import queries
from rostra.forum.cases.queries import CaseRow, ReportRow, StepRow
from rostra.forum.cases.rules import DECISIONS, Decision
from rostra.forum.cleaning.queries import may_clean_some
from rostra.forum.conversations.reports import Shown, around_message
from rostra.forum.members.queries import MemberCard, cards
from rostra.forum.modlog.rulebook import RuleRow, rules_in_force
from rostra.forum.sanctions.queries import may_sanction_now, points_of
from rostra.forum.sanctions.rules import total
from rostra.forum.threads.queries import Reference, references
from rostra.kernel import clock
from rostra.kernel.verdict import Verdict
from rostra.reading.sanction_page import moderated_titles


@dataclass(frozen=True, slots=True)
class CasePage:
    """All the template needs; `messages`: of a reported one, while the case waits."""

    case: CaseRow
    reports: list[ReportRow]
    steps: list[StepRow]
    alike: list[CaseRow]
    last: list[CaseRow]
    rules: list[RuleRow]
    subject: MemberCard | None
    place: Reference | None
    messages: list[Shown]
    may_decide: Verdict
    decisions: tuple[Decision, ...]
    may_clean: bool  # up after whom it is about
    may_warn: bool  # whom it is about, for the post or everywhere
    may_everywhere: bool
    boards: Mapping[int, str]  # where the viewer may limit them
    points: int  # of warnings of theirs that count


def case_page(viewer: Viewer, case_id: int) -> CasePage:
    """Gather a case; raises NotFound, Refused. Twelve queries, one more for messages."""
    case = queries.shown_case(viewer, case_id)
    threads, posts = references(
        viewer,
        {case.target_id} if case.kind == "thread" else set(),
        {case.target_id} if case.kind == "post" else set(),
    )
    who = case.subject_id or 0
    everywhere = bool(who) and bool(may_sanction_now(viewer, who, None))
    here = case.board_id if case.kind == "post" else None
    is_waiting = case.state in ("open", "claimed")
    messages = case.kind == "message" and is_waiting
    return CasePage(
        case=case,
        reports=queries.reports_in(case_id),
        steps=queries.steps_in(case_id),
        alike=queries.alike(viewer, case),
        last=queries.last_decisions(viewer, case),
        rules=rules_in_force(),
        subject=cards([case.subject_id]).get(case.subject_id or 0),
        place=posts.get(case.target_id) or threads.get(case.target_id),
        messages=around_message(viewer, case.target_id) if messages else [],
        may_decide=queries.may_decide_now(viewer, case),
        decisions=DECISIONS[case.kind],
        may_clean=may_clean_some(viewer),
        may_warn=everywhere or (here is not None and bool(may_sanction_now(viewer, who, here))),
        may_everywhere=everywhere,
        boards=moderated_titles(viewer),
        points=total(points_of(who), clock.now()),
    )
