"""The queue of what waits for approval, and one thing that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rostra.forum.access.viewer import Viewer
from rostra.forum.holds.queries import HoldRow, are_newcomers_held
from rostra.forum.holds.rules import HoldFacts, may_decide
from rostra.forum.modlog.rulebook import RuleRow, rules_in_force
from rostra.forum.threads.waiting import Asked, Waiting, held_for, queue
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import whole_tree_of

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class QueuePage:
    """All the template needs; `further`: what the next page starts after."""

    rows: list[Waiting]
    rules: list[RuleRow]
    boards: Mapping[int, str]  # that the viewer moderates
    further: int | None
    newcomers_until: datetime | None  # while newcomers' posts wait


@dataclass(frozen=True, slots=True)
class HeldPage:
    """One thing that waits, or waited, as its author and its moderators see it."""

    held: HoldRow
    row: Waiting
    board: str
    rules: list[RuleRow]
    may_decide: Verdict
    is_own: bool


def queue_page(viewer: Viewer, asked: Asked, after: int) -> QueuePage:
    """Gather a page of what waits; raises Refused. Three queries, however much waits."""
    found = queue(viewer, asked, after=after, limit=PER_PAGE + 1)
    rows = found[:PER_PAGE]
    moderated = viewer.grants.get("moderate", frozenset())
    tree = whole_tree_of(viewer)
    return QueuePage(
        rows=rows,
        rules=rules_in_force(),
        boards={at: row.title for at, row in tree.rows.items() if at in moderated},
        further=rows[-1].id if len(found) > PER_PAGE else None,
        newcomers_until=are_newcomers_held(),
    )


def held_page(viewer: Viewer, post_id: int) -> HeldPage:
    """Gather what waits of one post; raises NotFound. Two queries, one more for moderators."""
    held, row = held_for(viewer, post_id)
    is_own = row.author_id is not None and row.author_id == viewer.member_id
    board = whole_tree_of(viewer).rows.get(row.board_id)
    verdict = may_decide(viewer, HoldFacts(row.board_id, row.author_id, row.state))
    return HeldPage(
        held=held,
        row=row,
        board=board.title if board is not None else "",
        rules=rules_in_force() if verdict else [],
        may_decide=verdict,
        is_own=is_own,
    )
