"""Reading what was uploaded, for one viewer."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from rostra.content.media.queries import UploadRow, owned_by, upload_of, usage_of
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.queries import card_of, group_ids_of, groups
from rostra.forum.threads.attachments import is_attached, is_shown, posts_showing
from rostra.forum.uploads.rules import Quota, quota_for, quotas_in
from rostra.kernel import clock
from rostra.kernel.errors import NotFound


class Own(NamedTuple):
    """Something of one's own, and the posts that show it."""

    id: int
    upload: UploadRow
    posts: list[int]


def file_for(viewer: Viewer, key: str) -> UploadRow:
    """Return an upload that the viewer may see; raises NotFound. Two queries; an owner's, three.

    Who may read a post that shows it sees it; while none shows it, its owner does. Avatars have
    an address of their own.
    """
    found = upload_of(key)
    if found.kind == "avatar":
        raise NotFound
    if is_shown(viewer, found.id):
        return found
    if found.owner_id != viewer.member_id or is_attached(found.id):
        raise NotFound
    return found


def avatar_of(key: str) -> UploadRow:
    """Return a member's picture, which all may see; raises NotFound. Two queries.

    One that stands beside no name any more is given to nobody, though it may be kept for a while.
    """
    found = upload_of(key)
    if found.kind != "avatar" or card_of(found.owner_id).avatar != key:
        raise NotFound
    return found


def is_avatar(key: str) -> bool:
    """Return whether a picture stands beside its owner's name. Two queries."""
    try:
        return avatar_of(key).key == key
    except NotFound:
        return False


def quota_of(member_id: int) -> Quota:
    """Return how much a member may bring. Two queries; none where groups make no difference."""
    quotas = quotas_in(settings.ROSTRA.upload_quotas)
    if len(quotas) == 1:
        return quota_for(quotas, ())
    held = group_ids_of(member_id)
    return quota_for(quotas, {group.name for group in groups() if group.id in held})


def used_by(member_id: int) -> tuple[int, int]:
    """Return how many bytes a member has here, and brought today (of the world's clock)."""
    usage = usage_of(member_id, clock.now().date())
    return usage.size, usage.day_size


def own_uploads(member_id: int, after: int, limit: int) -> list[Own]:
    """Return what a member brought, in order of ids, from one on. Two queries."""
    rows = owned_by(member_id, after, limit)
    posts = posts_showing([row.id for row in rows]) if rows else {}
    return [Own(row.id, row, posts.get(row.id, [])) for row in rows]
