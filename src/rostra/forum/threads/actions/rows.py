"""Rows locked for a change, never without the viewer who asks for it, and their saving."""

from __future__ import annotations

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.turns import take_turn
from rostra.forum.threads import rules
from rostra.forum.threads.models import Post, State, Tagging, Thread
from rostra.kernel import rows
from rostra.kernel.errors import NotFound


def locked_thread(viewer: Viewer, thread_id: int) -> Thread:
    """Return the thread, locked until the transaction ends; raises NotFound.

    It is the viewer's turn until then. The key itself stays free: a board's pointer to its last
    thread may be set meanwhile, or two acts in one board would wait for each other for ever.
    """
    if viewer.member_id is not None:
        take_turn(viewer.member_id, viewer.limits_kept)
    thread = rows.lock(Thread, thread_id)
    if thread is None or not rules.may_read(viewer, thread):
        raise NotFound
    return thread


def locked_post(viewer: Viewer, post_id: int) -> tuple[Thread, Post]:
    """Return a post and its thread, both locked, the thread first; raises NotFound."""
    thread_id = Post.objects.filter(id=post_id).values_list("thread_id", flat=True).first()
    if thread_id is None:
        raise NotFound
    thread = locked_thread(viewer, thread_id)
    post = Post.objects.select_for_update(no_key=True).filter(id=post_id, thread=thread).first()
    if post is None:
        raise NotFound
    return thread, post


def lock_any(thread_id: int) -> None:
    """Lock a thread until the transaction ends, for an act that nobody looks at it for."""
    rows.lock(Thread, thread_id)


def note_changed(thread_id: int) -> None:
    """Have what was kept of a thread's pages be out of date, whoever changed something there."""
    if (thread := rows.lock(Thread, thread_id)) is not None:
        save_changed(thread)


def opening_stands(thread: Thread) -> bool:
    """Return whether the words that a thread begins with are shown to everybody."""
    return Post.objects.filter(thread=thread, number=1, state=State.VISIBLE).exists()


def save_changed(thread: Thread) -> None:
    """Save a locked thread under a new version: whatever was kept of its pages is out of date."""
    thread.version += 1
    rows.update(thread)
    if thread.tags:
        Tagging.objects.filter(thread=thread).update(
            board_id=thread.board_id, bumped_at=thread.bumped_at
        )
