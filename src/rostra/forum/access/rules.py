"""Who may change who may do what. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer


def may_manage_access(viewer: Viewer) -> Verdict:
    """Whether the viewer may set grants and ask why somebody may do something."""
    return _has(viewer, "manage_access")


def may_manage_members(viewer: Viewer) -> Verdict:
    """Whether the viewer may let people in and see to their accounts."""
    return _has(viewer, "manage_members")


def may_manage_account(viewer: Viewer, member_id: int, *, rank: int, theirs: int) -> Verdict:
    """Whether the viewer may see to this account: nobody's above or beside them (SEC-065).

    rank, theirs: how high both stand among the staff. One's own has pages of its own.
    """
    if not (managing := may_manage_members(viewer)):
        return managing
    if viewer.member_id == member_id:
        return Verdict("own_case")
    return Verdict("above_your_rank") if theirs and theirs >= rank else ALLOWED


def may_manage_rules(viewer: Viewer) -> Verdict:
    """Whether the viewer may change the rules of the forum."""
    return _has(viewer, "manage_boards")


def may_manage_boards(viewer: Viewer) -> Verdict:
    """Whether the viewer may open boards, name them and put them in order."""
    return _has(viewer, "manage_boards")


def may_moderate_anywhere(viewer: Viewer) -> Verdict:
    """Whether the viewer moderates some board, and so is shown what moderators work at."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if viewer.grants.get("moderate"):
        return ALLOWED
    return Verdict("second_factor_first" if viewer.lacks_second_factor else "not_a_moderator")


def may_give(viewer: Viewer, capabilities: Collection[str]) -> Verdict:
    """Whether the viewer may give or take these: nobody rises above themselves (SEC-048)."""
    if set(capabilities) <= viewer.capabilities:
        return ALLOWED
    return Verdict("above_your_own")


def may_change_membership(
    viewer: Viewer, capabilities: Collection[str], moderates: bool
) -> Verdict:
    """Whether the viewer may put people into a group with these rights, and take them out.

    moderates: whether it has the right to moderate anywhere.
    """
    if capabilities or moderates:
        return _has(viewer, "manage_access") and may_give(viewer, capabilities)
    return _has(viewer, "manage_members")


def _has(viewer: Viewer, capability: str) -> Verdict:
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if capability not in viewer.capabilities:
        if viewer.lacks_second_factor:
            return Verdict("second_factor_first")
        return Verdict("not_an_administrator")
    return ALLOWED
