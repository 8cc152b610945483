"""What those are told by who have to be told of a post. Who may read it is theirs to ask."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from rostra.forum.threads.models import Post


class Spoken(NamedTuple):
    """What those are told by who have to be told of a post."""

    thread_id: int
    board_id: int
    number: int | None
    state: str
    reply_to_id: int | None


def spoken_of(post_ids: Collection[int]) -> dict[int, Spoken]:
    """Return where posts stand, for whoever they may concern; absent: gone. One query."""
    rows = Post.objects.filter(id__in=list(post_ids)).values_list(
        "id", "thread_id", "thread__board_id", "number", "state", "reply_to_id"
    )
    return {row[0]: Spoken(*row[1:]) for row in rows}


def authors_of(post_ids: Collection[int]) -> dict[int, int]:
    """Return the members who wrote these posts, by post. One query; none for none."""
    if not post_ids:
        return {}
    found = Post.objects.filter(id__in=list(post_ids), author_id__isnull=False)
    return {key: author for key, author in found.values_list("id", "author_id") if author}


def words_of(post_ids: Collection[int]) -> dict[int, str]:
    """Return the kept fragments of posts that somebody is about to be told of. One query."""
    found = Post.objects.filter(id__in=list(post_ids))
    return dict(found.values_list("id", "html"))
