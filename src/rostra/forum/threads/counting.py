"""Counters, changed in the transaction of what they count."""

from __future__ import annotations

from django.db.models import F

from rostra.forum.threads.models import BoardStats, MemberStats, Post, State, Thread


def count_in_board(board_id: int, *, threads: int = 0, posts: int = 0) -> None:
    """Change what a board holds by so many threads and posts; its lists have changed."""
    BoardStats.objects.bulk_create([BoardStats(board_id=board_id)], ignore_conflicts=True)
    BoardStats.objects.filter(board_id=board_id).update(
        thread_count=F("thread_count") + threads,
        post_count=F("post_count") + posts,
        version=F("version") + 1,
    )


def count_for_member(member_id: int | None, posts: int) -> None:
    """Change how many visible posts a member has; a guest has no count."""
    if member_id is None:
        return
    MemberStats.objects.bulk_create([MemberStats(member_id=member_id)], ignore_conflicts=True)
    MemberStats.objects.filter(member_id=member_id).update(post_count=F("post_count") + posts)


def find_last_thread(board_id: int) -> None:
    """Look the board's latest visible thread up again."""
    latest = (
        Thread.objects.filter(board_id=board_id, state=State.VISIBLE)
        .order_by("-bumped_at", "-id")
        .values_list("id", flat=True)
        .first()
    )
    BoardStats.objects.filter(board_id=board_id).update(last_thread_id=latest)


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
