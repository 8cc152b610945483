"""A board: its boards, its threads in an order of the reader's choice."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access.limits import Limit
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.members.queries import ids_by_name
from rostra.forum.threads import rules
from rostra.forum.threads.listing import NUMBERED_PAGES, Key, Listed, Wish, pinned_in, threads_in
from rostra.forum.threads.marks import NOT_MARKED, own_boards
from rostra.forum.threads.queries import board_counts
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import page_count
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import BoardLine, lines_below, whole_tree_of


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader chose at the board's form."""

    sort: str = "latest"
    starter: str = ""
    days: int | None = None
    unanswered: bool = False

    @property
    def is_plain(self) -> bool:
        return self == Filters()


@dataclass(frozen=True, slots=True)
class BoardPage:
    """All the template needs."""

    board: BoardRow
    path: tuple[BoardRow, ...]
    boards: tuple[BoardLine, ...]
    filters: Filters
    is_unknown_starter: bool
    pinned: tuple[Listed, ...]
    threads: tuple[Listed, ...]
    number: int
    last_number: int
    older: Key | None
    newer: Key | None
    is_open: bool
    may_start: Verdict
    limits: tuple[Limit, ...]  # of the viewer's, on threads they would start
    level: str  # how the viewer watches it


def board_page(viewer: Viewer, board_id: int, filters: Filters, wish: Wish) -> BoardPage:
    """Gather one page of a board, of any size.

    Three queries; one more with a starter to find, and one more for a member.
    """
    tree = whole_tree_of(viewer)
    if board_id not in tree.rows or not viewer.can("see", board_id):
        raise NotFound
    board = tree.rows[board_id]
    below = tree.below(board_id, viewer.boards)
    counts = board_counts([i for i in below if i in viewer.readable])
    starter_id, is_unknown = _starter(filters.starter)
    own = own_boards(viewer)
    if not board.is_category:
        is_first = filters.is_plain and wish.page == 1 and not (wish.older_than or wish.newer_than)
        kept_on_top = pinned_in(viewer, board_id, own) if filters.is_plain else ()
        pinned = kept_on_top if is_first else ()
        page = threads_in(
            viewer,
            [] if is_unknown else [board_id],
            wish._replace(starter_id=starter_id, pinned=False if filters.is_plain else None),
            own,
        )
    else:
        kept_on_top, pinned, page = (), (), None
    threads = page.threads if page else ()
    held = (counts[board_id].thread_count if board_id in counts else 0) - len(kept_on_top)
    last_number = min(page_count(held, wish.per_page), NUMBERED_PAGES)
    if filters.is_plain and wish.page > last_number:
        raise NotFound
    return BoardPage(
        board=board,
        path=tuple(tree.path(board_id)[:-1]),
        boards=lines_below(viewer, tree, board_id, counts),
        filters=filters,
        is_unknown_starter=is_unknown,
        pinned=pinned,
        threads=threads,
        number=wish.page,
        last_number=last_number,
        is_open=viewer.can("read", board_id),
        older=page.older if page else None,
        newer=page.newer if page else None,
        may_start=rules.may_start(viewer, board_id, is_category=board.is_category),
        limits=viewer.limits_on(("start",), board_id) if viewer.limits else (),
        level=own.get(board_id, NOT_MARKED).level,
    )


def _starter(name: str) -> tuple[int | None, bool]:
    """Return the id of the member to filter by, and whether a name was given that nobody has."""
    if not name:
        return None, False
    found = ids_by_name([name])
    return (found[name][0], False) if name in found else (None, True)
