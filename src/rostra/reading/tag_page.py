"""The threads under a tag, of all boards the viewer may read."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.threads.listing import Key, Listed, Wish, threads_tagged
from rostra.forum.threads.marks import muted_tags, own_boards
from rostra.kernel.errors import NotFound
from rostra.reading.front_page import whole_tree_of


@dataclass(frozen=True, slots=True)
class TagPage:
    """All the template needs."""

    tag: str
    threads: tuple[tuple[Listed, BoardRow], ...]
    older: Key | None
    newer: Key | None
    level: str  # "mute" where the viewer wants no word of it


def tag_page(viewer: Viewer, tag: str, wish: Wish) -> TagPage:
    """Gather one page. One query after those for the viewer, three for a member.

    Raises NotFound where nothing is listed: a tag of hidden threads alone is like one of none.
    """
    page = threads_tagged(viewer, tag, wish, own_boards(viewer))
    if not page.threads:
        raise NotFound
    boards = whole_tree_of(viewer).rows
    return TagPage(
        tag=tag,
        threads=tuple((thread, boards[thread.board_id]) for thread in page.threads),
        older=page.older,
        newer=page.newer,
        level="mute" if _is_muted(viewer, tag) else "",
    )


def _is_muted(viewer: Viewer, tag: str) -> bool:
    return viewer.member_id is not None and tag in muted_tags(viewer.member_id)
