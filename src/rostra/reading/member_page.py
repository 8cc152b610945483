"""A member's page, and the list of members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rostra.forum.access.viewer import Viewer
from rostra.forum.cleaning.queries import may_clean_some
from rostra.forum.conversations.standing import may_write_to
from rostra.forum.members.queries import (
    MemberCard,
    former_names,
    listed,
    page_card,
)
from rostra.forum.reactions.queries import Given, given_by, scores
from rostra.forum.sanctions.rules import may_see
from rostra.forum.threads.listing import Key, Listed, Wish, threads_in
from rostra.forum.threads.queries import Place, latest_posts_of, post_counts
from rostra.forum.uploads.rules import may_remove_avatar

type Show = Literal["posts", "threads", "given"]

LISTED = 40


@dataclass(frozen=True, slots=True)
class MemberPage:
    """All the template needs."""

    card: MemberCard
    former_names: Sequence[tuple[str, datetime]]
    post_count: int
    score: int
    about: str  # a kept fragment
    show: Show
    posts: Sequence[tuple[Place, str, datetime | None]]
    threads: tuple[Listed, ...]
    given: Sequence[Given]
    older: int | None
    further: Key | None  # of the threads
    tie: str  # what the member is to the viewer: followed, ignored, nothing in particular
    may_write: bool  # the viewer to them, in a conversation
    may_clean: bool
    may_remove_avatar: bool
    is_for_staff: bool  # there is a page of what staff know of them, for this viewer


@dataclass(frozen=True, slots=True)
class MemberList:
    """A page of the list; keys to go on from, None at an end."""

    members: list[MemberCard]
    post_counts: Mapping[int, int]
    scores: Mapping[int, int]
    before: tuple[str, int] | None
    after: tuple[str, int] | None


def member_page(
    viewer: Viewer,
    member_id: int,
    show: Show = "posts",
    *,
    before: int | None = None,
    older_than: Key | None = None,
) -> MemberPage:
    """Gather a member's facts and what they did last, as far as the viewer may read it.

    show: their posts, the threads they started, or the reactions they gave; one query for each.
    A member who looks costs two more, a newcomer four: whether they may write to them.
    """
    (card, about, tie), size = page_card(member_id, viewer.member_id), viewer.per_page
    posts: Sequence[tuple[Place, str, datetime | None]] = ()
    given: Sequence[Given] = ()
    threads: tuple[Listed, ...] = ()
    older, further = None, None
    if show == "posts":
        posts = latest_posts_of(viewer, member_id, before=before, limit=size + 1)
        older = posts[size - 1][0].post_id if len(posts) > size else None
    elif show == "given":
        given = given_by(viewer, member_id, before=before, limit=size + 1)
        older = given[size - 1].id if len(given) > size else None
    else:
        wish = Wish(starter_id=member_id, older_than=older_than, per_page=size)
        page = threads_in(viewer, viewer.readable, wish)
        threads, further = page.threads, page.older
    return MemberPage(
        card=card,
        former_names=former_names(member_id),
        post_count=post_counts([member_id]).get(member_id, 0),
        score=scores([member_id]).get(member_id, 0),
        about=about,
        show=show,
        posts=posts[:size],
        threads=threads,
        given=given[:size],
        older=older,
        further=further,
        tie=tie,
        may_write=may_write_to(viewer, member_id),
        may_remove_avatar=bool(may_remove_avatar(viewer, member_id, card.avatar)),
        may_clean=may_clean_some(viewer) and viewer.member_id != member_id,
        is_for_staff=bool(may_see(viewer, member_id)),
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
