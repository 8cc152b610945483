"""Writing the archive: boards, members, threads and posts as records, the rest as rows."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db.models import F

from rostra.content.markup.references import Dialect
from rostra.forum.boards.queries import whole_tree
from rostra.forum.reactions.models import Reaction, Tally
from rostra.forum.threads import tags
from rostra.forum.threads.models import Post, Thread
from rostra.transfer.archive import copies, people
from rostra.transfer.archive import files as uploads
from rostra.transfer.archive.head import FORMAT, VERSION
from rostra.transfer.archive.parts import PARTS
from rostra.transfer.archive.tables import rows_of
from rostra.transfer.archive_format import line_of
from rostra.transfer.load.memory import keep_memory_small
from rostra.transfer.records import (
    BoardRecord,
    PostRecord,
    PostState,
    ReactionRecord,
    ThreadKind,
    ThreadRecord,
)

PAGE = 500


def write_archive(
    path: Path, *, progress: Callable[[int], Any] = lambda posts: None
) -> dict[str, int]:
    """Write the whole forum into a folder; return how many lines each file has.

    The files hold password hashes and addresses of mail: they are readable by their owner only.
    Reads are short, so that a forum goes on meanwhile; what is written after a part was read is
    not in the archive.
    """
    keep_memory_small()
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    files: dict[str, Iterable[str]] = {
        "boards": (line_of(record) for record in _boards()),
        "members": (line_of(record) for record in people.records()),
        "threads": (line_of(record) for record in _threads()),
        "posts": _counted((line_of(record) for record in _posts()), progress),
        "reactions": (line_of(record) for record in _reactions()),
    }
    for part in PARTS:
        files[part.name] = (canonical(row) for row in rows_of(part))
    files[copies.NAME] = (canonical(row) for row in copies.rows())
    files[uploads.NAME] = uploads.take_along(path)
    made = {name: _write(path / f"{name}.jsonl", lines) for name, lines in files.items()}
    head = {
        "format": FORMAT,
        "version": VERSION,
        "origin": settings.ROSTRA.base_url,
        "exact": True,
        "files": {
            name: {"lines": count, "sha256": digest} for name, (count, digest) in made.items()
        },
    }
    (path / "archive.json").write_text(json.dumps(head, indent=1, sort_keys=True) + "\n")
    return {name: count for name, (count, _) in made.items()}


def canonical(row: dict[str, Any]) -> str:
    """Return a row as its one line."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _write(path: Path, lines: Iterable[str]) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        for line in lines:
            body = f"{line}\n".encode()
            digest.update(body)
            file.write(body)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count, digest.hexdigest()


def _counted(lines: Iterable[str], progress: Callable[[int], Any]) -> Iterator[str]:
    for line in lines:
        progress(1)
        yield line


def _boards() -> Iterator[BoardRecord]:
    for row in whole_tree().in_order():
        yield BoardRecord(
            id=str(row.id),
            title=row.title,
            parent=str(row.parent_id) if row.parent_id else None,
            description=row.description,
            position=row.position,
            is_category=row.is_category,
        )


def _threads() -> Iterator[ThreadRecord]:
    last = 0
    while page := list(Thread.objects.filter(id__gt=last).order_by("id")[:PAGE]):
        for thread in page:
            yield ThreadRecord(
                id=str(thread.pk),
                board=str(thread.board_id),
                title=thread.title,
                starter=_key(thread.starter_id),
                starter_name=thread.starter_name,
                created_at=thread.created_at,
                state=cast(PostState, thread.state),
                is_locked=thread.is_locked,
                is_pinned=thread.is_pinned,
                opens_at=thread.opens_at,
                slow_seconds=thread.slow_seconds,
                answer=_key(thread.answer_id),
                kind=cast(ThreadKind, thread.kind),
                link=thread.link,
                excerpt=thread.excerpt,
                tags=tuple(tags.split(thread.tags)),
            )
        last = page[-1].pk


def _posts() -> Iterator[PostRecord]:
    """Yield all posts, each thread's together and in order, those without a number last."""
    in_order = ("thread_id", F("number").asc(nulls_last=True), "id")
    for threads in _thread_ids():
        # Ids are put in order first: no database need sort, and keep, the texts.
        posts = Post.objects.filter(thread_id__in=threads).order_by(*in_order)
        ids = list(posts.values_list("id", flat=True))
        for start in range(0, len(ids), PAGE):
            page = Post.objects.defer("html").in_bulk(ids[start : start + PAGE])
            yield from (as_record(page[one]) for one in ids[start : start + PAGE] if one in page)


def _thread_ids() -> Iterator[list[int]]:
    """Yield the ids of all threads, a page at a time."""
    last = 0
    threads = Thread.objects.order_by("id").values_list("id", flat=True)
    while ids := list(threads.filter(id__gt=last)[:PAGE]):
        yield ids
        last = ids[-1]


def _reactions() -> Iterator[ReactionRecord]:
    """Yield all reactions in the order of their posts: named ones, then how many are without."""
    for ids in _thread_ids():
        yield from _reactions_in(ids)


def _reactions_in(thread_ids: list[int]) -> Iterator[ReactionRecord]:
    named: dict[int, list[Reaction]] = {}
    for reaction in Reaction.objects.filter(post__thread_id__in=thread_ids).order_by("member_id"):
        named.setdefault(reaction.post_id, []).append(reaction)
    tallies = Tally.objects.filter(post__thread_id__in=thread_ids)
    unnamed: dict[int, list[Tally]] = {}
    for tally in tallies.order_by("kind"):
        unnamed.setdefault(tally.post_id, []).append(tally)
    posts = Post.objects.filter(id__in=list(unnamed))
    in_order = posts.order_by("thread_id", F("number").asc(nulls_last=True), "id")
    for post_id in in_order.values_list("id", flat=True):
        for row in named.get(post_id, []):
            yield ReactionRecord(
                post=str(post_id), kind=row.kind, member=str(row.member_id), at=row.at
            )
        for count in unnamed[post_id]:
            if count.without_names:
                yield ReactionRecord(post=str(post_id), kind=count.kind, count=count.without_names)


def as_record(post: Post) -> PostRecord:
    """Return a post as the archive holds it."""
    return PostRecord(
        id=str(post.pk),
        thread=str(post.thread_id),
        source=post.source,
        dialect=cast(Dialect, post.dialect),
        number=post.number,
        author=_key(post.author_id),
        author_name=post.author_name,
        created_at=post.created_at,
        state=cast(PostState, post.state),
        state_at=post.state_at,
        reply_to=_key(post.reply_to_id),
        edited_at=post.edited_at,
        is_edited_by_moderator=post.is_edited_by_moderator,
    )


def _key(row_id: int | None) -> str | None:
    return None if row_id is None else str(row_id)
