"""Posts that a moderator chose, to do something with all of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.threads.models import Post

MOST = 100


class ChosenRow(NamedTuple):
    """A post as its moderator looks at it before acting."""

    id: int
    number: int
    thread_id: int
    thread_title: str
    board_id: int
    author_id: int | None
    author: str  # of a member, or of a guest
    state: str
    html: str


def chosen_posts(viewer: Viewer, post_ids: Collection[int]) -> list[ChosenRow]:
    """Return those of these posts that the viewer moderates, by thread and number. One query."""
    moderated = viewer.readable & viewer.grants.get("moderate", NONE)
    found = Post.objects.filter(
        id__in=list(post_ids)[:MOST], number__isnull=False, thread__board_id__in=list(moderated)
    ).exclude(state__in=("moved", "merged"))
    rows = found.order_by("thread_id", "number").values_list(
        "id", "number", "thread_id", "thread__title", "thread__board_id", "author_id",
        "author__name", "author_name", "state", "html",
    )  # fmt: skip
    return [ChosenRow._make((*row[:6], row[6] or row[7], *row[8:])) for row in rows]
