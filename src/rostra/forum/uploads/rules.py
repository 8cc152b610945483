"""Who may bring something, and how much of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from rostra.forum.modlog.rules import APPEAL_WITHIN
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

MEGABYTE = 1_000_000
# A picture that was taken away is kept until nobody can say any more that it was wrong to.
TAKEN_KEPT_FOR = APPEAL_WITHIN + timedelta(days=30)
OF_MEMBERS = ""  # the name the quota of everybody stands under


class Quota(NamedTuple):
    """How many bytes a member may bring in a day, and have here in all."""

    a_day: int
    in_all: int


def quotas_in(text: str) -> Mapping[str, Quota]:
    """Return the quotas a setting names, by group; raises ValueError.

    "50/1000; Moderators=200/5000": megabytes a day / in all, for all members, then for groups.
    """
    found: dict[str, Quota] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, sizes = part.rpartition("=")
        day, slash, in_all = sizes.partition("/")
        if not slash or not all(
            n.strip().isascii() and n.strip().isdecimal() for n in (day, in_all)
        ):
            raise ValueError("must be such as 50/1000; Moderators=200/5000")
        found[name.strip()] = Quota(int(day) * MEGABYTE, int(in_all) * MEGABYTE)
    if OF_MEMBERS not in found:
        raise ValueError("must begin with what all members may bring, such as 50/1000")
    return found


def quota_for(quotas: Mapping[str, Quota], groups: Collection[str]) -> Quota:
    """Return what somebody in these groups may bring: the most any of them may."""
    held = [quota for name, quota in quotas.items() if name == OF_MEMBERS or name in groups]
    return Quota(max(q.a_day for q in held), max(q.in_all for q in held))


def may_upload(viewer: Viewer) -> Verdict:
    """Whether the viewer may bring something to show in some board or other."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if not viewer.grants.get("attach"):
        return Verdict("limited" if viewer.limit_on("attach") else "no_attachments_in_board")
    return ALLOWED


def may_choose_avatar(viewer: Viewer) -> Verdict:
    """Whether the viewer may have a picture beside their name."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    return Verdict(viewer.barred)


def may_remove_avatar(viewer: Viewer, member_id: int, avatar: str) -> Verdict:
    """Whether the viewer may take the picture beside another's name away: who moderates anywhere.

    It stands beside that name in every board. One's own is one's own to change.
    """
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if not viewer.grants.get("moderate") or viewer.member_id == member_id:
        return Verdict("not_a_moderator")
    return ALLOWED if avatar else Verdict("no_avatar")


def fits(quota: Quota, size: int, *, had: int, had_today: int) -> Verdict:
    """Whether so many bytes more are within a quota."""
    if had + size > quota.in_all:
        return Verdict("quota_full")
    if had_today + size > quota.a_day:
        return Verdict("quota_of_day_full")
    return ALLOWED
