"""Restoring an archive into an empty forum: the same ids, the same log, the same everything."""

from __future__ import annotations

import hashlib
import json
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction

from rostra.content.markup.references import NOTHING_KNOWN, UploadRef, Wanted
from rostra.forum.boards.models import Board
from rostra.forum.boards.queries import VERSION as BOARDS_VERSION
from rostra.forum.documents.actions.linking import note_links_between
from rostra.forum.members.models import Group, Member
from rostra.forum.modlog.models import RuleVersion
from rostra.forum.reactions.models import Reaction, Tally
from rostra.forum.smilies.queries import as_they_stand
from rostra.forum.threads.attachments import attached_to
from rostra.forum.threads.models import Post, Tagging, Thread
from rostra.forum.threads.outside import last_post_id
from rostra.kernel import dialect, rows, versions
from rostra.kernel.jobs import enqueue
from rostra.transfer.archive import copies, files
from rostra.transfer.archive.head import head_of, verify
from rostra.transfer.archive.messages import cover_words, render_messages
from rostra.transfer.archive.parts import AFTER_POSTS, BEFORE_MEMBERS, BEFORE_POSTS, PARTS
from rostra.transfer.archive.places import write_boards, write_members, write_threads
from rostra.transfer.archive.tables import Part, checked, write_rows
from rostra.transfer.archive.writing import as_record
from rostra.transfer.archive_format import Kind, record_of
from rostra.transfer.integrity import examine
from rostra.transfer.load.mapping import Map, Own
from rostra.transfer.load.memory import keep_memory_small
from rostra.transfer.load.posts import POSTS
from rostra.transfer.load.quoting import resolve
from rostra.transfer.load.rendering import NOTHING, Later, Look, Renderer, Source
from rostra.transfer.load.report import Report
from rostra.transfer.models import Mapped
from rostra.transfer.records import (
    PostRecord,
    ReactionRecord,
    Record,
    ThreadRecord,
)

BATCH = 1000
MARK = "restore/"  # names the version row that says which archive this forum was restored from


def is_restorable(path: Path) -> bool:
    """Return whether the archive goes in exactly: into an empty forum, or one it half restored."""
    if not head_of(path).get("exact"):
        return False
    if versions.current(_mark(path)):
        return True
    return not (Board.objects.exists() or Thread.objects.exists() or Member.objects.exists())


def restore(
    path: Path, folder: Path, *, progress: Callable[[int], Any] = lambda posts: None
) -> Report:
    """Restore an archive of our own, verified before the first row is written; may be repeated."""
    keep_memory_small()
    report = Report(head_of(path)["origin"], folder)
    started = time.monotonic()
    verify(path)
    files.check(path)
    if not versions.current(_mark(path)):
        with transaction.atomic():
            # Groups and rules every forum has come with the archive, under the ids they had.
            Group.objects.all().delete()
            RuleVersion.objects.all().delete()
            versions.raise_version(_mark(path))
    files.put_back(path)
    _in_batches(path, "board", report, write_boards)
    for part in BEFORE_MEMBERS:
        _restore_part(path, part, report)
    smilies = as_they_stand()
    _in_batches(path, "member", report, write_members)
    for part in BEFORE_POSTS:
        _restore_part(path, part, report)
    _in_batches(path, "thread", report, write_threads)
    with Renderer(base_url=settings.ROSTRA.base_url, smilies=smilies) as renderer:
        referring, replies = _restore_posts(path, report, renderer, progress)
    _point_at_posts(path, replies)
    _in_batches(path, "reaction", report, _write_reactions)
    for part in AFTER_POSTS:
        _restore_part(path, part, report)
    _restore_copies(path, report)
    with Renderer(base_url=settings.ROSTRA.base_url, smilies=smilies) as renderer:
        _resolve_references(referring, renderer)
        render_messages(renderer)
    cover_words()
    _finish()
    report.seconds = time.monotonic() - started
    report.save()
    return report


def _mark(path: Path) -> str:
    return MARK + hashlib.sha256((path / "archive.json").read_bytes()).hexdigest()[:32]


