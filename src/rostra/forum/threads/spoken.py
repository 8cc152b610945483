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


def spoken_of(post_id: int) -> Spoken | None:
    """Return where a post stands, for whoever it may concern; None where it is gone. One query."""
    row = Post.objects.filter(id=post_id).values_list(
        "thread_id", "thread__board_id", "number", "state", "reply_to_id"
    )
    return next((Spoken(*found) for found in row), None)


def authors_of(post_ids: Collection[int]) -> frozenset[int]:
    """Return the members who wrote these posts. One query; none for none."""
    if not post_ids:
        return frozenset()
    found = Post.objects.filter(id__in=list(post_ids), author_id__isnull=False)
    return frozenset(found.values_list("author_id", flat=True)) - {None}


def words_of(post_ids: Collection[int]) -> dict[int, str]:
    """Return the kept fragments of posts that somebody is about to be told of. One query."""
    found = Post.objects.filter(id__in=list(post_ids))
    return dict(found.values_list("id", "html"))
