"""Reading threads and posts. Rows, never instances; every list for one viewer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import rules
from rostra.forum.threads.marks import NOTHING, ThreadOwn
from rostra.forum.threads.models import MemberStats, Post, Thread
from rostra.forum.threads.readable import readable
from rostra.kernel import dialect
from rostra.kernel.errors import NotFound
from rostra.kernel.keeping import Kept
from rostra.kernel.paging import numbers_on

MEMORY = 6 * 2**20  # bytes

_rows_kept: Kept[tuple[int, int, int, int], list[PostRow]] = Kept(MEMORY)


class ThreadState(NamedTuple):
    """What the rules ask of a thread, where no more of it was read."""

    board_id: int
    starter_id: int | None
    state: str
    is_locked: bool = False
    kind: str = "discussion"
    id: int = 0  # where it was read as well


class PostState(NamedTuple):
    """What the rules ask of a post, where no more of it was read."""

    author_id: int | None
    state: str
    number: int | None = None


class ThreadRow(NamedTuple):
    """A thread as its own page and the rules need it."""

    id: int
    board_id: int
    title: str
    starter_id: int | None
    starter_name: str  # of the member, or of the guest
    state: str
    is_locked: bool
    is_pinned: bool
    last_number: int
    reply_count: int
    version: int
    created_at: datetime | None
    kind: str
    link: str
    host: str
    excerpt: str
    tags: str
    has_poll: bool
    has_cards: bool
    claim_count: int
    note_count: int
    opens_at: datetime | None  # of a locked one: when it opens by itself
    slow_seconds: int
    answer_id: int | None  # None as well where the answer is not shown; so are the next two
    answer_number: int | None
    answer_by: str | None


class PostRow(NamedTuple):
    """A post on a page; `html` is empty where this viewer sees only a tombstone."""

    id: int
    number: int
    author_id: int | None
    guest_name: str  # where no member wrote it
    state: str
    html: str
    created_at: datetime | None
    edited_at: datetime | None
    is_edited_by_moderator: bool


class AuthorRow(NamedTuple):
    """What is shown beside a post of a member."""

    id: int
    name: str
    title: str
    joined_at: datetime | None
    post_count: int
    signature: str  # a kept fragment, as posts are
    avatar: str  # key of their picture, "" for none


class Place(NamedTuple):
    """Where a post stands; `number` is None while it waits for approval."""

    post_id: int
    thread_id: int
    thread_title: str
    number: int | None


class Reference(NamedTuple):
    """What a kept fragment's marker stands for. For a thread, the post's fields are None."""

    thread_id: int
    thread_title: str
    post_id: int | None
    number: int | None
    author_id: int | None
    author: str


class BoardCount(NamedTuple):
    """What a board holds; the last thread's fields are None in an empty one."""

    board_id: int
    thread_count: int
    post_count: int
    last_thread_id: int | None
    last_title: str | None
    last_post_at: datetime | None
    last_poster_id: int | None
    last_poster: str | None


def thread_for(viewer: Viewer, thread_id: int) -> ThreadRow:
    """Return the thread, or raise NotFound where the viewer may not see it. One query."""
    found = dialect.read(ThreadRow._make, _THREAD, [thread_id])
    if not found or not rules.may_read(viewer, found[0]):
        raise NotFound
    return found[0]


def own_thread_for(viewer: Viewer, thread_id: int) -> tuple[ThreadRow, ThreadOwn]:
    """Return the thread as `thread_for` does, and what it is to the viewer. One query."""
    if viewer.is_guest:
        return thread_for(viewer, thread_id), NOTHING
    found = dialect.recall(_OWN_THREAD, [viewer.member_id, viewer.member_id, thread_id])
    if not found:
        raise NotFound
    *facts, number, level, bookmarks, waiting = found[0]
    thread = ThreadRow._make(facts)
    if not rules.may_read(viewer, thread):
        raise NotFound
    return thread, ThreadOwn(number, level, bookmarks, waiting)


def posts_on_page(
    viewer: Viewer, thread: ThreadRow, page: int, per_page: int | None = None
) -> list[PostRow]:
    """Return the posts of one page in order. One query at most, by number range, no offset.

    Rows are kept under the thread's version: whatever changes a post raises it.
    """
    return posts_between(viewer, thread, *numbers_on(page, per_page or viewer.per_page))


