"""Noting what has been read, and choosing what to watch."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.actions import call_all_read
from rostra.forum.members.turns import take_turn
from rostra.forum.threads import queries
from rostra.forum.threads.models import BoardMark, TagMute, ThreadMark
from rostra.kernel import clock, dialect
from rostra.kernel.errors import Invalid, NotFound

MOST_TAGS = 100  # that one member mutes


def note_read(viewer: Viewer, thread_id: int, number: int) -> None:
    """Note that the viewer was shown a thread up to a number; it never goes back. One statement."""
    dialect.write(_READ, [viewer.require_member(), thread_id, number, clock.now()])


@transaction.atomic
def watch_thread(viewer: Viewer, thread_id: int, level: str) -> None:
    """Watch a thread, mute it, or neither (""). Raises NotFound, Invalid."""
    member_id = viewer.require_member()
    take_turn(member_id)
    if level not in ThreadMark.Level:
        raise Invalid({"level": "not_a_choice"})
    queries.thread_for(viewer, thread_id)
    dialect.write(_WATCH_THREAD, [member_id, thread_id, level])


@transaction.atomic
def watch_board(viewer: Viewer, board_id: int, level: str) -> None:
    """Watch a board's threads or all its posts, mute it, or neither. Raises NotFound, Invalid."""
    member_id = viewer.require_member()
    take_turn(member_id)
    if level not in BoardMark.Level:
        raise Invalid({"level": "not_a_choice"})
    if board_id not in viewer.readable:
        raise NotFound
    dialect.write(_WATCH_BOARD, [member_id, board_id, level])


@transaction.atomic
def mute_tag(viewer: Viewer, tag: str, level: str) -> None:
    """Mute a tag, as it is kept, or no longer (""). Raises Invalid.

    Any tag may be: whether there is one somewhere that the viewer may not read is not told.
    """
    member_id = viewer.require_member()
    take_turn(member_id)
    mine = TagMute.objects.filter(member_id=member_id)
    if level == "":
        mine.filter(tag=tag).delete()
    elif level != "mute":
        raise Invalid({"level": "not_a_choice"})
    elif not mine.filter(tag=tag).exists():
        if mine.count() >= MOST_TAGS:
            raise Invalid({"level": "too_many_muted"})
        TagMute.objects.create(member_id=member_id, tag=tag)


@transaction.atomic
def mark_read(viewer: Viewer, board_id: int | None, until: datetime) -> None:
    """Call all read that was written until a time, in one board or everywhere (None).

    What came after stays unread: somebody may have written since the page was made.
    """
    member_id = viewer.require_member()
    take_turn(member_id)
    until = min(until, clock.now())
    if board_id is None:
        call_all_read(member_id, until)
    elif board_id in viewer.readable:
        dialect.write(_BOARD_READ, [member_id, board_id, until])
    else:
        raise NotFound


def watch_if_new(pairs: Collection[tuple[int, int]]) -> None:
    """Watch threads for members who have not said otherwise about them: (member, thread)."""
    with transaction.atomic():
        dialect.write_many(_WATCH_IF_NEW, sorted(pairs))


def note_bookmarks(member_id: int, thread_id: int, count: int) -> None:
    """Note how many bookmarks a member has in a thread, so that its pages know to look."""
    dialect.write(_COUNT_BOOKMARKS, [member_id, thread_id, count])


_READ = """
INSERT INTO threads_threadmark (member_id, thread_id, number, level, is_chosen, bookmarks, read_at)
VALUES (%s, %s, %s, '', FALSE, 0, %s)
ON CONFLICT (member_id, thread_id) DO UPDATE
SET number = excluded.number, read_at = excluded.read_at
WHERE threads_threadmark.number < excluded.number
"""
_WATCH_THREAD = """
INSERT INTO threads_threadmark (member_id, thread_id, number, level, is_chosen, bookmarks)
VALUES (%s, %s, 0, %s, TRUE, 0)
ON CONFLICT (member_id, thread_id) DO UPDATE SET level = excluded.level, is_chosen = TRUE
"""
_WATCH_IF_NEW = """
INSERT INTO threads_threadmark (member_id, thread_id, number, level, is_chosen, bookmarks)
VALUES (%s, %s, 0, 'watch', FALSE, 0)
ON CONFLICT (member_id, thread_id) DO UPDATE SET level = 'watch'
WHERE NOT threads_threadmark.is_chosen
"""
_COUNT_BOOKMARKS = """
INSERT INTO threads_threadmark (member_id, thread_id, number, level, is_chosen, bookmarks)
VALUES (%s, %s, 0, '', FALSE, %s)
ON CONFLICT (member_id, thread_id) DO UPDATE SET bookmarks = excluded.bookmarks
"""
_WATCH_BOARD = """
INSERT INTO threads_boardmark (member_id, board_id, level) VALUES (%s, %s, %s)
ON CONFLICT (member_id, board_id) DO UPDATE SET level = excluded.level
"""
_BOARD_READ = """
INSERT INTO threads_boardmark (member_id, board_id, level, read_before) VALUES (%s, %s, '', %s)
ON CONFLICT (member_id, board_id) DO UPDATE SET read_before = excluded.read_before
"""
