"""Keeping a post, and letting it go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.bookmarks.models import Bookmark
from rostra.forum.members.turns import take_turn
from rostra.forum.threads import composing, rules
from rostra.forum.threads.actions.marks import note_bookmarks
from rostra.kernel import clock, text
from rostra.kernel.errors import Invalid, NotFound, Refused

NOTE_LENGTH = 500
MOST = 2000


@transaction.atomic
def keep_post(viewer: Viewer, post_id: int, *, note: str, remind_at: datetime | None) -> None:
    """Bookmark a post, or write something else to the bookmark there is.

    Raises NotFound for a post not to be read, Invalid, and Refused for one too many.
    """
    member_id = viewer.require_member()
    found = composing.written(viewer, post_id)
    if not rules.may_read_post(viewer, found.thread, found.post):
        raise NotFound
    note = text.storable(note).strip()
    if len(note) > NOTE_LENGTH:
        raise Invalid({"note": "too_long"})
    if remind_at is not None and remind_at <= clock.now():
        raise Invalid({"remind_at": "not_in_the_future"})
    take_turn(member_id)
    own = Bookmark.objects.filter(member_id=member_id)
    if own.filter(post_id=post_id).update(note=note, remind_at=remind_at):
        return
    if own.count() >= MOST:
        raise Refused("too_many_bookmarks")
    Bookmark.objects.create(
        member_id=member_id, post_id=post_id, note=note, remind_at=remind_at, at=clock.now()
    )
    count_in(member_id, found.thread_id)


@transaction.atomic
def let_post_go(viewer: Viewer, post_id: int) -> None:
    """Take the bookmark of a post away; without one nothing changes."""
    member_id = viewer.require_member()
    take_turn(member_id)
    found = Bookmark.objects.filter(member_id=member_id, post_id=post_id)
    thread_id = found.values_list("post__thread_id", flat=True).first()
    if thread_id is not None:
        found.delete()
        count_in(member_id, thread_id)


def reminded(bookmark_id: int) -> None:
    """Note that the member was reminded."""
    Bookmark.objects.filter(id=bookmark_id).update(remind_at=None)


def count_in(member_id: int, thread_id: int) -> None:
    """Write down how many bookmarks a member has in a thread."""
    held = Bookmark.objects.filter(member_id=member_id, post__thread_id=thread_id)
    note_bookmarks(member_id, thread_id, held.count())
