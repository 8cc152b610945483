"""Threads, posts and reactions of an origin, written by the batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import F

from rostra.forum.reactions.kinds import KINDS
from rostra.forum.reactions.models import Reaction, Reputation, Tally
from rostra.forum.threads.models import BoardStats, MemberStats, Post, Thread
from rostra.kernel import dialect, text
from rostra.transfer.load.mapping import Map
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
    rows: list[tuple[ThreadRecord, Thread]] = []
    for record in fresh:
        if record.board not in boards:
            report.skip("thread", record.id, "board_unknown")
            continue
        starter_id = people.get(record.starter) if record.starter else None
        rows.append((record, _thread(record, boards[record.board], starter_id)))
    Thread.objects.bulk_create([row for _, row in rows], batch_size=500)
    mapping.add("thread", [(record.id, row.pk) for record, row in rows])
    mapping.add_addresses(
        "thread", [(address, row.pk) for record, row in rows for address in record.addresses]
    )
    BoardStats.objects.bulk_create(
        [BoardStats(board_id=board_id) for board_id in sorted({row.board_id for _, row in rows})],
        ignore_conflicts=True,
    )
    for board_id, count in Counter(
        row.board_id for _, row in rows if row.state == "visible"
    ).items():
        BoardStats.objects.filter(board_id=board_id).update(thread_count=F("thread_count") + count)
    report.written["thread"] += len(rows)


def write_posts(
    prepared: Sequence[Prepared], threads: Mapping[str, int], mapping: Map, report: Report
) -> None:
    """Write posts of one batch at the ends of their threads, with all that is counted of them."""
    locked = {
        thread.pk: thread
        for thread in Thread.objects.select_for_update()
        .filter(id__in={threads[post.record.thread] for post in prepared})
        .order_by("id")
    }
    people = mapping.find(
        "member", {p.record.author for p in prepared if p.record.author is not None}
    )
    ids = {post.record.id: post.id for post in prepared}
    earlier = mapping.find(
        "post",
        {p.record.reply_to for p in prepared if p.record.reply_to and p.record.reply_to not in ids},
    )
    rows = [
        _post(post, locked[threads[post.record.thread]], people, {**earlier, **ids})
        for post in prepared
    ]
    columns = [[getattr(row, name) for name in POST_COLUMNS] for row in rows]
    dialect.write_many(_INSERT_POST, columns)
    dialect.write_many(
        _UPDATE_THREAD,
        [[getattr(thread, name) for name in (*THREAD_COLUMNS, "id")] for thread in locked.values()],
    )
    mapping.add("post", ids.items())
    mapping.add_addresses(
        "post", [(address, post.id) for post in prepared for address in post.record.addresses]
    )
    _count(rows, locked)
    report.written["post"] += len(rows)


def write_answers(records: Iterable[ThreadRecord], mapping: Map) -> None:
    """Point threads at their accepted answers, which came after them."""
    wanted = [(record.id, record.answer) for record in records if record.answer]
    threads = mapping.find("thread", [thread for thread, _ in wanted])
    posts = mapping.find("post", [answer for _, answer in wanted])
    for thread, answer in wanted:
        if thread in threads and answer in posts:
            Thread.objects.filter(id=threads[thread]).exclude(answer_id=posts[answer]).update(
                answer_id=posts[answer]
            )


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
                Reaction(
                    post_id=post_id,
                    member_id=people[record.member],
                    kind=record.kind,
                    at=record.at,
                )
            )
        count, without = tallies.get((post_id, record.kind), (0, 0))
        unnamed = record.count if record.member is None else 0
        tallies[post_id, record.kind] = (count + record.count, without + unnamed)
        report.written["reaction"] += 1
    Reaction.objects.bulk_create(rows, batch_size=500)
    Tally.objects.bulk_create(
        [
            Tally(post_id=post_id, kind=kind, count=count, without_names=without)
            for (post_id, kind), (count, without) in tallies.items()
        ],
        batch_size=500,
    )
    _score(tallies)


def _thread(record: ThreadRecord, board_id: int, starter_id: int | None) -> Thread:
    return Thread(
        board_id=board_id,
        title=text.one_line(record.title)[:400] or "…",
        starter_id=starter_id,
        starter_name="" if starter_id else text.one_line(record.starter_name)[:120],
        state=record.state,
        is_locked=record.is_locked,
        is_pinned=record.is_pinned,
        created_at=record.created_at,
        bumped_at=record.created_at or UNDATED,
    )


def _post(
    post: Prepared, thread: Thread, people: Mapping[str, int], posts: Mapping[str, int]
) -> Post:
    """Return the row, and change the thread as its publication does."""
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
    thread.version += 1
    return Post(
        id=post.id,
        thread=thread,
        number=number,
        author_id=author_id,
        author_name=author_name,
        state=record.state,
        state_at=record.state_at,
        dialect=record.dialect,
        source=text.storable(record.source),
        html=post.html,
        created_at=record.created_at,
        reply_to_id=posts.get(record.reply_to) if record.reply_to else None,
        edited_at=record.edited_at,
        is_edited_by_moderator=record.is_edited_by_moderator,
    )


def _count(rows: Sequence[Post], threads: Mapping[int, Thread]) -> None:
    visible = [row for row in rows if row.state == "visible"]
    by_board = Counter(threads[row.thread_id].board_id for row in visible)
    for board_id in sorted(by_board):
        latest = (
            Thread.objects.filter(board_id=board_id, state="visible")
            .order_by("-bumped_at", "-id")
            .values_list("id", flat=True)
            .first()
        )
        BoardStats.objects.filter(board_id=board_id).update(
            post_count=F("post_count") + by_board[board_id], last_thread_id=latest
        )
    add_up(MemberStats, "post_count", Counter(r.author_id for r in visible if r.author_id))


POST_COLUMNS = tuple(field.attname for field in Post._meta.concrete_fields)
THREAD_COLUMNS = (
    "last_number",
    "reply_count",
    "version",
    "last_post_at",
    "last_poster_id",
    "last_poster_name",
    "bumped_at",
)
_INSERT_POST = (
    f"INSERT INTO threads_post ({', '.join(POST_COLUMNS)}) "  # noqa: S608 (our own columns)
    f"VALUES ({dialect.marks(POST_COLUMNS)})"
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
