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
    parent: int | None = None  # the entry of the act that it is a part of


OF_OWN_ACCORD = Why()


class About(NamedTuple):
    """Whom an act is about; stated_to: who learns the reasons without the log saying who."""

    subject_id: int | None = None
    stated_to: int | None = None


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
    about: About | None = None,
) -> int:
    """Append the act with its public reason; return the entry's number. Raises Invalid.

    about: whom it is about, where that is neither the post's author nor the thread's starter.
    """
    if about is None:
        about = About(thread.starter_id if post is None else post.author_id)
    if post is not None and post.number is not None:
        facts = {"number": post.number, **(facts or {})}
    if thread.starter_id is not None and thread.starter_id == viewer.member_id:
        facts = {**(facts or {}), "own_thread": True}  # whoever reads the log may want to know
    return modlog.append(
        kind,
        role="moderator",
        reason=modlog.check_reason(reason),
        actor_id=viewer.require_member(),
        subject_id=about.subject_id,
        stated_to=about.stated_to,
        board_id=thread.board_id,
        thread_id=thread.pk,
        post_id=None if post is None else post.pk,
        before=before,
        after=after,
        facts=facts,
        rule=why.rule,
        origin=why.origin,
        reverts=why.reverts,
        parent=why.parent,
    )
