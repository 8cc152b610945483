"""Lists of threads: sorted, filtered, paged by key. Every list for one viewer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads.marks import (
    NO_BOARDS,
    NOT_MARKED,
    Boards,
    unread_since,
    unread_to,
)
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
    claim_count: int
    note_count: int
    starter_avatar: str  # key of their picture, "" for none
    is_unread: bool = False
    level: str = ""  # how the viewer watches it


BOARD, LAST, AT = map(Listed._fields.index, ("board_id", "last_number", "bumped_at"))


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
    unread: bool = False
    watched: bool = False
    unmuted: bool = False  # without what the viewer muted, or an ignored one started
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


def threads_in(
    viewer: Viewer, board_ids: Collection[int], wish: Wish, own: Boards = NO_BOARDS
) -> Page:
    """Return a page of the threads of these boards that the viewer may read. One query.

    own: what the boards are to the viewer, by which what is unread is known.
    Cost does not grow with the number of threads: by key, or by a bounded offset. The unread and
    the watched cost as much as the viewer's last 30 days, and as what they watch.
    """
    field = SORTS[wish.sort]
    is_newer, key = wish.newer_than is not None, wish.newer_than or wish.older_than
    conditions = _filtered(wish) + _own(viewer, wish)
    if wish.sort == "started":
        conditions.append(("t.created_at IS NOT NULL", ()))
    if key is not None:
        conditions.append(_beyond(field, key, newer=is_newer))
    start = 0 if key else (min(wish.page, NUMBERED_PAGES) - 1) * wish.per_page
    span = _Span(field, "ASC" if is_newer else "DESC", wish.per_page + 1, start)
    if wish.watched:
        rows = _watched(viewer, board_ids, conditions, span, own)
    else:
        rows = _found(viewer, board_ids, conditions, span, own)
    has_more, rows = len(rows) > wish.per_page, rows[: wish.per_page]
    if is_newer:
        return _page(rows[::-1], field, has_older=bool(rows), has_newer=has_more)
    return _page(rows, field, has_older=has_more, has_newer=bool(start) or key is not None)


def pinned_in(
    viewer: Viewer, board_id: int, own: Boards = NO_BOARDS, limit: int = 100
) -> tuple[Listed, ...]:
    """Return the pinned threads of a board, latest first. One query."""
    span = _Span("bumped_at", "DESC", limit, 0)
    return tuple(_found(viewer, [board_id], _filtered(Wish(pinned=True)), span, own))


def threads_tagged(viewer: Viewer, tag: str, wish: Wish, own: Boards = NO_BOARDS) -> Page:
    """Return a page of the threads under a tag that the viewer may read, by last post. One query.

    By key alone. Cost does not grow with the number of threads, tagged or not.
    """
    is_newer, key = wish.newer_than is not None, wish.newer_than or wish.older_than
    span = _Span("bumped_at", "ASC" if is_newer else "DESC", wish.per_page + 1, 0, tag)
    conditions = [] if key is None else [_beyond(span.field, key, newer=is_newer, of=span.of)]
    rows = _found(viewer, viewer.readable, conditions, span, own)
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
    viewer: Viewer,
    board_ids: Collection[int],
    conditions: list[Condition],
    span: _Span,
    own: Boards,
) -> list[Listed]:
    """Return the rows of these boards that the viewer may see.

    Ids are found first, from an index alone: each board's first ones, then the first of these,
    so that a board nobody writes in any more costs no more than another. Only where boards are
    many is the forum walked through from one end, past what is of none of them.
    """
    boards = sorted(set(board_ids) & viewer.readable)
    if not boards:
        return []
    return _listed(viewer, _first_in(viewer, boards, conditions, span), span, own)


def _watched(
    viewer: Viewer,
    board_ids: Collection[int],
    conditions: list[Condition],
    span: _Span,
    own: Boards,
) -> list[Listed]:
    """Return the threads of these boards that the viewer watches, or whose board they watch."""
    boards = sorted(set(board_ids) & viewer.readable)
    if not boards:
        return []
    moderated = sorted(frozenset(boards) & viewer.grants.get("moderate", frozenset()))
    among, states = dialect.padded(boards), dialect.padded(moderated or [0])
    head = span._replace(limit=span.start + span.limit, start=0)
    each = [
        _ids(
            [
                (f"+t.board_id IN ({dialect.marks(among)})", tuple(among)),
                _shown_among(states),
                (_IS_WATCHED, (viewer.member_id,)),
                *conditions,
            ],
            head,
        )
    ]
    watched = [board for board in boards if own.get(board, NOT_MARKED).level in WATCHED]
    if watched:
        each.append(_first_in(viewer, watched, conditions, head))
    return _listed(viewer, _merged("UNION", each, span), span, own)


def _listed(viewer: Viewer, ids: Condition, span: _Span, own: Boards) -> list[Listed]:
    """Return the threads that a statement finds the ids of, with what they are to the viewer."""
    sql, values = ids
    where = f"WHERE t.id IN (SELECT t.id FROM ({sql}) t) {span.ordered}"  # noqa: S608 (ours)
    if viewer.is_guest:
        return dialect.read(lambda row: Listed(*row), f"{_LISTED} {_FROM} {where}", values)
    found = dialect.recall(
        f"{_LISTED} {_MARKS} {_FROM} {_WITH_MARKS} {where}", (viewer.member_id, *values)
    )
    is_unread = unread_to(viewer, own)
    return [
        Listed._make((*facts, is_unread(facts[BOARD], shown, facts[LAST], facts[AT]), level))
        for *facts, shown, level in found
    ]


def _first_in(
    viewer: Viewer, boards: list[int], conditions: list[Condition], span: _Span
) -> Condition:
    """Return the statement that finds the first threads of these boards."""
    moderated = frozenset(boards) & viewer.grants.get("moderate", frozenset())
    return _statement(tuple(boards), moderated, tuple(conditions), span)


@lru_cache(maxsize=256)
def _statement(
    boards: tuple[int, ...],
    moderated: frozenset[int],
    conditions: tuple[Condition, ...],
    span: _Span,
) -> Condition:
    if len(boards) == 1:
        return _first_of(boards[0], bool(moderated), conditions, span)
    if len(boards) > ONE_BY_ONE:
        return _first_among(boards, sorted(moderated), conditions, span)
    head = span._replace(limit=span.start + span.limit, start=0)
    each = [_first_of(board, board in moderated, conditions, head) for board in boards]
    return _merged("UNION ALL", each, span)


def _merged(union: str, each: list[Condition], span: _Span) -> Condition:
    """Return the statement that finds the first of what several found."""
    found = f" {union} ".join(f"SELECT * FROM ({sql}) b{n}" for n, (sql, _) in enumerate(each))  # noqa: S608 (ours)
    sql = f"SELECT t.id, t.{span.field} FROM ({found}) t {span.ordered} LIMIT %s OFFSET %s"  # noqa: S608 (ours)
    return sql, (*(value for _, own in each for value in own), span.limit, span.start)


def _first_of(
    board_id: int, is_moderated: bool, conditions: tuple[Condition, ...], span: _Span
) -> Condition:
    """Return the statement that finds a board's first threads."""
    # The plus keeps the databases from an index: a member's threads are fewer than a board's.
    by_starter = any(condition.startswith("t.starter_id") for condition, _ in conditions)
    column = "g.board_id" if span.tag else "+t.board_id" if by_starter else "t.board_id"
    wanted = [(f"{column} = %s", (board_id,)), *conditions]
    wanted.append(("t.state <> 'merged'" if is_moderated else "t.state = 'visible'", ()))
    return _ids(wanted, span)


