"""An appeal as whoever decides it needs it."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.appeals import queries
from rostra.forum.appeals.queries import AppealRow
from rostra.forum.appeals.rules import Outcome, outcomes_for
from rostra.forum.appeals.undoing import outlook_of
from rostra.forum.modlog.queries import LogRow, find_entry
from rostra.forum.modlog.rulebook import RuleRow, history
from rostra.forum.modlog.rules import ALL_COMES_BACK, Outlook
from rostra.forum.modlog.statements import changed_by, statement_of
from rostra.forum.threads.queries import Reference, references
from rostra.kernel.verdict import Verdict


@dataclass(frozen=True, slots=True)
class AppealPage:
    """All the template needs."""

    appeal: AppealRow
    act: LogRow
    rule: RuleRow | None
    changed: list[tuple[str, str]]  # before and after
    place: Reference | None
    may_decide: Verdict
    outcomes: tuple[Outcome, ...]
    outlook: Outlook  # of overturning it, for who may
    outcome: LogRow | None  # where it is decided; facts "left": what stayed although overturned


def appeal_page(viewer: Viewer, n: int) -> AppealPage:
    """Gather an appeal that the viewer may look at; raises NotFound.

    Seven queries at most, and a few more where the viewer may decide: what would come of it.
    """
    viewer.require_member()
    appeal = queries.appeal_for(viewer, n)
    stated = statement_of(n)
    act = stated.entry
    may_decide = queries.may_decide_now(viewer, appeal)
    outlook = outlook_of(viewer, stated) if may_decide else ALL_COMES_BACK
    outcome = find_entry(appeal.outcome_n) if appeal.outcome_n is not None else None
    threads, posts = references(
        viewer,
        {act.thread_id} if act.thread_id is not None else set(),
        {act.post_id} if act.post_id is not None else set(),
    )
    return AppealPage(
        appeal=appeal,
        act=act,
        rule=history().get(act.rule) if act.rule is not None else None,
        changed=changed_by(act),
        place=posts.get(act.post_id or 0) or threads.get(act.thread_id or 0),
        may_decide=may_decide,
        outcomes=outcomes_for(outlook),
        outlook=outlook,
        outcome=outcome,
    )
