"""What was uploaded and is shown by posts: whose may be, which posts show it, who sees it there."""

from __future__ import annotations

from collections.abc import Collection

from rostra.content.markup.references import Rendered, UploadRef
from rostra.content.media.actions import note_unused, note_used
from rostra.content.media.queries import UploadRow, uploads_of
from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import rules
from rostra.forum.threads.models import Attachment, Post, Thread
from rostra.forum.threads.readable import shown
from rostra.kernel.errors import Invalid, NotFound


def refs(rows: Collection[UploadRow]) -> dict[str, UploadRef]:
    """Return uploads as markup needs them, by key; avatars are none."""
    return {
        row.key: UploadRef(row.key, row.kind, row.form, row.size, row.width, row.height, row.steps)
        for row in rows
        if row.kind != "avatar"
    }


def showable(author: Viewer, keys: frozenset[str], post_id: int | None) -> dict[str, UploadRef]:
    """Return which of these uploads a post of this author's may show. Two queries; none for none.

    One's own, and what the post shows already, whoever edits it. What another post shows is not
    for quoting: it would stay when that post goes.
    """
    found = uploads_of(keys)
    foreign = [key for key, row in found.items() if row.owner_id != author.member_id]
    held: set[str] = set()
    if foreign and post_id is not None:
        rows = Attachment.objects.filter(post_id=post_id, upload__key__in=foreign)
        held = set(rows.values_list("upload__key", flat=True))
    return refs([row for key, row in found.items() if key not in foreign or key in held])


def attached_to(post_ids: Collection[int]) -> dict[int, dict[str, UploadRef]]:
    """Return what these posts show, by post and key. Two queries."""
    rows = Attachment.objects.filter(post_id__in=list(post_ids))
    pairs = list(rows.values_list("post_id", "upload__key"))
    known = refs(uploads_of({key for _, key in pairs}).values())
    found: dict[int, dict[str, UploadRef]] = {}
    for post_id, key in pairs:
        if key in known:
            found.setdefault(post_id, {})[key] = known[key]
    return found


def attach(viewer: Viewer, thread: Thread, post: Post, rendered: Rendered, *, is_new: bool) -> None:
    """Write down what a locked post shows now, in place of what it showed.

    Raises Invalid where something is new in the post and the viewer may attach nothing in the
    board, or it is gone meanwhile. A new post that shows nothing costs nothing.
    """
    keys = set(rendered.pictures) | set(rendered.files)
    held: dict[str, int] = {}
    if not is_new:
        rows = Attachment.objects.filter(post=post).values_list("upload__key", "upload_id")
        held = dict(rows)
    if fresh := keys - set(held):
        verdict = rules.may_attach(viewer, thread.board_id)
        if not verdict:
            raise Invalid({"source": verdict.reason})
        try:
            ids = note_used(fresh)
        except NotFound:
            raise Invalid({"source": "upload_gone"}) from None
        Attachment.objects.bulk_create(
            Attachment(post=post, upload_id=ids[key]) for key in sorted(fresh)
        )
    if gone := [held[key] for key in set(held) - keys]:
        Attachment.objects.filter(post=post, upload_id__in=gone).delete()
        still = Attachment.objects.filter(upload_id__in=gone).values_list("upload_id", flat=True)
        if unused := set(gone) - set(still):
            note_unused(unused)


def is_shown(viewer: Viewer, upload_id: int) -> bool:
    """Return whether the viewer may read a post that shows an upload. One query."""
    return Attachment.objects.filter(shown(viewer, "post__"), upload_id=upload_id).exists()


def is_attached(upload_id: int) -> bool:
    """Return whether any post shows an upload, whoever may read it. One query."""
    return Attachment.objects.filter(upload_id=upload_id).exists()


def posts_showing(upload_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the posts that show these uploads. One query."""
    found: dict[int, list[int]] = {}
    rows = Attachment.objects.filter(upload_id__in=list(upload_ids)).order_by("post_id")
    for upload_id, post_id in rows.values_list("upload_id", "post_id"):
        found.setdefault(upload_id, []).append(post_id)
    return found
