"""After whom may be cleaned up, by whom, and until when it can be undone. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

UNDONE_WITHIN = timedelta(days=30)
SUSPENDED_FOR = timedelta(days=3650)  # until somebody ends it


class Bounds(NamedTuple):
    """Beyond any of these a member is none that is cleaned up after."""

    posts: int
    days: int
    reactions: int


class MemberFacts(NamedTuple):
    """What the rules ask of a member: standing posts, days here, what reactions come to, rank."""

    member_id: int
    posts: int
    days: int
    reactions: int
    rank: int


def may_clean(
    viewer: Viewer, member: MemberFacts, bounds: Bounds, *, moderates_everything: bool
) -> Verdict:
    """Whether the viewer may clean up after a member: never after one of the staff (ABU-016)."""
    if not (verdict := may_undo(viewer, moderates_everything=moderates_everything)):
        return verdict
    if member.member_id == viewer.member_id or member.rank:
        return Verdict("cleaned_never")
    if member.posts > bounds.posts or member.days > bounds.days:
        return Verdict("cleaned_too_long_here")
    return ALLOWED if member.reactions <= bounds.reactions else Verdict("cleaned_too_well_liked")


def may_undo(viewer: Viewer, *, moderates_everything: bool) -> Verdict:
    """Whether the viewer may clean up at all, and undo it: who moderates the whole forum."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if viewer.grants.get("moderate") and moderates_everything:
        return ALLOWED
    return Verdict(
        "second_factor_first" if viewer.lacks_second_factor else "not_a_moderator_of_all"
    )


def is_to_be_undone(at: datetime, undone_n: int | None, now: datetime) -> bool:
    """Return whether a clean-up can still be undone."""
    return undone_n is None and now - at <= UNDONE_WITHIN
