"""One act on many posts: all of it or nothing, an entry in the log for each."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.seconds.rules import ALONE
from rostra.forum.threads import rules
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import remove_post, restore_post
from rostra.forum.threads.chosen import MOST, chosen_posts
from rostra.forum.threads.models import State
from rostra.kernel.errors import Invalid, Refused


def remove_posts(viewer: Viewer, post_ids: Collection[int], reason: str, *, why: Why) -> int:
    """Take away those that stand or are hidden; return how many. Raises Invalid, Refused."""
    return _do(viewer, post_ids, (State.VISIBLE, State.HIDDEN), reason, why)


def restore_posts(viewer: Viewer, post_ids: Collection[int], reason: str, *, why: Why) -> int:
    """Bring back those that were removed or hidden; return how many. Raises Invalid, Refused."""
    return _do(viewer, post_ids, (State.REMOVED,), reason, why)


@transaction.atomic
def _do(
    viewer: Viewer, post_ids: Collection[int], states: tuple[State, ...], reason: str, why: Why
) -> int:
    if not post_ids:
        raise Invalid({"posts": "choose_some"})
    if len(post_ids) > MOST:
        raise Invalid({"posts": "too_many_at_once"})
    found = [post for post in chosen_posts(viewer, post_ids) if post.state in states]
    if not found:
        raise Refused("nothing_of_the_kind")
    if State.REMOVED not in states and len(found) > ALONE:
        raise Invalid({"posts": "too_many_alone"})
    act = restore_post if State.REMOVED in states else remove_post
    for post in found:
        rules.may_moderate(viewer, post.board_id).enforce()
        act(viewer, post.id, reason, why=why)
    return len(found)