def _first_among(
    boards: tuple[int, ...],
    moderated: list[int],
    conditions: tuple[Condition, ...],
    span: _Span,
) -> Condition:
    """Return the statement that finds the first threads of many boards."""
    among, states = dialect.padded(boards), dialect.padded(moderated or [0])
    wanted: list[Condition] = [
        (f"+{'g' if span.tag else 't'}.board_id IN ({dialect.marks(among)})", tuple(among)),
        _shown_among(states),
        *conditions,
    ]
    return _ids(wanted, span)


def _shown_among(moderated: list[int]) -> Condition:
    """Return the condition that a thread stands, or is in a board that the viewer moderates."""
    among = f"+t.board_id IN ({dialect.marks(moderated)})"
    return f"(t.state = 'visible' OR t.state <> 'merged' AND {among})", tuple(moderated)


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


def _own(viewer: Viewer, wish: Wish) -> list[Condition]:
    """Return the conditions that only a member's wishes have."""
    if viewer.is_guest:
        return []
    found: list[Condition] = []
    if wish.unread:
        found.append(("t.bumped_at > %s", (unread_since(viewer),)))
        found.append((_NOT_READ, (viewer.member_id,)))
        found.append((_NOT_CALLED_READ, (viewer.member_id,)))
    if wish.unmuted:
        found.append((_NOT_MUTED, (viewer.member_id,)))
        found.append((_NOT_TAGGED_AWAY, (viewer.member_id,)))
        if viewer.ignored:
            ids = dialect.padded(sorted(viewer.ignored))
            others = f"t.starter_id NOT IN ({dialect.marks(ids)})"
            found.append((f"(t.starter_id IS NULL OR {others})", tuple(ids)))
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


WATCHED = ("threads", "posts")
_IS_WATCHED = """
t.id IN (SELECT r.thread_id FROM threads_threadmark r
         WHERE r.member_id = %s AND r.level = 'watch')
"""
_NOT_READ = """
NOT EXISTS (SELECT 1 FROM threads_threadmark r
            WHERE r.member_id = %s AND r.thread_id = t.id AND r.number >= t.last_number)
"""
_NOT_CALLED_READ = """
NOT EXISTS (SELECT 1 FROM threads_boardmark k
            WHERE k.member_id = %s AND k.board_id = t.board_id AND k.read_before >= t.bumped_at)
"""
_NOT_MUTED = """
NOT EXISTS (SELECT 1 FROM threads_threadmark r
            WHERE r.member_id = %s AND r.thread_id = t.id AND r.level = 'mute')
"""
_NOT_TAGGED_AWAY = """
NOT EXISTS (SELECT 1 FROM threads_tagging g
            JOIN threads_tagmute m ON m.member_id = %s AND m.tag = g.tag
            WHERE g.thread_id = t.id)
"""
_LISTED = """
SELECT t.id, t.board_id, t.title, t.starter_id, COALESCE(a.name, t.starter_name), t.is_locked,
       t.is_pinned, t.last_number, t.reply_count, t.created_at, t.last_post_at, t.last_poster_id,
       COALESCE(b.name, t.last_poster_name), t.bumped_at, w.id, t.state, t.kind, t.host,
       t.tags, t.has_poll, t.claim_count, t.note_count, COALESCE(a.avatar, '')
"""
_FROM = """
FROM threads_thread t
LEFT JOIN members_member a ON a.id = t.starter_id
LEFT JOIN members_member b ON b.id = t.last_poster_id
LEFT JOIN threads_post w ON w.id = t.answer_id AND w.state = 'visible'
"""
_MARKS = ", COALESCE(r.number, 0), COALESCE(r.level, '')"
_WITH_MARKS = "LEFT JOIN threads_threadmark r ON r.member_id = %s AND r.thread_id = t.id"
