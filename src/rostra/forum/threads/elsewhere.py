"""Where posts went that stood in a thread, and where threads did."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import rules
from rostra.forum.threads.models import Merge, Move
from rostra.forum.threads.queries import PostRow, ThreadState

MERGES = 20  # one after another, that an address is followed through


class Elsewhere(NamedTuple):
    """Where a post went that was here, or which thread the posts below a line come from."""

    post_id: int | None = None
    title: str = ""


def merged_into(viewer: Viewer, thread_id: int) -> int | None:
    """Return the thread that another one's posts went into, if the viewer may read it.

    A query a step, should that one have been merged as well.
    """
    at = thread_id
    for _ in range(MERGES):
        found = Merge.objects.filter(thread_id=at).values_list(
            "into_id", "into__board_id", "into__starter_id", "into__state"
        ).first()  # fmt: skip
        if found is None:
            return None
        at = found[0]
        if rules.may_read(viewer, ThreadState(*found[1:])):
            return at
    return None


def gone_elsewhere(posts: Collection[PostRow]) -> dict[int, Elsewhere]:
    """Return what stands for posts without words: tombstones, and lines above what came.

    One query for each of these two kinds, where there is one.
    """
    by_state = {
        state: [post.id for post in posts if post.state == state] for state in ("moved", "merged")
    }
    found: dict[int, Elsewhere] = {}
    if by_state["moved"]:
        moves = Move.objects.filter(tombstone_id__in=by_state["moved"])
        for stone, post_id in moves.values_list("tombstone_id", "post_id"):
            found[stone] = Elsewhere(post_id=post_id)
    if by_state["merged"]:
        merges = Merge.objects.filter(divider_id__in=by_state["merged"])
        for line, title in merges.values_list("divider_id", "thread__title"):
            found[line] = Elsewhere(title=title)
    return found
