"""Lists of threads: sorted, filtered, paged by key. Every list for one viewer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.kernel import clock, dialect

type Condition = tuple[str, tuple[Any, ...]]  # a piece of a statement of ours, and its values
type Sort = Literal["latest", "started", "replies"]

SORTS: dict[Sort, str] = {"latest": "bumped_at", "started": "created_at", "replies": "reply_count"}
NUMBERED_PAGES = 50
ONE_BY_ONE = 40  # boards


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
    answer_id: int | None  # None as well where the answer is not shown
    state: str
    kind: str
    host: str  # of a news thread's article
    tags: str
    has_poll: bool


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
    is_newer, key = wish.newer_than is not None, wish.newer_than or wish.older_than
    conditions = _filtered(wish)
    if wish.sort == "started":
        conditions.append(("t.created_at IS NOT NULL", ()))
    if key is not None:
        conditions.append(_beyond(field, key, newer=is_newer))
    start = 0 if key else (min(wish.page, NUMBERED_PAGES) - 1) * wish.per_page
    span = _Span(field, "ASC" if is_newer else "DESC", wish.per_page + 1, start)
    rows = _found(viewer, board_ids, conditions, span)
    has_more, rows = len(rows) > wish.per_page, rows[: wish.per_page]
    if is_newer:
        return _page(rows[::-1], field, has_older=bool(rows), has_newer=has_more)
    return _page(rows, field, has_older=has_more, has_newer=bool(start) or key is not None)


def pinned_in(viewer: Viewer, board_id: int, limit: int = 100) -> tuple[Listed, ...]:
    """Return the pinned threads of a board, latest first. One query."""
    span = _Span("bumped_at", "DESC", limit, 0)
    return tuple(_found(viewer, [board_id], _filtered(Wish(pinned=True)), span))


def threads_tagged(viewer: Viewer, tag: str, wish: Wish) -> Page:
    """Return a page of the threads under a tag that the viewer may read, by last post. One query.

    By key alone. Cost does not grow with the number of threads, tagged or not.
    """
    is_newer, key = wish.newer_than is not None, wish.newer_than or wish.older_than
    span = _Span("bumped_at", "ASC" if is_newer else "DESC", wish.per_page + 1, 0, tag)
    conditions = [] if key is None else [_beyond(span.field, key, newer=is_newer, of=span.of)]
    rows = _found(viewer, viewer.readable, conditions, span)
    has_more, rows = len(rows) > wish.per_page, rows[: wish.per_page]
    if is_newer:
        return _page(rows[::-1], span.field, has_older=bool(rows), has_newer=has_more)
    return _page(rows, span.field, has_older=has_more, has_newer=key is not None)


class _Span(NamedTuple):
    """Which part of a list: in which order, how many rows at most, after how many."""

    field: str
    order: Literal["ASC", "DESC"]
    limit: int
    start: int
    tag: str = ""  # under which; then the rows of tags are walked, which know board and order

    @property
    def ordered(self) -> str:
        return f"ORDER BY t.{self.field} {self.order}, t.id {self.order}"

    @property
    def of(self) -> tuple[str, str]:
        """The columns that order the rows walked, and lead to the thread."""
        return (f"g.{self.field}", "g.thread_id") if self.tag else (f"t.{self.field}", "t.id")


def _found(
    viewer: Viewer, board_ids: Collection[int], conditions: list[Condition], span: _Span
) -> list[Listed]:
    """Return the rows of these boards that the viewer may see.

    Ids are found first, from an index alone: each board's first ones, then the first of these,
    so that a board nobody writes in any more costs no more than another. Only where boards are
    many is the forum walked through from one end, past what is of none of them.
    """
    boards = sorted(set(board_ids) & viewer.readable)
    moderated = frozenset(boards) & viewer.grants.get("moderate", frozenset())
    if not boards:
        return []
    if len(boards) == 1:
        sql, values = _first_of(boards[0], bool(moderated), conditions, span)
    elif len(boards) <= ONE_BY_ONE:
        head = span._replace(limit=span.start + span.limit, start=0)
        each = [_first_of(board, board in moderated, conditions, head) for board in boards]
        found = " UNION ALL ".join(f"SELECT * FROM ({sql}) b{n}" for n, (sql, _) in enumerate(each))  # noqa: S608 (ours)
        sql = f"SELECT t.id FROM ({found}) t {span.ordered} LIMIT %s OFFSET %s"  # noqa: S608 (ours)
        values = (*(value for _, own in each for value in own), span.limit, span.start)
    else:
        sql, values = _first_among(boards, sorted(moderated), conditions, span)
    return dialect.read(
        Listed._make,
        f"{_LISTED} WHERE t.id IN (SELECT t.id FROM ({sql}) t) {span.ordered}",  # noqa: S608 (ours)
        values,
    )


def _first_of(
    board_id: int, is_moderated: bool, conditions: list[Condition], span: _Span
) -> Condition:
    """Return the statement that finds a board's first threads."""
    # The plus keeps the databases from an index: a member's threads are fewer than a board's.
    by_starter = any(condition.startswith("t.starter_id") for condition, _ in conditions)
    column = "g.board_id" if span.tag else "+t.board_id" if by_starter else "t.board_id"
    wanted = [(f"{column} = %s", (board_id,)), *conditions]
    if not is_moderated:
        wanted.append(("t.state = 'visible'", ()))
    return _ids(wanted, span)


