"""Lists of threads: sorted, filtered, paged by key. Every list for one viewer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.kernel import clock, dialect

type Condition = tuple[str, tuple[Any, ...]]  # a condition of ours, and its values
type Sort = Literal["latest", "started", "replies"]

SORTS: dict[Sort, str] = {"latest": "bumped_at", "started": "created_at", "replies": "reply_count"}
NUMBERED_PAGES = 50


class Listed(NamedTuple):
    """A thread as a list shows it."""

    id: int
    board_id: int
    title: str
    starter_id: int | None
    starter_name: str  # of the member, or of the guest; so is last_poster_name
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

    threads: tuple[Listed, ...]
    older: Key | None
    newer: Key | None


def threads_in(viewer: Viewer, board_ids: Collection[int], wish: Wish) -> Page:
    """Return a page of the threads of these boards that the viewer may read. One query.

    Cost does not grow with the number of threads: by key, or by a bounded offset.
    """
    field = SORTS[wish.sort]
    conditions = [*_visible_in(viewer, board_ids), *_filtered(wish)]
    if wish.sort == "started":
        conditions.append(("t.created_at IS NOT NULL", ()))
    if wish.newer_than is not None:
        conditions.append(_beyond(field, wish.newer_than, newer=True))
        rows = _fetch(conditions, field, wish.per_page + 1, newer=True)
        has_newer, rows = len(rows) > wish.per_page, rows[: wish.per_page][::-1]
        return _page(rows, field, has_older=bool(rows), has_newer=has_newer)
    start = 0
    if wish.older_than is not None:
        conditions.append(_beyond(field, wish.older_than, newer=False))
    else:
        start = (min(wish.page, NUMBERED_PAGES) - 1) * wish.per_page
    rows = _fetch(conditions, field, wish.per_page + 1, start=start)
    has_older, rows = len(rows) > wish.per_page, rows[: wish.per_page]
    has_newer = bool(start) or wish.older_than is not None
    return _page(rows, field, has_older=has_older, has_newer=has_newer)


def pinned_in(viewer: Viewer, board_id: int, limit: int = 100) -> tuple[Listed, ...]:
    """Return the pinned threads of a board, latest first. One query."""
    wish = Wish(pinned=True)
    return tuple(_fetch([*_visible_in(viewer, [board_id]), *_filtered(wish)], "bumped_at", limit))


def started_by(viewer: Viewer, member_id: int, limit: int = 10) -> list[Listed]:
    """Return a member's newest threads that the viewer may read. One query."""
    wish = Wish(starter_id=member_id)
    return _fetch([*_visible_in(viewer, viewer.readable), *_filtered(wish)], "bumped_at", limit)


def _visible_in(viewer: Viewer, board_ids: Collection[int]) -> list[Condition]:
    """Choose the threads that stand in those of the boards that the viewer may read."""
    boards = sorted(set(board_ids) & viewer.readable)
    moderated = [i for i in boards if i in viewer.grants.get("moderate", ())]
    found = [_one_of("t.board_id", boards)]
    if moderated != boards:
        shown, ids = _one_of("t.board_id", moderated)
        found.append((f"(t.state = 'visible' OR {shown})", ids))
    return found


def _filtered(wish: Wish) -> list[Condition]:
    found: list[Condition] = []
    if wish.pinned is not None:
        found.append(("t.is_pinned" if wish.pinned else "NOT t.is_pinned", ()))
    if wish.starter_id is not None:
        found.append(("t.starter_id = %s", (wish.starter_id,)))
    if wish.days is not None:
        found.append(("t.bumped_at >= %s", (clock.now() - timedelta(days=wish.days),)))
    if wish.unanswered:
        found.append(("t.reply_count = 0", ()))
    return found


def _one_of(column: str, ids: list[int]) -> Condition:
    if len(ids) == 1:  # said so plainly: the order of an index can be used
        return f"{column} = %s", tuple(ids)
    wanted = dialect.padded(ids or [0])
    return f"{column} IN ({dialect.marks(wanted)})", tuple(wanted)


def _beyond(field: str, key: Key, *, newer: bool) -> Condition:
    return f"(t.{field}, t.id) {'>' if newer else '<'} (%s, %s)", (key.value, key.id)


def _fetch(
    conditions: list[Condition], field: str, limit: int, *, start: int = 0, newer: bool = False
) -> list[Listed]:
    where = " AND ".join(condition for condition, _ in conditions)
    order = "ASC" if newer else "DESC"
    return dialect.read(
        Listed._make,
        f"{_LISTED} WHERE {where} ORDER BY t.{field} {order}, t.id {order} LIMIT %s OFFSET %s",
        [*(value for _, values in conditions for value in values), limit, start],
    )


def _page(rows: list[Listed], field: str, *, has_older: bool, has_newer: bool) -> Page:
    def key(row: Listed) -> Key:
        return Key(getattr(row, field), row.id)

    return Page(
        threads=tuple(rows),
        older=key(rows[-1]) if rows and has_older else None,
        newer=key(rows[0]) if rows and has_newer else None,
    )


_LISTED = """
SELECT t.id, t.board_id, t.title, t.starter_id, COALESCE(a.name, t.starter_name), t.is_locked,
       t.is_pinned, t.last_number, t.reply_count, t.created_at, t.last_post_at, t.last_poster_id,
       COALESCE(b.name, t.last_poster_name), t.bumped_at, t.answer_id, t.state
FROM threads_thread t
LEFT JOIN members_member a ON a.id = t.starter_id
LEFT JOIN members_member b ON b.id = t.last_poster_id
"""
