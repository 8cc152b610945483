"""What the index hears of. All of it is harmless twice: a post is read as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rostra.effects.search import actions
from rostra.forum.erasure.events import MemberErased
from rostra.forum.threads.events import (
    PostCovered,
    PostEdited,
    PostPublished,
    PostsMoved,
    PostStateChanged,
    ThreadDescribed,
    ThreadMoved,
)
from rostra.kernel.events import after, after_many
from rostra.kernel.jobs import enqueue, every, job


@after_many(PostPublished)
@after_many(PostEdited)
@after_many(PostCovered)
@after_many(PostStateChanged)
def index_changed(
    happened: Sequence[PostPublished | PostEdited | PostCovered | PostStateChanged],
) -> None:
    """Index posts as they stand; who may read one is asked of the live row, whatever is here."""
    actions.index_posts(list(dict.fromkeys(one.post_id for one in happened)))


@after(ThreadDescribed)
def index_described(happened: ThreadDescribed) -> None:
    """Index the opening post, which a thread is found by its title with."""
    actions.index_posts([happened.opening_id])


@after(ThreadMoved)
def index_moved(happened: ThreadMoved) -> None:
    """Index where a thread's posts are now."""
    index_thread(happened.thread_id)


@after(PostsMoved)
def index_carried(happened: PostsMoved) -> None:
    """Index where posts are now that went to another thread, and what is found by its title."""
    index_thread(happened.from_thread_id)
    index_thread(happened.to_thread_id)


@after(MemberErased)
def forget_words(happened: MemberErased) -> None:
    """Have the words that were erased leave the file of the index, too (PRV-002)."""
    enqueue(tidy)


@job
def tidy() -> None:
    """Merge a part of the index, and leave the rest to the next job."""
    if actions.tidy():
        enqueue(tidy)


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