def _first_among(
    boards: list[int], moderated: list[int], conditions: list[Condition], span: _Span
) -> Condition:
    """Return the statement that finds the first threads of many boards."""
    among, states = dialect.padded(boards), dialect.padded(moderated or [0])
    wanted: list[Condition] = [
        (f"+{'g' if span.tag else 't'}.board_id IN ({dialect.marks(among)})", tuple(among)),
        (f"(t.state = 'visible' OR +t.board_id IN ({dialect.marks(states)}))", tuple(states)),
        *conditions,
    ]
    return _ids(wanted, span)


def _ids(conditions: list[Condition], span: _Span) -> Condition:
    where = " AND ".join(condition for condition, _ in conditions)
    values = [value for _, own in conditions for value in own]
    value, key = span.of
    source = "threads_thread t"
    if span.tag:
        # What the thread itself says counts, should a row of its tags ever lag behind.
        source = "threads_tagging g CROSS JOIN threads_thread t"
        where = f"g.tag = %s AND t.id = g.thread_id AND t.board_id = g.board_id AND {where}"
        values = [span.tag, *values]
    sql = (
        f"SELECT t.id, {value} AS {span.field} FROM {source} WHERE {where} "  # noqa: S608 (ours)
        f"ORDER BY {value} {span.order}, {key} {span.order}"
    )
    return f"{sql} LIMIT %s OFFSET %s", (*values, span.limit, span.start)


def _filtered(wish: Wish) -> list[Condition]:
    found: list[Condition] = []
    if wish.pinned is not None:
        found.append((dialect.is_true("t.is_pinned") if wish.pinned else "NOT t.is_pinned", ()))
    if wish.starter_id is not None:
        found.append(("t.starter_id = %s", (wish.starter_id,)))
    if wish.days is not None:
        found.append(("t.bumped_at >= %s", (clock.now() - timedelta(days=wish.days),)))
    if wish.unanswered:
        found.append(("t.reply_count = 0", ()))
    return found


def _beyond(field: str, key: Key, *, newer: bool, of: tuple[str, str] | None = None) -> Condition:
    columns = ", ".join(of or (f"t.{field}", "t.id"))
    return f"({columns}) {'>' if newer else '<'} (%s, %s)", (key.value, key.id)


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
       COALESCE(b.name, t.last_poster_name), t.bumped_at, w.id, t.state, t.kind, t.host,
       t.tags, t.has_poll
FROM threads_thread t
LEFT JOIN members_member a ON a.id = t.starter_id
LEFT JOIN members_member b ON b.id = t.last_poster_id
LEFT JOIN threads_post w ON w.id = t.answer_id AND w.state = 'visible'
"""
