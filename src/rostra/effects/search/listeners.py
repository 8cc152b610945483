"""What the index hears of. All of it is harmless twice: a post is read as it stands."""

from __future__ import annotations

from datetime import timedelta

from rostra.effects.search import actions
from rostra.forum.threads.events import PostEdited, PostPublished, PostStateChanged, ThreadMoved
from rostra.kernel.events import after
from rostra.kernel.jobs import enqueue, every, job


@after(PostPublished)
def index_published(happened: PostPublished) -> None:
    """Index a new post."""
    actions.index_posts([happened.post_id])


@after(PostEdited)
def index_edited(happened: PostEdited) -> None:
    """Index a post's new words."""
    actions.index_posts([happened.post_id])


@after(PostStateChanged)
def index_changed(happened: PostStateChanged) -> None:
    """Index a post that came back; who may read it is asked of the live row, whatever is here."""
    actions.index_posts([happened.post_id])


@after(ThreadMoved)
def index_moved(happened: ThreadMoved) -> None:
    """Index where a thread's posts are now."""
    index_thread(happened.thread_id)


@job
def index_thread(thread_id: int, after: int = 0) -> None:
    """Index some posts of a thread, and leave the rest to the next job."""
    further = actions.index_thread(thread_id, after)
    if further is not None:
        enqueue(index_thread, thread_id=thread_id, after=further)


@every(timedelta(minutes=1))
def catch_up() -> None:
    """Index what came by import, some at a time, so that events do not wait for it."""
    go_on()


@job
def go_on() -> None:
    """Index some more of what came by import."""
    came = actions.catch_up()
    if not came.is_done:
        # One row for each step, however many clocks and workers come to it.
        enqueue(go_on, run_key=f"search.go_on@{came.reached}")
