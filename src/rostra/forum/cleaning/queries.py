"""Reading what a clean-up would do, and what one did."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from rostra.forum.access.queries import moderates_everything, ranks
from rostra.forum.access.viewer import Viewer
from rostra.forum.cleaning import rules
from rostra.forum.cleaning.models import Cleaning
from rostra.forum.cleaning.rules import Bounds, MemberFacts
from rostra.forum.conversations.reports import reported_by_author
from rostra.forum.members.queries import AccountLook, account_look, card_of
from rostra.forum.reactions.queries import scores
from rostra.forum.threads.of_member import Standing, standing_of_member
from rostra.forum.threads.queries import post_counts
from rostra.forum.threads.waiting import own_waiting
from rostra.kernel import clock
from rostra.kernel.verdict import Verdict

LISTED = 10  # of posts and threads that a preview names


class Preview(NamedTuple):
    """All that a clean-up would do."""

    facts: MemberFacts
    may_clean: Verdict
    standing: Standing
    waiting: int
    reported_messages: int
    look: AccountLook


class CleaningRow(NamedTuple):
    """A clean-up that was done."""

    log_n: int
    at: datetime
    by: str | None
    posts: int
    threads: int
    undone_n: int | None
    may_be_undone: bool


def bounds() -> Bounds:
    """Return beyond what members are not cleaned up after."""
    own = settings.ROSTRA
    return Bounds(own.clean_posts, own.clean_days, own.clean_reactions)


def facts_of(member_id: int) -> MemberFacts:
    """Return what the rules ask of a member; raises NotFound. Four queries."""
    card = card_of(member_id)
    # Whose joining nobody knows came long ago.
    days = (clock.now() - card.joined_at).days if card.joined_at is not None else 36_500
    return MemberFacts(
        member_id,
        posts=post_counts([member_id]).get(member_id, 0),
        days=days,
        reactions=scores([member_id]).get(member_id, 0),
        rank=ranks([member_id])[member_id],
    )


def may_clean_some(viewer: Viewer) -> bool:
    """Return whether the viewer may clean up after anybody. No query."""
    able = bool(viewer.grants.get("moderate")) and moderates_everything(viewer)
    return bool(rules.may_undo(viewer, moderates_everything=able))


def preview_for(viewer: Viewer, member_id: int) -> Preview:
    """Return what a clean-up would do; raises NotFound, Refused for who may do none."""
    is_able = moderates_everything(viewer)
    rules.may_undo(viewer, moderates_everything=is_able).enforce()
    facts = facts_of(member_id)
    limit = bounds().posts
    return Preview(
        facts,
        rules.may_clean(viewer, facts, bounds(), moderates_everything=is_able),
        standing_of_member(member_id, limit, viewer.grants["moderate"]),
        len(own_waiting(member_id, limit=20)),
        reported_by_author(member_id),
        account_look(member_id),
    )


def cleanings_of(member_id: int) -> list[CleaningRow]:
    """Return how a member was cleaned up after, the latest first; ask who may know. One query."""
    now = clock.now()
    found = Cleaning.objects.filter(member_id=member_id).order_by("-log_n")[:20]
    return [
        CleaningRow(
            row.log_n,
            row.at,
            row.by.name if row.by is not None else None,
            len(row.posts),
            len(row.threads),
            row.undone_n,
            rules.is_to_be_undone(row.at, row.undone_n, now),
        )
        for row in found.select_related("by")
    ]
