"""The front page: categories, their boards, the latest of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import whole_tree
from rostra.forum.boards.tree import BoardRow, Tree
from rostra.forum.threads.queries import BoardCount, board_counts


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A board with the sum of what it and the boards below hold, for this viewer."""

    board: BoardRow
    children: tuple[BoardRow, ...]
    thread_count: int
    post_count: int
    last: BoardCount | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A category and its boards; the category is None for boards that stand alone."""

    category: BoardRow | None
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """All the template needs."""

    sections: tuple[Section, ...]


def front_page(viewer: Viewer) -> FrontPage:
    """Gather the front page. One query after those for the viewer."""
    tree = whole_tree_of(viewer)
    counts = board_counts(viewer.readable)
    alone: list[BoardLine] = []
    sections: list[Section] = []
    for row in tree.within(None, viewer.boards):
        if row.is_category:
            lines = lines_below(viewer, tree, row.id, counts)
            if lines:
                sections.append(Section(row, lines))
        else:
            alone.append(_line(viewer, tree, row, counts))
    if alone:
        sections.insert(0, Section(None, tuple(alone)))
    return FrontPage(tuple(sections))


def lines_below(
    viewer: Viewer, tree: Tree, board_id: int, counts: Mapping[int, BoardCount]
) -> tuple[BoardLine, ...]:
    """Return the lines of the boards right below a board or category."""
    return tuple(_line(viewer, tree, row, counts) for row in tree.within(board_id, viewer.boards))


def whole_tree_of(viewer: Viewer) -> Tree:
    """Return the tree of boards. No query: the viewer was worked out from the same one."""
    return whole_tree(viewer.boards_version)


def _line(viewer: Viewer, tree: Tree, row: BoardRow, counts: Mapping[int, BoardCount]) -> BoardLine:
    found = [counts[i] for i in tree.below(row.id, viewer.boards) if i in counts]
    dated = [count for count in found if count.last_thread_id is not None]
    return BoardLine(
        board=row,
        children=tuple(tree.within(row.id, viewer.boards)),
        thread_count=sum(count.thread_count for count in found),
        post_count=sum(count.post_count for count in found),
        last=max(dated, key=_last_time, default=None),
        is_open=viewer.can("read", row.id),
    )


def _last_time(count: BoardCount) -> tuple[float, int]:
    at = count.last_post_at
    return (at.timestamp() if at is not None else 0.0, count.last_thread_id or 0)
