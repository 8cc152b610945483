"""Putting a picture back beside the name it was taken from, where an appeal was right."""

from __future__ import annotations

from django.db import transaction

from rostra.content.media.queries import known_keys
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.actions import keep_avatar
from rostra.forum.members.queries import card_of
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog import queries as log
from rostra.forum.modlog.rules import ALL_COMES_BACK, Outlook
from rostra.forum.modlog.statements import StatementRow
from rostra.forum.threads.actions.logging import Why
from rostra.forum.uploads.events import AvatarChanged
from rostra.kernel.events import emit


def removal_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether a picture can stand beside its name again: while it is kept, and no other is
    there by now."""
    if card_of(stated.member_id).avatar:
        return Outlook(left="picture_chosen_since")
    key = log.words_of(stated.entry.n).get("before", "")
    return ALL_COMES_BACK if known_keys([key]) else Outlook(left="picture_deleted")


@transaction.atomic
def undo_removal(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    """Show a picture beside its name again; emits AvatarChanged.

    For who decides an appeal: the caller has asked.
    """
    if removal_outlook(viewer, stated).left:
        return
    key = log.words_of(stated.entry.n)["before"]
    keep_avatar(stated.member_id, key)
    modlog.erase_values([key])  # or it would be deleted as one that nobody asked back
    modlog.append(
        "member.avatar_restore",
        role="moderator",
        reason=modlog.check_reason(reason),
        actor_id=viewer.require_member(),
        subject_id=stated.member_id,
        reverts=why.reverts,
    )
    emit(AvatarChanged(member_id=stated.member_id))
