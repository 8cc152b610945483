"""The ways to change who may do what where, and the rules all go by. Each is logged."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from rostra.forum.access import rules
from rostra.forum.access.events import AccessChanged
from rostra.forum.access.models import Grant, OwnAccess
from rostra.forum.access.viewer import VERBS, Viewer
from rostra.forum.boards.queries import VERSION, whole_tree
from rostra.forum.members.queries import groups
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog.rules import Wording
from rostra.kernel import versions
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.events import emit


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
