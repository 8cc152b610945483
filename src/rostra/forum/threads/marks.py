"""How far a member has read, and what they watch: reading it.

A thread is unread where somebody wrote after the last post its reader was shown. What nobody
wrote in for 30 days counts as read, unless there is a mark; what is older than the reader's
"all read" counts as read in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.threads.models import BoardMark, Post, Tagging, TagMute, ThreadMark
from rostra.kernel import clock, dialect

UNREAD_FOR = timedelta(days=30)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class ThreadOwn(NamedTuple):
    """What a thread is to the viewer."""

    number: int = 0  # the last post they were shown; 0: none
    level: str = ""
    bookmarks: int = 0
    waiting: int = 0  # posts and edits of theirs in it that wait for approval


class BoardOwn(NamedTuple):
    """What a board is to the viewer."""

    level: str = ""
    read_before: datetime | None = None


type Boards = dict[int, BoardOwn]

NO_BOARDS: Boards = {}
NOTHING = ThreadOwn()
NOT_MARKED = BoardOwn()


def own_boards(viewer: Viewer) -> Boards:
    """Return the boards that are something to the viewer. One query; none for a guest."""
    if viewer.is_guest:
        return NO_BOARDS
    found = dialect.recall(_OWN_BOARDS, [viewer.member_id])
    return {board_id: BoardOwn(level, read_before) for board_id, level, read_before in found}


def own_board(viewer: Viewer, board_id: int) -> BoardOwn:
    """Return what a board is to the viewer. One query; none for a guest."""
    return own_boards(viewer).get(board_id, NOT_MARKED)


def unread_to(viewer: Viewer, boards: Boards) -> Callable[[int, int, int, datetime], bool]:
    """Return what tells whether a thread holds what a member has not been shown.

    It is asked with the thread's board, the last post they were shown (0: none), the thread's
    last post and when that was written. boards: what those are to them.
    """
    called = viewer.read_before or LONG_AGO
    lately = max(called, clock.now() - UNREAD_FOR)

    def is_unread(board_id: int, shown: int, last: int, at: datetime) -> bool:
        if shown >= last or at <= (called if shown else lately):
            return False
        board = boards.get(board_id)
        return board is None or board.read_before is None or at > board.read_before

    return is_unread


def unread_since(viewer: Viewer) -> datetime:
    """Return the time before which nothing is in the viewer's feed of the unread."""
    since = clock.now() - UNREAD_FOR
    return max(since, viewer.read_before) if viewer.read_before is not None else since


def first_unread(
    viewer: Viewer, board: BoardOwn, own: ThreadOwn, thread_id: int, last_number: int
) -> int:
    """Return the number of the post to go on reading at; the last one where all is read.

    As many look-ups as the thread's length has binary digits, at most, and those only where
    the reader has called all read, or has never been here.
    """
    known = [since for since in (viewer.read_before, board.read_before) if since is not None]
    number = own.number + 1
    if not own.number:
        known.append(clock.now() - UNREAD_FOR)
    if known and number <= last_number:
        number = max(number, _first_after(thread_id, number, last_number, max(known)))
    return max(1, min(number, last_number))


class Watching(NamedTuple):
    """Who watches some threads and their boards: (thread or board, level) → members."""

    threads: Mapping[int, frozenset[int]]
    boards: Mapping[tuple[int, str], frozenset[int]]

    def of(self, thread_id: int, board_id: int, *, is_opening: bool) -> frozenset[int]:
        """Return who watches a thread, or its board so that they hear of this post."""
        found = self.threads.get(thread_id, NONE) | self.boards.get((board_id, "posts"), NONE)
        return found | self.boards.get((board_id, "threads"), NONE) if is_opening else found


class Muted(NamedTuple):
    """Who wants no word of which threads, also for a tag, and boards: (member, thread or board)."""

    threads: frozenset[tuple[int, int]]
    boards: frozenset[tuple[int, int]]

    def is_so(self, member_id: int, thread_id: int, board_id: int) -> bool:
        """Return whether a member muted a thread, or its board."""
        return (member_id, thread_id) in self.threads or (member_id, board_id) in self.boards


