"""Erasing what a member brought, but for what a kept post of theirs shows."""

from __future__ import annotations

from django.db import transaction

from rostra.content.media import actions as media
from rostra.content.media.queries import owned_by
from rostra.forum.threads.attachments import is_attached


@transaction.atomic
def erase_uploads(member_id: int, after: int, limit: int) -> int:
    """Delete some uploads that nothing shows, avatars too; return the last id, 0 at the end.

    What a kept post shows stays, and the forum's logo, whoever brought it.
    """
    found = owned_by(member_id, after, limit)
    for row in found:
        is_unused = row.unused_since is not None and not is_attached(row.id)
        if row.kind == "avatar" or is_unused:
            media.let_go(row)
    return found[-1].id if len(found) == limit else 0
