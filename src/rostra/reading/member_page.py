"""A member's page, and the list of members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.queries import MemberCard, card_of, former_names, listed
from rostra.forum.members.ties import tie_to
from rostra.forum.reactions.queries import scores
from rostra.forum.threads.queries import Place, latest_posts_of, post_counts

LISTED = 40


@dataclass(frozen=True, slots=True)
class MemberPage:
    """All the template needs."""

    card: MemberCard
    former_names: Sequence[tuple[str, datetime]]
    post_count: int
    score: int
    posts: Sequence[tuple[Place, str, datetime | None]]
    older: int | None
    tie: str  # what the member is to the viewer: followed, ignored, nothing in particular


@dataclass(frozen=True, slots=True)
class MemberList:
    """A page of the list; keys to go on from, None at an end."""

    members: list[MemberCard]
    post_counts: Mapping[int, int]
    scores: Mapping[int, int]
    before: tuple[str, int] | None
    after: tuple[str, int] | None


def member_page(viewer: Viewer, member_id: int, before: int | None = None) -> MemberPage:
    """Gather a member's facts and newest posts, as far as the viewer may read them."""
    card = card_of(member_id)
    posts = latest_posts_of(viewer, member_id, before=before, limit=viewer.per_page + 1)
    shown = posts[: viewer.per_page]
    return MemberPage(
        card=card,
        former_names=former_names(member_id),
        post_count=post_counts([member_id]).get(member_id, 0),
        score=scores([member_id]).get(member_id, 0),
        posts=shown,
        older=shown[-1][0].post_id if len(posts) > len(shown) else None,
        tie=tie_to(viewer.member_id, member_id),
    )


def member_list(
    *, after: tuple[str, int] | None = None, before: tuple[str, int] | None = None
) -> MemberList:
    """Gather one page of all members by name. Three queries."""
    found = listed(after=after, before=before, limit=LISTED + 1)
    more = len(found) > LISTED
    members = (found[1:] if more else found) if before is not None else found[:LISTED]
    ids = [card.id for card in members]
    has_before = after is not None if before is None else more
    has_after = more if before is None else True
    return MemberList(
        members=members,
        post_counts=post_counts(ids),
        scores=scores(ids),
        before=(members[0].name, members[0].id) if members and has_before else None,
        after=(members[-1].name, members[-1].id) if members and has_after else None,
    )
