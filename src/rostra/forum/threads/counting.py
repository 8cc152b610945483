"""Counters, changed in the transaction of what they count."""

from __future__ import annotations

from rostra.forum.threads.models import Post, State, Thread
from rostra.kernel import dialect


def count_in_board(board_id: int, *, threads: int = 0, posts: int = 0) -> None:
    """Change what a board holds by so many threads and posts; its lists have changed."""
    dialect.write(_IN_BOARD, [board_id, max(threads, 0), max(posts, 0), threads, posts])


def count_for_member(member_id: int | None, posts: int) -> None:
    """Change how many visible posts a member has; a guest has no count."""
    if member_id is None:
        return
    dialect.write(_FOR_MEMBER, [member_id, max(posts, 0), posts])


def find_last_thread(board_id: int) -> None:
    """Look the board's latest visible thread up again."""
    dialect.write(_LAST_THREAD, [board_id, board_id])


def find_last_post(thread: Thread) -> None:
    """Look the thread's latest visible post up again; does not save."""
    last = (
        Post.objects.filter(thread=thread, state=State.VISIBLE)
        .order_by("-number")
        .values("author_id", "author_name", "created_at")
        .first()
    )
    if last is None:
        return
    thread.last_poster_id = last["author_id"]
    thread.last_poster_name = last["author_name"]
    thread.last_post_at = last["created_at"]
    thread.bumped_at = last["created_at"] or thread.bumped_at


# A row that is not there yet begins with what is counted now; below nothing is only a fault's.
_IN_BOARD = """
INSERT INTO threads_boardstats (board_id, thread_count, post_count, last_thread_id, version)
VALUES (%s, %s, %s, NULL, 1)
ON CONFLICT (board_id) DO UPDATE SET
    thread_count = threads_boardstats.thread_count + %s,
    post_count = threads_boardstats.post_count + %s,
    version = threads_boardstats.version + 1
"""
_FOR_MEMBER = """
INSERT INTO threads_memberstats (member_id, post_count) VALUES (%s, %s)
ON CONFLICT (member_id) DO UPDATE SET post_count = threads_memberstats.post_count + %s
"""
_LAST_THREAD = """
UPDATE threads_boardstats SET last_thread_id = (
    SELECT t.id FROM threads_thread t
    WHERE t.board_id = %s AND t.state = 'visible'
    ORDER BY t.bumped_at DESC, t.id DESC LIMIT 1
) WHERE board_id = %s
"""
