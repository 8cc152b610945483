"""The ways to change who may do what where, and the rules all go by. Each is logged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from rostra.forum.access import rules
from rostra.forum.access.events import AccessChanged
from rostra.forum.access.models import Grant, OwnAccess
from rostra.forum.access.viewer import VERBS, Viewer
from rostra.forum.boards import actions as boards
from rostra.forum.boards.queries import VERSION, whole_tree
from rostra.forum.members import actions as members
from rostra.forum.members.queries import GroupRow, groups
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog.rules import Wording
from rostra.kernel import versions
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.events import emit
from rostra.kernel.verdict import Verdict

if TYPE_CHECKING:
    from rostra.forum.boards.models import Board
    from rostra.forum.members.models import Group


@transaction.atomic
def set_access(
    viewer: Viewer | None,
    board_id: int,
    table: Mapping[int, Collection[str]] | None,
    *,
    reason: str,
) -> None:
    """Give a board rows of its own, all at once; None: it inherits its parent's again.

    table: group → verbs. viewer None: the operator at the console. Emits AccessChanged.
    """
    if viewer is not None:
        rules.may_manage_access(viewer).enforce()
    if board_id not in whole_tree().rows:
        raise NotFound
    verbs = {verb for granted in (table or {}).values() for verb in granted}
    if not verbs <= set(VERBS):
        raise Invalid({"verbs": "no_such_verb"})
    known = {group.id for group in groups()}
    if not known >= set(table or {}):
        raise Invalid({"groups": "no_such_group"})
    # First, for it locks a row: two who set access at once do it one after the other.
    versions.raise_version(VERSION)
    Grant.objects.filter(board_id=board_id).delete()
    if table is None:
        OwnAccess.objects.filter(board_id=board_id).delete()
    else:
        OwnAccess.objects.get_or_create(board_id=board_id)
        Grant.objects.bulk_create(
            Grant(board_id=board_id, group_id=group_id, verb=verb)
            for group_id, granted in table.items()
            for verb in sorted(set(granted))
        )
    log_n = modlog.append(
        "access.set",
        role="operator" if viewer is None else "administrator",
        reason=modlog.check_reason(reason),
        actor_id=None if viewer is None else viewer.require_member(),
        board_id=board_id,
        facts={"groups": {str(g): sorted(v) for g, v in sorted((table or {}).items())}}
        if table is not None
        else {"inherits": True},
    )
    emit(AccessChanged(board_id=board_id, log_n=log_n))


def change_rule(
    viewer: Viewer, code: str, wording: Wording, *, is_in_force: bool, seen: int, reason: str
) -> int:
    """Write a rule of the forum anew, or a new one (code ""); return the entry's number."""
    rules.may_manage_rules(viewer).enforce()
    return modlog.change_rule(
        code,
        wording,
        is_in_force=is_in_force,
        seen=seen,
        actor_id=viewer.require_member(),
        reason=reason,
    )


class Place(NamedTuple):
    """What a board is called, and where it stands."""

    title: str
    description: str = ""
    parent_id: int | None = None
    position: int = 0


@transaction.atomic
def add_board(viewer: Viewer, place: Place, *, is_category: bool, reason: str) -> Board:
    """Open a board or a category; until it has rows of its own its parent's hold. Logged."""
    rules.may_manage_boards(viewer).enforce()
    board = boards.create_board(
        place.title,
        parent_id=place.parent_id,
        description=place.description,
        position=place.position,
        is_category=is_category,
    )
    _log(viewer, "board.add", reason, board_id=board.pk)
    return board


@transaction.atomic
def edit_board(viewer: Viewer, board_id: int, place: Place, *, reason: str) -> Board:
    """Call a board otherwise or put it elsewhere, where other rows may hold for it. Logged."""
    rules.may_manage_boards(viewer).enforce()
    board = boards.change_board(
        board_id,
        place.title,
        parent_id=place.parent_id,
        description=place.description,
        position=place.position,
    )
    _log(viewer, "board.change", reason, board_id=board_id)
    return board


@transaction.atomic
def close_board(viewer: Viewer, board_id: int, *, reason: str) -> None:
    """Take away a board in which nothing is. Logged. Raises Invalid."""
    rules.may_manage_boards(viewer).enforce()
    boards.delete_board(board_id)
    _log(viewer, "board.delete", reason)


@transaction.atomic
def save_group(
    viewer: Viewer,
    group_id: int | None,
    name: str,
    *,
    capabilities: Collection[str],
    needs_second_factor: bool,
    reason: str,
) -> Group:
    """Make a group, or change what its people may do beyond boards. Logged.

    Nobody gives, or takes, what they may not do themselves. Raises Refused, Invalid, NotFound.
    """
    rules.may_manage_access(viewer).enforce()
    before = next((group for group in groups() if group.id == group_id), None)
    if group_id is not None and before is None:
        raise NotFound
    held = set(before.capabilities) if before is not None else set()
    rules.may_give(viewer, set(capabilities) ^ held).enforce()
    group = members.save_group(
        group_id, name, capabilities=capabilities, needs_second_factor=needs_second_factor
    )
    facts = {"group": group.name, "capabilities": sorted(capabilities)}
    _log(viewer, "group.add" if before is None else "group.change", reason, facts=facts)
    return group


@transaction.atomic
def set_membership(
    viewer: Viewer, group_id: int, member_id: int, *, is_in: bool, reason: str
) -> None:
    """Put a member into a group, or take them out. Logged; an ordinary group's are for whoever
    manages members, one with rights beyond boards for whoever has these rights.
    """
    group = next((group for group in groups() if group.id == group_id), None)
    if group is None:
        raise NotFound
    may_change_membership_now(viewer, group).enforce()
    act = members.join_group if is_in else members.leave_group
    act(group_id, member_id, reason=reason, by=viewer.require_member(), role="administrator")


def may_change_membership_now(viewer: Viewer, group: GroupRow) -> Verdict:
    """Return whether the viewer may put people into a group, and take them out. One query."""
    moderates = Grant.objects.filter(group_id=group.id, verb="moderate").exists()
    return rules.may_change_membership(viewer, group.capabilities, moderates)


def _log(
    viewer: Viewer,
    kind: str,
    reason: str,
    *,
    board_id: int | None = None,
    facts: Mapping[str, object] | None = None,
) -> None:
    modlog.append(
        kind,
        role="administrator",
        reason=modlog.check_reason(reason),
        actor_id=viewer.require_member(),
        board_id=board_id,
        facts=facts,
    )
