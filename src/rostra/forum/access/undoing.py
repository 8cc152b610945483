"""Taking back what was done with somebody's account, where an appeal was right.

Each has its outlook: what is known beforehand of what cannot lie as it did.
"""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access import rules
from rostra.forum.access.actions import may_change_membership_now
from rostra.forum.access.viewer import Viewer
from rostra.forum.members import actions as members
from rostra.forum.members import names, recovery
from rostra.forum.members.queries import GroupRow, card_of, groups, is_name_taken
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog import queries as log
from rostra.forum.modlog.rules import Outlook
from rostra.forum.modlog.statements import StatementRow, latest_about


def rename_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether a member can have the name again that somebody else changed."""
    words = log.words_of(stated.entry.n)
    if not {"before", "after"} <= set(words):
        return Outlook(refused="not_kept")
    given = {words["after"], _given_last(stated.member_id)}
    if card_of(stated.member_id).name not in given:
        return Outlook(left="name_chosen_since")
    if is_name_taken(names.name_key(words["before"]), member_id=stated.member_id):
        return Outlook(refused="name_taken_since")
    return Outlook(refused=rules.may_manage_members(viewer).reason)


@transaction.atomic
def undo_renaming(viewer: Viewer, stated: StatementRow, reason: str) -> None:
    """Give a member their name back, unless they have another by now. Raises Refused."""
    outlook = rename_outlook(viewer, stated)
    outlook.enforce()
    if outlook.left:
        return
    words = log.words_of(stated.entry.n)
    now = card_of(stated.member_id).name
    recovery.take_name_back(stated.member_id, words["before"], words["after"])
    modlog.append(
        "member.rename",
        role="administrator",
        reason=modlog.check_reason(reason),
        actor_id=viewer.require_member(),
        subject_id=stated.member_id,
        before=now,
        after=words["before"],
        reverts=stated.entry.n,
    )


def closing_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether the viewer can open an account again: who sees to accounts."""
    return Outlook(refused=rules.may_manage_members(viewer).reason)


@transaction.atomic
def undo_closing(viewer: Viewer, stated: StatementRow, reason: str) -> None:
    """Open an account again that somebody else closed. Raises Refused."""
    closing_outlook(viewer, stated).enforce()
    members.set_open(
        stated.member_id,
        is_open=True,
        role="administrator",
        reason=reason,
        by=viewer.member_id,
        reverts=stated.entry.n,
    )


def leaving_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether the viewer can put somebody back into a group: who may put people there."""
    group = _group(stated)
    if group is None:
        return Outlook(refused="group_gone")
    return Outlook(refused=may_change_membership_now(viewer, group).reason)


@transaction.atomic
def undo_leaving(viewer: Viewer, stated: StatementRow, reason: str) -> None:
    """Put somebody back into the group that they were taken out of. Raises Refused."""
    leaving_outlook(viewer, stated).enforce()
    if (group := _group(stated)) is not None:
        members.join_group(
            group.id,
            stated.member_id,
            reason=reason,
            by=viewer.member_id,
            role="administrator",
            reverts=stated.entry.n,
        )


def _given_last(member_id: int) -> str:
    """Return the name that somebody else gave a member last, which may be a later act's."""
    n = latest_about(member_id, "member.rename")
    return "" if n is None else log.words_of(n).get("after", "")


def _group(stated: StatementRow) -> GroupRow | None:
    """Return the group of an entry, by its id; one of old names it alone."""
    group_id, name = stated.entry.facts.get("id"), stated.entry.facts["group"]
    found = [g for g in groups() if g.id == group_id or (group_id is None and g.name == name)]
    return next(iter(found), None)
