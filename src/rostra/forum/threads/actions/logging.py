"""A moderator's act on a thread or post, put down in the moderation log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.modlog import actions as modlog
from rostra.forum.threads.models import Post, Thread


class Why(NamedTuple):
    """On what an act rests, beside its reason: the rule's code, what made it be looked at, and
    the entry that it takes back."""

    rule: str = ""
    origin: modlog.Origin = "own_initiative"
    reverts: int | None = None


OF_OWN_ACCORD = Why()


def log_act(
    viewer: Viewer,
    kind: str,
    thread: Thread,
    reason: str,
    *,
    post: Post | None = None,
    before: str | None = None,
    after: str | None = None,
    facts: Mapping[str, int | str] | None = None,
    why: Why = OF_OWN_ACCORD,
) -> int:
    """Append the act with its public reason; return the entry's number. Raises Invalid."""
    if post is not None and post.number is not None:
        facts = {"number": post.number, **(facts or {})}
    return modlog.append(
        kind,
        role="moderator",
        reason=modlog.check_reason(reason),
        actor_id=viewer.require_member(),
        subject_id=thread.starter_id if post is None else post.author_id,
        board_id=thread.board_id,
        thread_id=thread.pk,
        post_id=None if post is None else post.pk,
        before=before,
        after=after,
        facts=facts,
        rule=why.rule,
        origin=why.origin,
        reverts=why.reverts,
    )