def posts_between(viewer: Viewer, thread: ThreadRow, first: int, last: int) -> list[PostRow]:
    """Return the posts from one number to another, as `posts_on_page` does."""
    key = thread.id, thread.version, first, last
    rows = _rows_kept.find(key)
    if rows is None:
        rows = dialect.read(PostRow._make, _POSTS, [thread.id, first, last])
        _rows_kept.keep(key, rows, sum(2 * len(row.html) + 500 for row in rows))
    return [
        row
        if row.state == "visible" or rules.may_read_post(viewer, thread, row)
        else row._replace(html="")
        for row in rows
    ]


def authors(member_ids: Collection[int]) -> dict[int, AuthorRow]:
    """Return what is shown beside these members' posts. One query; none for none."""
    if not member_ids:
        return {}
    ids = dialect.padded(member_ids)
    rows = dialect.read(AuthorRow._make, _AUTHORS.format(dialect.marks(ids)), ids)
    return {row.id: row for row in rows}


def forget() -> None:
    """Drop what is kept in memory; for tests, which roll versions back."""
    _rows_kept.clear()


def place_of(viewer: Viewer, post_id: int) -> Place:
    """Return where a post stands now, wherever its thread has gone; raises NotFound. One query."""
    found = Post.objects.filter(id=post_id).values_list(
        "id", "number", "state", "author_id", "thread_id", "thread__title", "thread__board_id",
        "thread__state", "thread__starter_id",
    ).first()  # fmt: skip
    if found is None:
        raise NotFound
    facts = ThreadState(board_id=found[6], starter_id=found[8], state=found[7])
    if not rules.may_read(viewer, facts):
        raise NotFound
    if found[1] is None and not rules.may_read_post(
        viewer, facts, PostState(author_id=found[3], state=found[2])
    ):
        raise NotFound
    return Place(post_id=found[0], thread_id=found[4], thread_title=found[5], number=found[1])


def references(
    viewer: Viewer, thread_ids: Collection[int], post_ids: Collection[int]
) -> tuple[dict[int, Reference], dict[int, Reference]]:
    """Return what this viewer may know of these threads and posts. One query; none for none.

    What is absent from the answer is to be shown as an unknown reference.
    """
    if not thread_ids and not post_ids:
        return {}, {}
    wanted_threads = dialect.padded([*thread_ids, 0], to=5)
    wanted_posts = dialect.padded([*post_ids, 0], to=5)
    found = dialect.recall(
        _REFERENCES.format(dialect.marks(wanted_threads), dialect.marks(wanted_posts)),
        [*wanted_threads, *wanted_posts],
    )
    threads: dict[int, Reference] = {}
    posts: dict[int, Reference] = {}
    for thread_id, title, board_id, state, starter_id, *post in found:
        facts = ThreadState(board_id=board_id, starter_id=starter_id, state=state)
        if not rules.may_read(viewer, facts):
            continue
        post_id, number, post_state, author_id, author = post
        if post_id is None:
            threads[thread_id] = Reference(thread_id, title, None, None, None, "")
        elif rules.may_read_post(viewer, facts, PostState(author_id=author_id, state=post_state)):
            posts[post_id] = Reference(thread_id, title, post_id, number, author_id, author)
    return threads, posts


class Basis(NamedTuple):
    """The statement that finds the versions a guest's page rests on: one row of numbers.

    Beside its own there are those of boards and grants, and the last act of a moderator, wherever
    it was: pages show titles and names of elsewhere.
    """

    sql: str
    params: tuple[int, ...]


def basis_of_thread(thread_id: int) -> Basis:
    """Return what the pages of a thread rest on; no row where there is no such thread."""
    return Basis(_THREAD_BASIS, (thread_id,))


def basis_of_lists(board_ids: Collection[int] | None = None) -> Basis:
    """Return what lists of the threads in these boards rest on, None for all boards."""
    if board_ids is None:
        return Basis(_LISTS_BASIS, ())
    ids = dialect.padded(sorted(board_ids))
    return Basis(f"{_LISTS_BASIS} WHERE s.board_id IN ({dialect.marks(ids)})", tuple(ids))


def board_counts(board_ids: Collection[int]) -> dict[int, BoardCount]:
    """Return what these boards hold, for viewers who may read them. One query; none for none."""
    if not board_ids:
        return {}
    wanted = dialect.padded(sorted(board_ids))
    sql = _BOARD_COUNTS.format(dialect.marks(wanted))
    return {row.board_id: row for row in dialect.read(BoardCount._make, sql, wanted)}


def post_counts(member_ids: Collection[int]) -> dict[int, int]:
    """Return how many visible posts these members wrote; absent means none. One query."""
    if not member_ids:
        return {}
    return dict(
        MemberStats.objects.filter(member_id__in=member_ids).values_list("member_id", "post_count")
    )