def watching_of(places: Collection[tuple[int, int]]) -> Watching:
    """Return who watches these threads, given with their boards. Two queries."""
    of_thread = ThreadMark.objects.filter(
        thread_id__in={thread for thread, _ in places}, level=ThreadMark.Level.WATCH
    )
    of_board = BoardMark.objects.filter(
        board_id__in={board for _, board in places}, level__in=["posts", "threads"]
    )
    threads: dict[int, set[int]] = {}
    boards: dict[tuple[int, str], set[int]] = {}
    for thread_id, member_id in of_thread.values_list("thread_id", "member_id"):
        threads.setdefault(thread_id, set()).add(member_id)
    for board_id, level, member_id in of_board.values_list("board_id", "level", "member_id"):
        boards.setdefault((board_id, level), set()).add(member_id)
    return Watching(
        {key: frozenset(ids) for key, ids in threads.items()},
        {key: frozenset(ids) for key, ids in boards.items()},
    )


def muting(
    member_ids: Collection[int], thread_ids: Collection[int], board_ids: Collection[int]
) -> Muted:
    """Return which of some members want no word of these threads and boards. Three queries."""
    ids = list(member_ids)
    threads = ThreadMark.objects.filter(thread_id__in=thread_ids, level="mute", member_id__in=ids)
    boards = BoardMark.objects.filter(board_id__in=board_ids, level="mute", member_id__in=ids)
    return Muted(
        frozenset(threads.values_list("member_id", "thread_id")) | _tagged_away(ids, thread_ids),
        frozenset(boards.values_list("member_id", "board_id")),
    )


def muted_tags(member_id: int) -> list[str]:
    """Return the tags that a member mutes, in order. One query."""
    return list(
        TagMute.objects.filter(member_id=member_id).order_by("tag").values_list("tag", flat=True)
    )


def watched_by(member_id: int) -> list[tuple[str, int, str]]:
    """Return what a member chose to watch or mute: "thread" or "board", which, how. Two queries."""
    threads = ThreadMark.objects.filter(member_id=member_id).exclude(level="").order_by("id")
    boards = BoardMark.objects.filter(member_id=member_id).exclude(level="").order_by("id")
    return [
        *(("thread", key, level) for key, level in threads.values_list("thread_id", "level")),
        *(("board", key, level) for key, level in boards.values_list("board_id", "level")),
    ]


def _tagged_away(
    member_ids: Collection[int], thread_ids: Collection[int]
) -> frozenset[tuple[int, int]]:
    """Return which of some members mute a tag of which of these threads: (member, thread)."""
    under: dict[str, list[int]] = {}
    tags = Tagging.objects.filter(thread_id__in=thread_ids).values_list("tag", "thread_id")
    for tag, thread_id in tags:
        under.setdefault(tag, []).append(thread_id)
    if not under:
        return frozenset()
    mutes = TagMute.objects.filter(member_id__in=member_ids, tag__in=under)
    pairs = mutes.values_list("member_id", "tag")
    return frozenset((member_id, thread) for member_id, tag in pairs for thread in under[tag])


def _first_after(thread_id: int, first: int, last: int, since: datetime) -> int:
    """Return the number of the first post after a time; the thread's posts are in order of it."""
    low, high = first, last + 1
    while low < high:
        middle = (low + high) // 2
        at = _time_at(thread_id, middle)
        if at is None or at <= since:
            low = middle + 1
        else:
            high = middle
    return low


def _time_at(thread_id: int, number: int) -> datetime | None:
    """Return when the first post from a number on was written, None where nobody knows."""
    found = Post.objects.filter(thread_id=thread_id, number__gte=number).order_by("number")
    return found.values_list("created_at", flat=True).first()


_OWN_BOARDS = "SELECT board_id, level, read_before FROM threads_boardmark WHERE member_id = %s"
