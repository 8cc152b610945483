"""Lists of threads: sorted, filtered, paged by key. Every list for one viewer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from django.db.models import Q, QuerySet

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads.models import Thread
from rostra.kernel import clock

type Sort = Literal["latest", "started", "replies"]

SORTS: dict[Sort, str] = {"latest": "bumped_at", "started": "created_at", "replies": "reply_count"}
NUMBERED_PAGES = 50


class Listed(NamedTuple):
    """A thread as a list shows it."""

    id: int
    board_id: int
    title: str
    starter_id: int | None
    starter_name: str
    is_locked: bool
    is_pinned: bool
    last_number: int
    reply_count: int
    created_at: datetime | None
    last_post_at: datetime | None
    last_poster_id: int | None
    last_poster_name: str
    bumped_at: datetime
    answer_id: int | None
    state: str


class Key(NamedTuple):
    """A place in a sorted list: the sorted value and the id of the thread there."""

    value: datetime | int
    id: int


class Wish(NamedTuple):
    """Which threads, in which order, from where on."""

    sort: Sort = "latest"
    starter_id: int | None = None
    days: int | None = None
    unanswered: bool = False
    pinned: bool | None = None
    page: int = 1  # numbered pages go to NUMBERED_PAGES; further on it goes by key
    older_than: Key | None = None
    newer_than: Key | None = None
    per_page: int = 20


class Page(NamedTuple):
    """One page of a list; `older` and `newer` are the keys to go on from, None at an end."""

    threads: list[Listed]
    older: Key | None
    newer: Key | None


def threads_in(viewer: Viewer, board_ids: Collection[int], wish: Wish) -> Page:
    """Return a page of the threads of these boards that the viewer may read. One query.

    Cost does not grow with the number of threads: by key, or by a bounded offset.
    """
    field = SORTS[wish.sort]
    found = _filtered(_visible_in(viewer, board_ids, wish.pinned), wish)
    if wish.sort == "started":
        found = found.filter(created_at__isnull=False)
    if wish.newer_than is not None:
        rows = _fetch(_beyond(found, field, wish.newer_than, newer=True), field, wish, newer=True)
        has_newer, rows = len(rows) > wish.per_page, rows[: wish.per_page][::-1]
        return _page(rows, field, has_older=bool(rows), has_newer=has_newer)
    start = 0
    if wish.older_than is not None:
        found = _beyond(found, field, wish.older_than, newer=False)
    else:
        start = (min(wish.page, NUMBERED_PAGES) - 1) * wish.per_page
    rows = _fetch(found, field, wish, start=start)
    has_older, rows = len(rows) > wish.per_page, rows[: wish.per_page]
    has_newer = bool(start) or wish.older_than is not None
    return _page(rows, field, has_older=has_older, has_newer=has_newer)


def pinned_in(viewer: Viewer, board_id: int, limit: int = 100) -> list[Listed]:
    """Return the pinned threads of a board, latest first. One query."""
    found = _visible_in(viewer, [board_id], pinned=True).order_by("-bumped_at")
    return [Listed(*row) for row in found.values_list(*Listed._fields)[:limit]]


def started_by(viewer: Viewer, member_id: int, limit: int = 10) -> list[Listed]:
    """Return a member's newest threads that the viewer may read. One query."""
    found = _visible_in(viewer, viewer.readable).filter(starter_id=member_id)
    return [
        Listed(*row) for row in found.order_by("-bumped_at").values_list(*Listed._fields)[:limit]
    ]


def _visible_in(
    viewer: Viewer, board_ids: Collection[int], pinned: bool | None = None
) -> QuerySet[Thread]:
    """Return the threads that stand in those of the boards that the viewer may read."""
    boards = set(board_ids) & viewer.readable
    moderated = boards & viewer.grants.get("moderate", frozenset())
    found = Thread.objects.filter(board_id__in=boards)
    if moderated != boards:
        shown = Q(state="visible")
        if moderated:
            shown |= Q(board_id__in=moderated)
        found = found.filter(shown)
    return found if pinned is None else found.filter(is_pinned=pinned)


def _filtered(found: QuerySet[Thread], wish: Wish) -> QuerySet[Thread]:
    if wish.starter_id is not None:
        found = found.filter(starter_id=wish.starter_id)
    if wish.days is not None:
        found = found.filter(bumped_at__gte=clock.now() - timedelta(days=wish.days))
    if wish.unanswered:
        found = found.filter(reply_count=0)
    return found


def _beyond(found: QuerySet[Thread], field: str, key: Key, *, newer: bool) -> QuerySet[Thread]:
    than = "gt" if newer else "lt"
    same = {field: key.value, f"id__{than}": key.id}
    return found.filter(Q(**{f"{field}__{than}": key.value}) | Q(**same))


def _fetch(
    found: QuerySet[Thread], field: str, wish: Wish, *, start: int = 0, newer: bool = False
) -> list[Listed]:
    sign = "" if newer else "-"
    rows: Any = found.order_by(f"{sign}{field}", f"{sign}id").values_list(*Listed._fields)
    return [Listed(*row) for row in rows[start : start + wish.per_page + 1]]


def _page(rows: list[Listed], field: str, *, has_older: bool, has_newer: bool) -> Page:
    def key(row: Listed) -> Key:
        return Key(getattr(row, field), row.id)

    return Page(
        threads=rows,
        older=key(rows[-1]) if rows and has_older else None,
        newer=key(rows[0]) if rows and has_newer else None,
    )
