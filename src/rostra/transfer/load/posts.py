"""Threads, posts and reactions of an origin, written by the batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import F, OuterRef

from rostra.content.markup.links import safe_url
from rostra.forum.reactions.kinds import KINDS
from rostra.forum.reactions.models import Reaction, Reputation, Tally
from rostra.forum.threads import heads, tags
from rostra.forum.threads.models import BoardStats, MemberStats, Post, Tagging, Thread
from rostra.kernel import dialect, text
from rostra.transfer.load.columns import Into
from rostra.transfer.load.mapping import Map, reserve_ids
from rostra.transfer.load.report import Report
from rostra.transfer.records import PostRecord, ReactionRecord, ThreadRecord

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # orders threads of which no date is known: last


class Prepared(NamedTuple):
    """A post that is ready to be written: its id is reserved, its fragment rendered."""

    id: int
    record: PostRecord
    html: str


def write_threads(records: Sequence[ThreadRecord], mapping: Map, report: Report) -> None:
    """Write threads without their posts."""
    known = mapping.find("thread", [record.id for record in records])
    fresh = [record for record in records if record.id not in known]
    report.known["thread"] += len(records) - len(fresh)
    boards = mapping.find("board", [record.board for record in fresh])
    people = mapping.find("member", [r.starter for r in fresh if r.starter is not None])
    kept: list[ThreadRecord] = []
    for record in fresh:
        if record.board in boards:
            kept.append(record)
        else:
            report.skip("thread", record.id, "board_unknown")
    ids = reserve_ids("threads_thread", len(kept))
    pairs = list(zip(kept, ids, strict=True))
    dialect.write_many(
        THREADS.sql,
        [_thread(record, new, boards[record.board], people) for record, new in pairs],
    )
    if any(record.tags for record in kept):
        tagged = Thread.objects.filter(id__in=ids).exclude(tags="")
        Tagging.objects.bulk_create(taggings_of(tagged))
    mapping.add("thread", [(record.id, new) for record, new in pairs])
    mapping.add_addresses(
        "thread", [(address, new) for record, new in pairs for address in record.addresses]
    )
    _count_threads(
        Counter(boards[r.board] for r in kept),
        Counter(boards[r.board] for r in kept if r.state == "visible"),
    )
    report.written["thread"] += len(kept)


def write_posts(
    prepared: Sequence[Prepared], threads: Mapping[str, int], mapping: Map, report: Report
) -> None:
    """Write posts of one batch at the ends of their threads, with all that is counted of them."""
    rows = (
        Thread.objects.select_for_update()
        .filter(id__in={threads[post.record.thread] for post in prepared})
        .order_by("id")
    )
    locked = {row[0]: _Thread(*row) for row in rows.values_list(*_Thread.__slots__)}
    people = mapping.find(
        "member", {p.record.author for p in prepared if p.record.author is not None}
    )
    ids = {post.record.id: post.id for post in prepared}
    earlier = mapping.find(
        "post",
        {p.record.reply_to for p in prepared if p.record.reply_to and p.record.reply_to not in ids},
    )
    posts = {**earlier, **ids}
    tally = _Tally()
    dialect.write_many(
        POSTS.sql,
        [
            _post(post, locked[threads[post.record.thread]], people, posts, tally)
            for post in prepared
        ],
    )
    dialect.write_many(
        _UPDATE_THREAD,
        [[getattr(thread, name) for name in (*THREAD_COLUMNS, "id")] for thread in locked.values()],
    )
    Tagging.objects.filter(thread_id__in=list(locked)).update(
        bumped_at=Thread.objects.filter(id=OuterRef("thread_id")).values("bumped_at")
    )
    mapping.add("post", ids.items())
    mapping.add_addresses(
        "post", [(address, post.id) for post in prepared for address in post.record.addresses]
    )
    _count_posts(tally)
    report.written["post"] += len(prepared)


def write_answers(records: Sequence[ThreadRecord], mapping: Map) -> list[ThreadRecord]:
    """Point threads at their accepted answers, which came after them; return who still waits."""
    threads = mapping.find("thread", [record.id for record in records])
    posts = mapping.find("post", [record.answer for record in records if record.answer])
    rows: list[tuple[int, int]] = []
    waiting: list[ThreadRecord] = []
    for record in records:
        if record.id in threads and record.answer in posts:
            rows.append((posts[record.answer], threads[record.id]))
        else:
            waiting.append(record)
    dialect.write_many("UPDATE threads_thread SET answer_id = %s WHERE id = %s", rows)
    return waiting


def write_reactions(
    records: Sequence[ReactionRecord], posts: Mapping[str, int], mapping: Map, report: Report
) -> None:
    """Write the reactions to posts of this batch, and what they add to their authors' scores."""
    people = mapping.find("member", {r.member for r in records if r.member is not None})
    tallies: dict[tuple[int, str], tuple[int, int]] = {}
    rows = []
    for record in records:
        post_id = posts[record.post]
        if record.member is not None and record.member not in people:
            report.skip("reaction", record.post, "member_unknown")
            continue
        if record.member is not None:
            rows.append(
                (post_id, people[record.member], record.kind, record.at, *REACTIONS.defaults)
            )
        count, without = tallies.get((post_id, record.kind), (0, 0))
        unnamed = record.count if record.member is None else 0
        tallies[post_id, record.kind] = (count + record.count, without + unnamed)
        report.written["reaction"] += 1
    dialect.write_many(REACTIONS.sql, rows)
    dialect.write_many(
        TALLIES.sql, [(*key, *counts, *TALLIES.defaults) for key, counts in tallies.items()]
    )
    _score(tallies)


