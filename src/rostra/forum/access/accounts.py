"""What who manages members does with another's account. Each is one row of the moderation log."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access import rules
from rostra.forum.access.queries import ranks
from rostra.forum.access.viewer import Viewer
from rostra.forum.members import actions as members
from rostra.forum.members import recovery
from rostra.forum.members.queries import card_of
from rostra.forum.members.sessions import end_sessions
from rostra.forum.members.turns import take_turn
from rostra.forum.modlog import actions as modlog
from rostra.kernel.errors import Refused
from rostra.kernel.verdict import Verdict


def may_manage_now(viewer: Viewer, member_id: int) -> Verdict:
    """Return whether the viewer may see to a member's account. One query."""
    if viewer.member_id is None:
        return Verdict("log_in_first")
    found = ranks({viewer.member_id, member_id})
    return rules.may_manage_account(
        viewer, member_id, rank=found[viewer.member_id], theirs=found[member_id]
    )


@transaction.atomic
def rename_member(viewer: Viewer, member_id: int, name: str, *, reason: str) -> None:
    """Give a member another name; the old one rests and is shown. Raises Invalid, Refused."""
    _begin(viewer, member_id, reason)
    old, new = recovery.rename(member_id, name, as_often=True)
    _log(viewer, "member.rename", member_id, reason, before=old, after=new)


@transaction.atomic
def sign_out_member(viewer: Viewer, member_id: int, *, reason: str) -> None:
    """End all sessions of a member's. Raises Invalid, Refused."""
    _begin(viewer, member_id, reason)
    end_sessions(member_id)
    _log(viewer, "member.sign_out", member_id, reason)


@transaction.atomic
def reset_second_factor(viewer: Viewer, member_id: int, *, reason: str) -> None:
    """Take a member's second factors away, for who has lost them; their sessions end as well.

    They are without the rights of groups that need one until they have set one up again. Raises
    Invalid, Refused.
    """
    _begin(viewer, member_id, reason)
    if not recovery.drop_second_factors(member_id):
        raise Refused("no_second_factor")
    _log(viewer, "member.second_factor", member_id, reason)


@transaction.atomic
def set_account_open(viewer: Viewer, member_id: int, *, is_open: bool, reason: str) -> None:
    """Close a member's account, or open it again. Raises Invalid, Refused."""
    _begin(viewer, member_id, reason)
    members.set_open(
        member_id, is_open=is_open, role="administrator", reason=reason, by=viewer.member_id
    )


def _begin(viewer: Viewer, member_id: int, reason: str) -> None:
    card_of(member_id)
    may_manage_now(viewer, member_id).enforce()
    modlog.check_reason(reason)
    take_turn(viewer.require_member())


def _log(
    viewer: Viewer,
    kind: str,
    member_id: int,
    reason: str,
    *,
    before: str | None = None,
    after: str | None = None,
) -> None:
    modlog.append(
        kind,
        role="administrator",
        reason=modlog.check_reason(reason),
        actor_id=viewer.require_member(),
        subject_id=member_id,
        before=before,
        after=after,
    )
