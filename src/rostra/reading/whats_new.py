"""What's new: the latest threads of all boards the viewer may read, and a member's own feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.threads.listing import Key, Listed, Wish, threads_in
from rostra.forum.threads.marks import own_boards
from rostra.reading.front_page import whole_tree_of

type Feed = Literal["latest", "unread", "watched", "unanswered"]

OWN: tuple[Feed, ...] = ("unread", "watched")


@dataclass(frozen=True, slots=True)
class WhatsNew:
    """All the template needs."""

    feed: Feed
    threads: tuple[tuple[Listed, BoardRow], ...]
    older: Key | None
    newer: Key | None
    has_own: bool


def whats_new(viewer: Viewer, feed: Feed, wish: Wish) -> WhatsNew:
    """Gather one page. One query after those for the viewer, two for a member.

    Boards and threads that the viewer muted, and threads that an ignored member started, are in
    no feed but that of what they watch. Raises Refused where a guest wants a member's feed.
    """
    if feed in OWN:
        viewer.require_member()
    own = own_boards(viewer)
    boards = viewer.readable
    if feed == "watched":
        wish = wish._replace(watched=True)
    else:
        boards = frozenset(b for b in boards if b not in own or own[b].level != "mute")
        wish = wish._replace(unmuted=True, unread=feed == "unread", unanswered=feed == "unanswered")
    page = threads_in(viewer, boards, wish, own)
    rows = whole_tree_of(viewer).rows
    return WhatsNew(
        feed=feed,
        threads=tuple((thread, rows[thread.board_id]) for thread in page.threads),
        older=page.older,
        newer=page.newer,
        has_own=not viewer.is_guest,
    )