@dataclass(slots=True)
class _Thread:
    """What the publication of a post changes of its thread."""

    id: int
    board_id: int
    last_number: int
    reply_count: int
    version: int
    last_post_at: datetime | None
    last_poster_id: int | None
    last_poster_name: str
    bumped_at: datetime


class _Tally:
    """How many visible posts were written, by board and by author."""

    def __init__(self) -> None:
        self.boards: Counter[int] = Counter()
        self.authors: Counter[int] = Counter()


def _thread(
    record: ThreadRecord, new: int, board_id: int, people: Mapping[str, int]
) -> tuple[Any, ...]:
    """Return the row in the order of its columns."""
    starter_id = people.get(record.starter) if record.starter else None
    return (
        new,
        board_id,
        text.one_line(record.title)[:400] or "…",
        starter_id,
        "" if starter_id else text.one_line(record.starter_name)[:120],
        record.state,
        record.is_locked,
        record.is_pinned,
        record.opens_at,
        max(record.slow_seconds, 0),
        record.created_at,
        record.created_at or UNDATED,
        *columns_of_head(record).values(),
        *THREADS.defaults,
    )


def columns_of_head(record: ThreadRecord) -> dict[str, str]:
    """Return what a thread is, as its columns; news without a usable address is a discussion."""
    link = (safe_url(record.link) or "") if record.kind == "news" else ""
    host = heads.host_of(link) if len(link) <= heads.LINK_LENGTH else ""
    kind = "question" if record.answer else record.kind
    if kind == "news" and not host:
        kind = "discussion"
    excerpt = text.storable(record.excerpt)[: heads.EXCERPT_LENGTH] if kind == "news" else ""
    return {
        "kind": kind,
        "link": link if kind == "news" else "",
        "excerpt": excerpt,
        "host": host if kind == "news" else "",
        "tags": tags.fitting(record.tags),
    }


def taggings_of(threads: Iterable[Thread]) -> list[Tagging]:
    """Return the rows by which lists find these threads under their tags."""
    return [
        Tagging(thread=thread, tag=tag, board_id=thread.board_id, bumped_at=thread.bumped_at)
        for thread in threads
        for tag in tags.split(thread.tags)
    ]


