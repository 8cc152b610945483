"""What waits for approval, for who approves it and for who wrote it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from rostra.forum.access.rules import may_moderate_anywhere
from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.holds.queries import HoldRow, find_hold
from rostra.forum.holds.rules import Reason
from rostra.forum.threads import rules
from rostra.forum.threads.queries import PostState, ThreadState
from rostra.kernel import dialect
from rostra.kernel.errors import NotFound


class Waiting(NamedTuple):
    """Something that waits, with the words that stand there and those that are to be."""

    id: int
    kind: str
    post_id: int
    thread_id: int
    board_id: int
    thread_title: str
    thread_state: str
    starter_id: int | None
    author_id: int | None
    author: str
    posts: int  # of the author's that are shown
    joined_at: datetime | None
    state: str
    reasons: tuple[Reason, ...]
    bunch: str
    alike: int  # others of the bunch that wait
    version: int
    held_at: datetime
    old_source: str
    new_source: str  # of an edit
    html: str  # of a post; of an edit what stands there now
    more: dict[str, str]  # what goes with it, by the names of form fields: a poll


class OwnWaiting(NamedTuple):
    """What of a member's waits in a thread they read; `html`: what stands there, of an edit."""

    post_id: int
    kind: str
    held_at: datetime
    html: str


class Asked(NamedTuple):
    """Which of what waits is wanted; what is empty asks for nothing."""

    board_id: int | None = None
    reason: str = ""


EVERYTHING = Asked()


def queue(
    viewer: Viewer, asked: Asked = EVERYTHING, *, after: int = 0, limit: int
) -> list[Waiting]:
    """Return what waits in the viewer's boards, who waits the longest first, by key. One query.

    Raises Refused for who moderates nothing.
    """
    may_moderate_anywhere(viewer).enforce()
    moderated = viewer.grants.get("moderate", NONE) & viewer.readable
    boards = moderated & {asked.board_id} if asked.board_id is not None else moderated
    if not boards:
        return []
    ids = dialect.padded(sorted(boards))
    sql = _QUEUE.format(dialect.marks(ids), "AND h.names LIKE %s" if asked.reason else "")
    named = [f"% {asked.reason} %"] if asked.reason else []
    return _made(dialect.rows(sql, [*ids, after, *named, limit]))


def own_waiting(member_id: int, *, limit: int) -> list[Waiting]:
    """Return what of a member's waits, the latest first. One query."""
    return _made(dialect.rows(_OWN, [member_id, limit]))


def own_waiting_in(member_id: int, thread_id: int) -> list[OwnWaiting]:
    """Return what of a member's waits in a thread. One query."""
    return [OwnWaiting(*row) for row in dialect.rows(_OWN_IN, [member_id, thread_id])]


def waiting_counts(member_ids: Collection[int]) -> dict[int, int]:
    """Return how much of these members' waits; absent means nothing. One query."""
    if not member_ids:
        return {}
    ids = dialect.padded(sorted(member_ids))
    return dict(dialect.rows(_COUNTS.format(dialect.marks(ids)), ids))


def is_waiting(member_id: int, post_id: int) -> bool:
    """Return whether a post of a member's, or an edit of it, waits. One query."""
    return bool(dialect.rows(_IS_WAITING, [member_id, post_id]))


def held_for(viewer: Viewer, post_id: int) -> tuple[HoldRow, Waiting]:
    """Return what waits of a post, or waited last, for its author and its moderators.

    Raises NotFound for everybody else. Two queries.
    """
    held = find_hold(post_id)
    found = _made(dialect.rows(_ONE, [held.id])) if held is not None else []
    if held is None or not found:
        raise NotFound
    one = found[0]
    thread = ThreadState(one.board_id, one.starter_id, one.thread_state)
    is_own = one.author_id is not None and one.author_id == viewer.member_id
    if not rules.may_read(viewer, thread):
        raise NotFound
    if not rules.may_read_post(viewer, thread, PostState(one.author_id, "pending")):
        raise NotFound
    if not (is_own or viewer.can("moderate", one.board_id)):
        raise NotFound
    return held, one


def opening_that_waits(thread_id: int) -> int | None:
    """Return the opening post of a thread that has no number yet; ask who may read the thread."""
    found = dialect.rows(_OPENING, [thread_id])
    return int(found[0][0]) if found else None


def _made(found: Collection[tuple[Any, ...]]) -> list[Waiting]:
    at = Waiting._fields.index("reasons")
    return [
        Waiting._make(
            (
                *row[:at],
                tuple(Reason(*one) for one in _plain(row[at])),
                *row[at + 1 : -1],
                _plain(row[-1]),
            )
        )
        for row in found
    ]


def _plain(kept: Any) -> Any:
    """Return what a column of JSON holds, which a statement of our own gets as text."""
    return json.loads(kept) if isinstance(kept, str) else kept


_FIELDS = """
SELECT h.id, h.kind, h.post_id, h.thread_id, t.board_id, t.title, t.state, t.starter_id,
       h.author_id, COALESCE(m.name, ''), COALESCE(s.post_count, 0), m.joined_at, h.state,
       h.reasons, h.bunch,
       CASE WHEN h.bunch = '' THEN 0 ELSE (
           SELECT COUNT(*) FROM (
               SELECT 1 FROM holds_hold o
               WHERE o.bunch = h.bunch AND o.bunch <> '' AND o.state = 'waiting' AND o.id <> h.id
               LIMIT 50
           ) alike
       ) END,
       h.version, h.held_at, p.source, h.source, p.html, h.more
FROM holds_hold h
JOIN threads_post p ON p.id = h.post_id
JOIN threads_thread t ON t.id = h.thread_id
LEFT JOIN members_member m ON m.id = h.author_id
LEFT JOIN threads_memberstats s ON s.member_id = h.author_id
"""
_QUEUE = f"""{_FIELDS}
WHERE h.state = 'waiting' AND h.board_id IN ({{}}) AND h.id > %s {{}}
ORDER BY h.id LIMIT %s
"""
_OWN = f"""{_FIELDS}
WHERE h.author_id = %s AND h.state = 'waiting' ORDER BY h.id DESC LIMIT %s
"""
_OWN_IN = """
SELECT h.post_id, h.kind, h.held_at, p.html
FROM holds_hold h JOIN threads_post p ON p.id = h.post_id
WHERE h.author_id = %s AND h.thread_id = %s AND h.state = 'waiting' ORDER BY h.id LIMIT 5
"""
_IS_WAITING = """
SELECT 1 FROM holds_hold WHERE author_id = %s AND post_id = %s AND state = 'waiting'
"""
_COUNTS = """
SELECT author_id, COUNT(*) FROM holds_hold
WHERE author_id IN ({}) AND state = 'waiting' GROUP BY author_id
"""
_ONE = f"{_FIELDS} WHERE h.id = %s"
_OPENING = """
SELECT id FROM threads_post WHERE thread_id = %s AND number IS NULL ORDER BY id LIMIT 1
"""