def latest_posts_of(
    viewer: Viewer, author_id: int, *, before: int | None = None, limit: int = 20
) -> Sequence[tuple[Place, str, datetime | None]]:
    """Return a member's newest visible posts that this viewer may read. One query, by key."""
    found = Post.objects.filter(readable(viewer), author_id=author_id)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = found.order_by("-id").values_list(
        "id", "thread_id", "thread__title", "number", "html", "created_at"
    )[:limit]
    return [(Place(*row[:4]), row[4], row[5]) for row in rows]


def highest_thread_id() -> int:
    """Return the highest id given out, 0 for none. One query."""
    return Thread.objects.order_by("-id").values_list("id", flat=True).first() or 0


def threads_between(
    viewer: Viewer, first: int, last: int
) -> list[tuple[int, str, datetime | None]]:
    """Return id, title and time of the last post of the visible threads in a range of ids."""
    found = Thread.objects.filter(
        id__range=(first, last), state="visible", board_id__in=viewer.readable
    )
    return list(found.order_by("id").values_list("id", "title", "last_post_at"))


_THREAD_BASIS = """
SELECT t.version,
       (SELECT value FROM kernel_version WHERE name = 'boards'),
       (SELECT n FROM modlog_loghead WHERE id = 1)
FROM threads_thread t WHERE t.id = %s
"""
_LISTS_BASIS = """
SELECT SUM(s.version),
       (SELECT value FROM kernel_version WHERE name = 'boards'),
       (SELECT n FROM modlog_loghead WHERE id = 1)
FROM threads_boardstats s
"""
_THREAD_FIELDS = """
SELECT t.id, t.board_id, t.title, t.starter_id, COALESCE(m.name, t.starter_name), t.state,
       t.is_locked, t.is_pinned, t.last_number, t.reply_count, t.version, t.created_at, t.kind,
       t.link, t.host, t.excerpt, t.tags, t.has_poll,
       t.has_cards, t.claim_count, t.note_count, t.opens_at, t.slow_seconds, w.id, w.number,
       COALESCE(a.name, w.author_name)"""
_THREAD_FROM = """
FROM threads_thread t
LEFT JOIN members_member m ON m.id = t.starter_id
LEFT JOIN threads_post w ON w.id = t.answer_id AND w.state = 'visible'
LEFT JOIN members_member a ON a.id = w.author_id
"""
_THREAD = f"{_THREAD_FIELDS} {_THREAD_FROM} WHERE t.id = %s"
_OWN_THREAD = f"""{_THREAD_FIELDS},
       COALESCE(r.number, 0), COALESCE(r.level, ''), COALESCE(r.bookmarks, 0),
       (SELECT COUNT(*) FROM holds_hold h
        WHERE h.author_id = %s AND h.state = 'waiting' AND h.thread_id = t.id)
{_THREAD_FROM}
LEFT JOIN threads_threadmark r ON r.member_id = %s AND r.thread_id = t.id
WHERE t.id = %s
"""  # noqa: S608 (our own)
_POSTS = """
SELECT p.id, p.number, p.author_id, p.author_name, p.state, p.html, p.created_at, p.edited_at,
       p.is_edited_by_moderator
FROM threads_post p
WHERE p.thread_id = %s AND p.number BETWEEN %s AND %s
ORDER BY p.number
"""
_AUTHORS = """
SELECT m.id, m.name, m.title, m.joined_at, COALESCE(s.post_count, 0), m.signature_html,
       m.avatar
FROM members_member m
LEFT JOIN threads_memberstats s ON s.member_id = m.id
WHERE m.id IN ({})
"""
_BOARD_COUNTS = """
SELECT s.board_id, s.thread_count, s.post_count, s.last_thread_id, t.title, t.last_post_at,
       t.last_poster_id, COALESCE(m.name, t.last_poster_name)
FROM threads_boardstats s
LEFT JOIN threads_thread t ON t.id = s.last_thread_id
LEFT JOIN members_member m ON m.id = t.last_poster_id
WHERE s.board_id IN ({})
"""
_REFERENCES = """
SELECT t.id, t.title, t.board_id, t.state, t.starter_id, NULL, NULL, NULL, NULL, NULL
FROM threads_thread t WHERE t.id IN ({})
UNION ALL
SELECT t.id, t.title, t.board_id, t.state, t.starter_id,
       p.id, p.number, p.state, p.author_id, COALESCE(m.name, p.author_name)
FROM threads_post p
JOIN threads_thread t ON t.id = p.thread_id
LEFT JOIN members_member m ON m.id = p.author_id
WHERE p.id IN ({})
"""
