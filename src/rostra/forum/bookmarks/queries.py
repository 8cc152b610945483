"""Reading a member's bookmarks. What they may no longer read is not shown to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.bookmarks.models import Bookmark
from rostra.forum.threads.readable import readable


class BookmarkRow(NamedTuple):
    """A bookmark with the post it is of."""

    id: int
    post_id: int
    number: int
    thread_title: str
    author_id: int | None
    author: str
    html: str
    note: str
    remind_at: datetime | None
    at: datetime


class Kept(NamedTuple):
    """What a member wrote to their bookmark."""

    note: str
    remind_at: datetime | None


def bookmarks_of(viewer: Viewer, *, before: int | None = None, limit: int) -> list[BookmarkRow]:
    """Return the viewer's bookmarks, the latest first, of what they may read. One query."""
    found = Bookmark.objects.filter(readable(viewer, "post__"), member_id=viewer.require_member())
    if before is not None:
        found = found.filter(id__lt=before)
    rows: Any = found.order_by("-id").values_list(
        "id", "post_id", "post__number", "post__thread__title", "post__author_id",
        "post__author__name", "post__author_name", "post__html", "note", "remind_at", "at",
    )[:limit]  # fmt: skip
    return [BookmarkRow._make((*row[:5], row[5] or row[6], *row[7:])) for row in rows]


def bookmark_for(viewer: Viewer, post_id: int) -> Kept | None:
    """Return what the viewer wrote to their bookmark of a post, None without one. One query."""
    found = Bookmark.objects.filter(member_id=viewer.require_member(), post_id=post_id)
    row = found.values_list("note", "remind_at").first()
    return Kept(*row) if row is not None else None


def bookmarked(viewer: Viewer, post_ids: Collection[int]) -> frozenset[int]:
    """Return which of these posts the viewer keeps. One query."""
    found = Bookmark.objects.filter(member_id=viewer.require_member(), post_id__in=post_ids)
    return frozenset(found.values_list("post_id", flat=True))


def to_remind_of(now: datetime, limit: int) -> list[tuple[int, int, int]]:
    """Return id, member and post of the bookmarks whose time has come. One query."""
    found = Bookmark.objects.filter(remind_at__lte=now).order_by("remind_at", "id")
    return list(found.values_list("id", "member_id", "post_id")[:limit])


def all_kept(member_id: int) -> list[tuple[int, str, datetime | None, datetime]]:
    """Return a member's bookmarks: (post, note, when to be reminded, since when). One query."""
    found = Bookmark.objects.filter(member_id=member_id).order_by("id")
    return list(found.values_list("post_id", "note", "remind_at", "at"))
