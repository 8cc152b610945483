"""What a search engine needs of threads and posts: words to keep, and what a viewer may be shown.

Whoever finds something elsewhere asks here, with the viewer, before a word of it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import rules
from rostra.forum.threads.models import Post, Thread
from rostra.forum.threads.queries import PostState, ThreadState


class Indexable(NamedTuple):
    """A post in whatever state, as an index keeps it; `title` is empty but in an opening post."""

    id: int
    thread_id: int
    board_id: int
    title: str
    author_id: int | None
    author_name: str
    html: str
    created_at: datetime | None


class Found(NamedTuple):
    """A post as a viewer may see it now; `html` is None where only the title is theirs to read."""

    id: int
    thread_id: int
    thread_title: str
    board_id: int
    number: int | None
    author_id: int | None
    author_name: str
    html: str | None
    created_at: datetime | None
    state: str


class FoundThread(NamedTuple):
    """A thread as a viewer may see it now."""

    id: int
    title: str
    board_id: int
    reply_count: int
    last_post_at: datetime | None


def posts_to_index(post_ids: Collection[int]) -> list[Indexable]:
    """Return what is to be kept of these posts. One query."""
    rows = Post.objects.filter(id__in=post_ids).values_list(
        "id", "thread_id", "thread__board_id", "thread__title", "author_id", "author_name",
        "html", "created_at", "number",
    )  # fmt: skip
    return [
        Indexable(i, thread_id, board_id, title if number == 1 else "", author_id, name, html, at)
        for i, thread_id, board_id, title, author_id, name, html, at, number in rows
    ]


def htmls_of(post_ids: Collection[int]) -> dict[int, str]:
    """Return the fragments of these posts as they are now. One query."""
    return dict(Post.objects.filter(id__in=post_ids).values_list("id", "html"))


def post_ids_after(post_id: int, limit: int, *, thread_id: int | None = None) -> list[int]:
    """Return the next ids of posts, in order, of one thread or of all. One query."""
    found = Post.objects.filter(id__gt=post_id)
    if thread_id is not None:
        found = found.filter(thread_id=thread_id)
    return list(found.order_by("id").values_list("id", flat=True)[:limit])


def highest_post_id() -> int:
    """Return the highest id of a post, 0 for none. One query."""
    return Post.objects.order_by("-id").values_list("id", flat=True).first() or 0


def count_posts() -> int:
    """Return how many posts there are, in whatever state."""
    return Post.objects.count()


def dates_after(post_id: int) -> Iterator[tuple[int, datetime | None]]:
    """Yield id and date of every post with a higher id, without holding them all."""
    found = Post.objects.filter(id__gt=post_id).order_by("id")
    yield from found.values_list("id", "created_at").iterator(chunk_size=10_000)


def found_posts(viewer: Viewer, post_ids: Collection[int]) -> dict[int, Found]:
    """Return those of the posts of which the viewer may read something. One query; none for none.

    Of an opening post that is not shown the title may be: it is the thread's.
    """
    if not post_ids:
        return {}
    rows = Post.objects.filter(id__in=post_ids).values_list(
        "id", "thread_id", "thread__title", "thread__board_id", "number", "author_id",
        "author_name", "html", "created_at", "state", "author__name", "thread__starter_id",
        "thread__state",
    )  # fmt: skip
    found: dict[int, Found] = {}
    for row in rows:
        thread = ThreadState(board_id=row[3], starter_id=row[11], state=row[12])
        if not rules.may_read(viewer, thread):
            continue
        post = Found(*row[:6], row[10] or row[6], *row[7:10])
        if not rules.may_read_post(viewer, thread, PostState(post.author_id, post.state)):
            if post.number != 1:
                continue
            post = post._replace(html=None)
        found[post.id] = post
    return found


def found_threads(viewer: Viewer, post_ids: Collection[int]) -> dict[int, FoundThread]:
    """Return the readable threads that these posts open, by the posts' ids. One query."""
    rows = Thread.objects.filter(
        posts__id__in=post_ids, posts__number=1, board_id__in=viewer.readable
    ).values_list(
        "posts__id", "id", "title", "board_id", "reply_count", "last_post_at", "starter_id", "state"
    )
    return {
        row[0]: FoundThread(*row[1:6])
        for row in rows
        if rules.may_read(viewer, ThreadState(row[3], row[6], row[7]))
    }


def threads_about(viewer: Viewer, link: str, limit: int = 5) -> list[FoundThread]:
    """Return the readable threads about an article, the newest first. One query."""
    found = Thread.objects.filter(link=link, state="visible", board_id__in=viewer.readable)
    rows = found.order_by("-id").values_list(*FoundThread._fields)
    return [FoundThread(*row) for row in rows[:limit]]
