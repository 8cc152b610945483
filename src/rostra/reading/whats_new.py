"""What's new: the latest threads of all boards the viewer may read."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.threads.listing import Key, Listed, Wish, threads_in
from rostra.reading.front_page import whole_tree_of


@dataclass(frozen=True, slots=True)
class WhatsNew:
    """All the template needs."""

    threads: tuple[tuple[Listed, BoardRow], ...]
    older: Key | None
    newer: Key | None
    is_unanswered: bool


def whats_new(viewer: Viewer, wish: Wish) -> WhatsNew:
    """Gather one page. One query after those for the viewer."""
    page = threads_in(viewer, viewer.readable, wish)
    boards = whole_tree_of(viewer).rows
    return WhatsNew(
        threads=tuple((thread, boards[thread.board_id]) for thread in page.threads),
        older=page.older,
        newer=page.newer,
        is_unanswered=wish.unanswered,
    )
