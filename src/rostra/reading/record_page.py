"""A member's own record: what was decided about them, why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.appeals.queries import AppealRow, appeals_of, find_appeal
from rostra.forum.appeals.rules import SANCTIONS, may_appeal
from rostra.forum.appeals.undoing import beforehand
from rostra.forum.cases.queries import CaseRow, OwnReport, decided_about, reports_by
from rostra.forum.modlog import queries, rulebook
from rostra.forum.modlog.queries import LogRow
from rostra.forum.modlog.rulebook import RuleRow
from rostra.forum.modlog.statements import (
    StatementRow,
    changed_by,
    statement_for,
    statements_of,
)
from rostra.forum.notes.queries import own_words as own_note
from rostra.forum.sanctions.queries import (
    LimitRow,
    WarningRow,
    find_sanction,
    limits_of,
    warnings_of,
)
from rostra.forum.threads import rules
from rostra.forum.threads.composing import own_words, posts_by
from rostra.forum.threads.queries import Reference, references
from rostra.kernel import clock
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import whole_tree_of

LISTED = 50


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The list: a place the member may not see any more is missing from `threads`."""

    statements: list[StatementRow]
    rules: Mapping[tuple[str, int], RuleRow]
    threads: Mapping[int, Reference]
    taken_back: Mapping[int, int]
    reports: list[OwnReport]
    about: list[CaseRow]
    appeals: list[AppealRow]
    older: int | None
    warnings: list[WarningRow]  # whose points count
    limits: list[LimitRow]  # that hold
    points: int
    boards: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One statement; `words`: the member's own, wherever they stand now."""

    statement: StatementRow
    rule: RuleRow | None
    thread: Reference | None
    post: Reference | None
    changed: list[tuple[str, str]]  # before and after
    words: str
    taken_back_by: int | None
    appeal: AppealRow | None
    outcome: LogRow | None
    may_appeal: Verdict
    sanction: WarningRow | LimitRow | None  # what it is about, if it is one
    board: str  # where that holds, "" everywhere
    beforehand: str  # what an appeal could not bring back, for who may still appeal
    left: str  # what one that was right did not
    may_write_in: bool  # whether words that were taken out are the member's to write in again


def record_page(viewer: Viewer, *, before: int | None = None) -> RecordPage:
    """Gather the viewer's own record. Nine queries, one more where there are places to name."""
    now, me = clock.now(), viewer.require_member()
    warnings = [row for row in warnings_of(me) if row.holds(now)]
    found = statements_of(me, before=before, limit=LISTED + 1)
    shown = found[:LISTED]
    threads, _ = references(
        viewer, {one.entry.thread_id for one in shown if one.entry.thread_id is not None}, set()
    )
    return RecordPage(
        statements=shown,
        rules=rulebook.history(),
        threads=threads,
        taken_back=queries.taken_back([one.entry.n for one in shown]),
        reports=reports_by(viewer.require_member(), limit=LISTED),
        about=decided_about(viewer.require_member(), LISTED),
        appeals=appeals_of(viewer.require_member(), LISTED),
        older=shown[-1].entry.n if len(found) > LISTED else None,
        warnings=warnings,
        limits=[row for row in limits_of(me) if row.holds(now)],
        points=sum(row.points for row in warnings),
        boards=_titles(viewer),
    )


def statement_page(viewer: Viewer, n: int) -> StatementPage:
    """Gather one statement of the viewer's; raises NotFound for anybody else's."""
    member_id = viewer.require_member()
    found = statement_for(member_id, n)
    entry = found.entry
    threads, posts = references(
        viewer,
        {entry.thread_id} if entry.thread_id is not None else set(),
        {entry.post_id} if entry.post_id is not None else set(),
    )
    appeal = find_appeal(n)
    sanction = find_sanction(n) if entry.kind in SANCTIONS else None
    taken_back_by = queries.taken_back([n]).get(n)
    outcome_n = appeal.outcome_n if appeal is not None else None
    outcome = queries.find_entry(outcome_n) if outcome_n is not None else None
    may = may_appeal(
        found.appeal_until,
        clock.now(),
        has_appealed=appeal is not None,
        is_undone=taken_back_by is not None,
    )
    left = outcome.facts.get("left", "") if outcome is not None else ""
    return StatementPage(
        statement=found,
        rule=rulebook.history().get(entry.rule) if entry.rule is not None else None,
        thread=threads.get(entry.thread_id or 0),
        post=posts.get(entry.post_id or 0),
        changed=changed_by(entry),
        words=_own_words(viewer, member_id, entry),
        taken_back_by=taken_back_by,
        appeal=appeal,
        outcome=outcome,
        may_appeal=may,
        sanction=sanction,
        board=_titles(viewer).get(sanction.board_id or 0, "") if sanction is not None else "",
        beforehand=beforehand(viewer, found) if may else "",
        left=left,
        may_write_in=left == "redacted_words_gone" and posts.get(entry.post_id or 0) is not None,
    )


def _titles(viewer: Viewer) -> Mapping[int, str]:
    rows = whole_tree_of(viewer).rows
    return {at: row.title for at, row in rows.items() if at in viewer.boards}


def _own_words(viewer: Viewer, member_id: int, act: LogRow) -> str:
    """Return what the post says now: what was redacted in it is not in that any more.

    Of a claim and of a note: what it said when it was taken out.
    """
    if act.kind.startswith("claim."):
        return queries.words_of(act.n).get("before", "")
    if act.kind == "note.remove":
        return own_note(member_id, act.facts["note"])
    post_id = act.post_id
    if post_id is None:
        return ""
    post = next(iter(posts_by(member_id, post_id - 1, 1)), None)
    if post is None or post.id != post_id:
        return ""
    if rules.may_read(viewer, post.thread):
        return post.source
    return own_words(post.dialect, post.source, post.html)