def _post(
    post: Prepared,
    thread: _Thread,
    people: Mapping[str, int],
    posts: Mapping[str, int],
    tally: _Tally,
) -> tuple[Any, ...]:
    """Return the row in the order of its columns, and change the thread as publication does."""
    record = post.record
    author_id = people.get(record.author) if record.author else None
    author_name = "" if author_id else text.one_line(record.author_name)[:120]
    number = None
    if record.state != "pending":
        thread.last_number += 1
        number = thread.last_number
    if record.state == "visible":
        if thread.last_number > 1:
            thread.reply_count += 1
        thread.last_poster_id, thread.last_poster_name = author_id, author_name
        thread.last_post_at = record.created_at
        thread.bumped_at = max(thread.bumped_at, record.created_at or UNDATED)
        tally.boards[thread.board_id] += 1
        if author_id:
            tally.authors[author_id] += 1
    thread.version += 1
    return (
        post.id,
        thread.id,
        number,
        author_id,
        author_name,
        record.state,
        record.dialect,
        text.storable(record.source),
        post.html,
        record.created_at,
        posts.get(record.reply_to) if record.reply_to else None,
        record.edited_at,
        record.is_edited_by_moderator,
        record.state_at,
        *POSTS.defaults,
    )


def _count_threads(all_of_board: Counter[int], visible: Counter[int]) -> None:
    BoardStats.objects.bulk_create(
        [BoardStats(board_id=board_id) for board_id in sorted(all_of_board)],
        ignore_conflicts=True,
    )
    for board_id, count in sorted(visible.items()):
        BoardStats.objects.filter(board_id=board_id).update(
            thread_count=F("thread_count") + count, version=F("version") + 1
        )


def _count_posts(tally: _Tally) -> None:
    for board_id, count in sorted(tally.boards.items()):
        latest = (
            Thread.objects.filter(board_id=board_id, state="visible")
            .order_by("-bumped_at", "-id")
            .values_list("id", flat=True)
            .first()
        )
        BoardStats.objects.filter(board_id=board_id).update(
            post_count=F("post_count") + count,
            last_thread_id=latest,
            version=F("version") + 1,
        )
    add_up(MemberStats, "post_count", tally.authors)


THREADS = Into(
    Thread,
    *("id", "board_id", "title", "starter_id", "starter_name", "state", "is_locked", "is_pinned"),
    *("opens_at", "slow_seconds", "created_at", "bumped_at", "kind", "link", "excerpt", "host"),
    "tags",
)
POSTS = Into(
    Post,
    *("id", "thread_id", "number", "author_id", "author_name", "state", "dialect", "source"),
    *("html", "created_at", "reply_to_id", "edited_at", "is_edited_by_moderator", "state_at"),
)
REACTIONS = Into(Reaction, "post_id", "member_id", "kind", "at")
TALLIES = Into(Tally, "post_id", "kind", "count", "without_names")
THREAD_COLUMNS = (
    "last_number",
    "reply_count",
    "version",
    "last_post_at",
    "last_poster_id",
    "last_poster_name",
    "bumped_at",
)
_UPDATE_THREAD = (
    f"UPDATE threads_thread SET {', '.join(f'{name} = %s' for name in THREAD_COLUMNS)} "  # noqa: S608 (our own columns)
    "WHERE id = %s"
)


def _score(tallies: Mapping[tuple[int, str], tuple[int, int]]) -> None:
    authors = dict(
        Post.objects.filter(id__in={post_id for post_id, _ in tallies}).values_list(
            "id", "author_id"
        )
    )
    scores: dict[int, int] = defaultdict(int)
    for (post_id, kind), (count, _) in tallies.items():
        author_id = authors.get(post_id)
        if author_id is not None and kind in KINDS:
            scores[author_id] += KINDS[kind].worth * count
    add_up(Reputation, "score", scores)


def add_up(
    model: type[MemberStats] | type[Reputation], field: str, changes: Mapping[int, int]
) -> None:
    """Add to counters kept one row a member, making missing rows."""
    ids = sorted(member_id for member_id, change in changes.items() if change)
    rows: list[Any] = [model(member_id=member_id) for member_id in ids]
    model._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    table = model._meta.db_table
    dialect.write_many(
        f"UPDATE {table} SET {field} = {field} + %s WHERE member_id = %s",  # noqa: S608 (own names)
        [(changes[member_id], member_id) for member_id in ids],
    )
