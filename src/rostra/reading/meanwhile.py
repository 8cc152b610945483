"""What was posted in a thread while somebody was writing."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rostra.content.markup.excerpt import excerpt
from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import queries
from rostra.forum.threads.queries import ThreadRow

MOST = 5


class Meanwhile(NamedTuple):
    """A post of somebody else."""

    id: int
    number: int
    author: str
    words: str
    at: datetime | None


def posted_since(viewer: Viewer, thread: ThreadRow, number: int) -> list[Meanwhile]:
    """Return the latest posts of others after a number. Two queries at most."""
    if thread.last_number <= number:
        return []
    first = max(number + 1, thread.last_number - MOST + 1)
    posts = [
        post
        for post in queries.posts_between(viewer, thread, first, thread.last_number)
        if post.state == "visible" and post.author_id != viewer.member_id
    ]
    names = queries.authors({post.author_id for post in posts if post.author_id is not None})
    return [
        Meanwhile(
            id=post.id,
            number=post.number,
            author=names[post.author_id].name if post.author_id in names else post.guest_name,
            words=excerpt(post.html),
            at=post.created_at,
        )
        for post in posts
    ]
