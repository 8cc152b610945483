"""What's new: the latest threads of all boards the viewer may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.members.queries import MemberCard
from rostra.forum.threads.listing import Page, Wish, threads_in
from rostra.reading.board_page import people_of
from rostra.reading.front_page import whole_tree_of


@dataclass(frozen=True, slots=True)
class WhatsNew:
    """All the template needs."""

    page: Page
    boards: Mapping[int, BoardRow]
    people: Mapping[int, MemberCard]
    is_unanswered: bool


def whats_new(viewer: Viewer, wish: Wish) -> WhatsNew:
    """Gather one page. Two queries after those for the viewer."""
    page = threads_in(viewer, viewer.readable, wish)
    return WhatsNew(
        page=page,
        boards=whole_tree_of(viewer).rows,
        people=people_of(page.threads),
        is_unanswered=wish.unanswered,
    )
