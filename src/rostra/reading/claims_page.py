"""Claims of all threads, and what became of them lately."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.claims import queries
from rostra.forum.claims.queries import ChangeRow, ClaimRow, Wish
from rostra.reading.front_page import whole_tree_of


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """All the template needs; `changes` where those are asked for, `claims` otherwise."""

    wish: Wish
    claims: list[ClaimRow]
    changes: list[ChangeRow]
    older: int | None
    boards: dict[int, BoardRow]
    choices: list[BoardRow]


def claims_page(viewer: Viewer, wish: Wish) -> ClaimsPage:
    """Gather claims, the newest first, by key. One query."""
    found = queries.claims_list(viewer, wish, viewer.per_page + 1)
    shown = found[: viewer.per_page]
    older = shown[-1].id if len(found) > len(shown) else None
    tree = whole_tree_of(viewer)
    choices = [row for row in tree.in_order() if row.id in viewer.readable]
    return ClaimsPage(wish, shown, [], older, dict(tree.rows), choices)


def changes_page(viewer: Viewer, before: int | None = None) -> ClaimsPage:
    """Gather claims that were made or changed, the latest entered first, by key. Two queries."""
    found = queries.changes(viewer, before=before, limit=viewer.per_page + 1)
    shown = found[: viewer.per_page]
    older = shown[-1].id if len(found) > len(shown) else None
    return ClaimsPage(Wish(), [], shown, older, dict(whole_tree_of(viewer).rows), [])