def _lines(path: Path, name: str) -> Iterator[str]:
    if name not in head_of(path)["files"]:
        return  # written by a forum that knew nothing of it yet
    with (path / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from file


def _batches(path: Path, kind: Kind) -> Iterator[list[Any]]:
    batch: list[Record] = []
    for line in _lines(path, f"{kind}s"):
        record = record_of(kind, line)
        if len(batch) >= BATCH and not _belongs(batch[-1], record):
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch


def _in_batches(path: Path, kind: Kind, report: Report, write: Callable[[list[Any]], int]) -> None:
    for batch in _batches(path, kind):
        with transaction.atomic():
            written = write(batch)
        _put_down(report, kind, len(batch), written)


def _put_down(report: Report, kind: str, read: int, written: int) -> None:
    report.read[kind] += read
    report.written[kind] += written
    report.known[kind] += read - written


def _restore_posts(
    path: Path, report: Report, renderer: Renderer, progress: Callable[[int], Any]
) -> tuple[array[int], array[int]]:
    """Write all posts as if they referred to nothing; return the ids of those that do.

    And the replies to another post, each after what it replies to. What a post refers to may come
    later: its references are resolved at the end. While one batch is written, the next is rendered.
    """
    referring, replies = array("q"), array("q")
    waiting: tuple[list[PostRecord], Later[Look]] | None = None

    def flush() -> None:
        if waiting is not None:
            records, looks = waiting[0], waiting[1]()
            with transaction.atomic():
                written = _write_posts(records, looks)
            pairs = zip(records, looks, strict=True)
            referring.extend(int(r.id) for r, look in pairs if look.wanted != NOTHING)
            for record in records:
                if record.reply_to:
                    replies.extend((int(record.reply_to), int(record.id)))
            _put_down(report, "post", len(records), written)
            progress(len(records))

    for batch in _batches(path, "post"):
        later = renderer.look([(r.source, r.dialect) for r in batch], is_always_rendered=True)
        flush()
        waiting = (batch, later)
    flush()
    return referring, replies


def _belongs(last: Record, record: Record) -> bool:
    """Return whether two records must be written together: reactions to one post are."""
    return (
        isinstance(last, ReactionRecord)
        and isinstance(record, ReactionRecord)
        and last.post == record.post
    )


def _restore_copies(path: Path, report: Report) -> None:
    lines = [json.loads(line) for line in _lines(path, copies.NAME)]
    _put_down(report, "other", len(lines), copies.write(lines))


def _restore_part(path: Path, part: Part, report: Report) -> None:
    batch: list[dict[str, Any]] = []

    def flush() -> None:
        with transaction.atomic():
            written = write_rows(part, batch)
        report.read["other"] += len(batch)
        report.written["other"] += written
        report.known["other"] += len(batch) - written
        batch.clear()

    for line in _lines(path, part.name):
        batch.append(checked(part, json.loads(line)))
        if len(batch) >= BATCH:
            flush()
    if batch:
        flush()


def _write_posts(records: list[PostRecord], looks: list[Look]) -> int:
    ids = [int(record.id) for record in records]
    there = set(Post.objects.filter(id__in=ids).values_list("id", flat=True))
    posts = [
        _post(record, look.html or "")
        for record, look in zip(records, looks, strict=True)
        if int(record.id) not in there
    ]
    return dialect.write_many(POSTS.sql, posts)


def _post(record: PostRecord, html: str) -> tuple[Any, ...]:
    """Return the row in the order of its columns."""
    return (
        int(record.id),
        int(record.thread),
        record.number,
        int(record.author) if record.author else None,
        record.author_name,
        record.state,
        record.dialect,
        record.source,
        html,
        record.created_at,
        None,
        record.edited_at,
        record.is_edited_by_moderator,
        record.state_at,
        *POSTS.defaults,
    )


def _write_reactions(records: list[ReactionRecord]) -> int:
    reactions = [
        Reaction(
            post_id=int(record.post),
            member_id=int(record.member),
            kind=record.kind,
            at=record.at,
        )
        for record in records
        if record.member is not None
    ]
    unnamed: dict[tuple[str, str], int] = {}
    for record in records:
        count = record.count if record.member is None else 0
        unnamed[record.post, record.kind] = unnamed.get((record.post, record.kind), 0) + count
    tallies = [
        Tally(post_id=int(post), kind=kind, count=without, without_names=without)
        for (post, kind), without in unnamed.items()
    ]
    # A batch is written whole or not at all: a tally that is there tells that it was.
    was_there = Tally.objects.filter(post_id=int(records[-1].post)).exists()
    rows.insert_new(tallies)
    written = rows.insert_new(reactions)
    return written if was_there else len(records)


def _resolve_references(referring: array[int], renderer: Renderer) -> None:
    """Render anew what refers to something, now that everything it may refer to is here."""
    for start in range(0, len(referring), BATCH):
        page = list(Post.objects.filter(id__in=referring[start : start + BATCH].tolist()))
        fragments = _fragments([as_record(post) for post in page], renderer)
        dialect.write_many(
            "UPDATE threads_post SET html = %s WHERE id = %s",
            [(html, post_id) for post_id, html in fragments.items()],
        )


def _fragments(records: list[PostRecord], renderer: Renderer) -> dict[int, str]:
    """Render posts, each by the map of ids of the origin it once came from.

    Those that refer to nothing that is here are left out: so they were written.
    """
    origins = Mapped.objects.filter(kind="post", new_id__in=[int(r.id) for r in records])
    came_from = dict(origins.values_list("new_id", "origin__name"))
    refers = renderer.wanted([(record.source, record.dialect) for record in records])
    by_origin: dict[str | None, list[tuple[PostRecord, Wanted]]] = {}
    for record, wanted in zip(records, refers, strict=True):
        by_origin.setdefault(came_from.get(int(record.id)), []).append((record, wanted))
    shown = attached_to([int(r.id) for r, w in zip(records, refers, strict=True) if w.uploads])
    found: dict[int, str] = {}
    for origin, group in by_origin.items():
        scope = Own() if origin is None else Map(origin)
        sources = zip(group, resolve(group, scope, renderer), strict=True)
        pairs = [(int(r.id), _with(shown.get(int(r.id)), source)) for (r, _), source in sources]
        pairs = [(post_id, source) for post_id, source in pairs if source.known != NOTHING_KNOWN]
        html = renderer.render([source for _, source in pairs])()
        found.update(zip([post_id for post_id, _ in pairs], html, strict=True))
    return found


def _with(uploads: dict[str, UploadRef] | None, source: Source) -> Source:
    """Return a source that knows what its post showed when the archive was written."""
    if not uploads:
        return source
    return source._replace(known=replace(source.known, uploads=uploads))


def _point_at_posts(path: Path, replies: array[int]) -> None:
    """Set what points at posts that came later: replies and accepted answers."""
    with transaction.atomic():
        for start in range(0, len(replies), 2 * BATCH):
            some = replies[start : start + 2 * BATCH]
            dialect.write_many(
                "UPDATE threads_post SET reply_to_id = %s WHERE id = %s",
                zip(some[::2], some[1::2], strict=True),
            )
        threads = (record_of("thread", line) for line in _lines(path, "threads"))
        dialect.write_many(
            "UPDATE threads_thread SET answer_id = %s WHERE id = %s",
            [
                (int(record.answer), int(record.id))
                for record in threads
                if isinstance(record, ThreadRecord) and record.answer
            ],
        )


def _finish() -> None:
    """Compute what the archive leaves out: counters, last posts, the next ids."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAST_POSTS)
        cursor.execute(_EDITS)
        for statement in connection.ops.sequence_reset_sql(no_style(), _all_models()):
            cursor.execute(statement)
        versions.raise_version(BOARDS_VERSION)
        # Where the archive is older than documents, or pictures of other sites are shown here.
        enqueue(note_links_between, first=1, last=last_post_id())
    examine(repair=True)


def _all_models() -> list[type[models.Model]]:
    return [
        Board,
        Member,
        Thread,
        Tagging,
        Post,
        *(part.model for part in PARTS),
    ]


_LAST = """
(SELECT {} FROM threads_post p WHERE p.thread_id = threads_thread.id AND p.state = 'visible'
ORDER BY p.number DESC LIMIT 1)
"""
_LAST_POSTS = f"""
UPDATE threads_thread SET
last_number = COALESCE((SELECT MAX(number) FROM threads_post p
    WHERE p.thread_id = threads_thread.id), 0),
last_post_at = {_LAST.format("p.created_at")},
last_poster_id = {_LAST.format("p.author_id")},
last_poster_name = COALESCE({_LAST.format("p.author_name")}, ''),
bumped_at = COALESCE((SELECT MAX(p.created_at) FROM threads_post p
    WHERE p.thread_id = threads_thread.id AND p.state = 'visible'), bumped_at)
"""  # noqa: S608 (built from our own constants)
_EDITS = """
UPDATE threads_post SET edit_count = (SELECT COUNT(*) FROM threads_revision r
WHERE r.post_id = threads_post.id) WHERE id IN (SELECT post_id FROM threads_revision)
"""
