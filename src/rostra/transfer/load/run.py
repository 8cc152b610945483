"""Loading a whole origin, batch by batch: killed anywhere, it goes on where it was."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from rostra.forum.access.presets import Preset
from rostra.forum.documents.actions.linking import note_links_between
from rostra.forum.members.groups import ensure_groups
from rostra.forum.smilies.queries import as_they_stand
from rostra.kernel.jobs import enqueue
from rostra.transfer.load.mapping import Map, reserve_ids
from rostra.transfer.load.memory import keep_memory_small
from rostra.transfer.load.people import write_boards, write_members
from rostra.transfer.load.polls import write_polls
from rostra.transfer.load.posts import (
    Prepared,
    write_answers,
    write_posts,
    write_reactions,
    write_threads,
)
from rostra.transfer.load.quoting import Together, resolve
from rostra.transfer.load.rendering import Later, Look, Renderer
from rostra.transfer.load.report import Report
from rostra.transfer.load.waiting import Waiting, lacking
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    OtherRecord,
    PollRecord,
    PostRecord,
    ReactionRecord,
    Reader,
    Record,
    Skipped,
    ThreadRecord,
)

POSTS = 1000
RECORDS = 4000
CHARACTERS = 2_000_000
LOOK = 100  # posts that are given to the renderer at once
ANSWERS = 500


class AlreadyRunning(Exception):
    """Another process is importing the same origin."""


@dataclass(slots=True)
class Batch:
    """Records that are written together."""

    boards: list[BoardRecord] = field(default_factory=list)
    members: list[MemberRecord] = field(default_factory=list)
    threads: list[ThreadRecord] = field(default_factory=list)
    polls: list[PollRecord] = field(default_factory=list)
    posts: list[PostRecord] = field(default_factory=list)
    reactions: list[ReactionRecord] = field(default_factory=list)
    characters: int = 0
    looks: list[tuple[list[PostRecord], Later[Look]]] = field(default_factory=list)
    looked_at: int = 0  # how many of the posts have been given to the renderer

    def look(self, mapping: Map, renderer: Renderer) -> None:
        """Give the posts that came since the last look, and are not here yet, to the renderer."""
        some = self.posts[self.looked_at :]
        self.looked_at = len(self.posts)
        known = mapping.find("post", [record.id for record in some])
        fresh = [record for record in some if record.id not in known]
        if fresh:
            typed = [(record.source, record.dialect) for record in fresh]
            self.looks.append((fresh, renderer.look(typed)))

    def looked(self) -> dict[int, Look]:
        """Wait for the renderer; return what it saw, by the identity of the record."""
        return {
            id(record): look
            for records, later in self.looks
            for record, look in zip(records, later(), strict=True)
        }

    def add(self, record: Record) -> None:
        match record:
            case BoardRecord():
                self.boards.append(record)
            case MemberRecord():
                self.members.append(record)
            case ThreadRecord():
                self.threads.append(record)
            case PollRecord():
                self.polls.append(record)
            case PostRecord():
                self.posts.append(record)
                self.characters += len(record.source)
            case ReactionRecord():
                self.reactions.append(record)

    def is_full(self) -> bool:
        """Return whether it is time to write; reactions stay with their posts."""
        return (
            len(self.posts) >= POSTS
            or self.characters >= CHARACTERS
            or len(self.members) + len(self.threads) + len(self.polls) + len(self.boards) >= RECORDS
        )


def load(
    reader: Reader,
    folder: Path,
    *,
    preset: Preset = "public",
    accounts: bool = False,
    processes: int | None = None,
    progress: Callable[[int], Any] = lambda posts: None,
) -> Report:
    """Take over everything the reader yields; return what became of it.

    accounts: members keep the passwords and addresses of mail that came with them.
    folder: where the report and the list of what was skipped go. Raises AlreadyRunning.
    """
    keep_memory_small()
    report = Report(reader.origin, folder)
    started = time.monotonic()
    with _alone(folder), Renderer(processes, smilies=as_they_stand()) as renderer:
        loader = _Loader(Map(reader.origin), report, renderer, preset, Waiting(folder))
        loader.accounts = accounts
        batch = Batch()
        for item in reader.records():
            if isinstance(item, Skipped):
                kind = item.what.partition(":")[0]
                kind = kind if kind in ("board", "member", "thread", "poll", "reaction") else "post"
                report.read[kind] += 1
                report.skip(kind, item.what, item.why)
                continue
            if batch.is_full() and not isinstance(item, ReactionRecord):
                progress(loader.take(batch))
                batch = Batch()
            _count(report, item)
            if isinstance(item, OtherRecord):
                report.skip("other", item.kind, "only_restored_into_an_empty_forum")
                continue
            batch.add(item)
            if len(batch.posts) - batch.looked_at >= LOOK:
                batch.look(loader.mapping, renderer)
        progress(loader.take(batch))
        progress(loader.finish())
    report.seconds = time.monotonic() - started
    report.save()
    return report


class _Pending(NamedTuple):
    """A batch whose posts are being rendered: their ids are reserved, their threads are here."""

    batch: Batch
    fresh: list[PostRecord]
    ids: dict[str, int]
    threads: dict[str, int]
    fragments: dict[str, str]
    later: Later[str]  # the fragments of the rest, in order


class _Loader:
    """Writes batch after batch; while two are rendered, the next is read and the last written.

    A batch that was given to the renderer is waited for when the next one is given to it too: the
    renderer is never without work.
    """

    def __init__(
        self, mapping: Map, report: Report, renderer: Renderer, preset: Preset, waiting: Waiting
    ) -> None:
        self.mapping, self.report, self.renderer = mapping, report, renderer
        self.preset, self.waiting = preset, waiting
        self.groups = ensure_groups()
        self.accounts = False
        self.answers: list[ThreadRecord] = []
        self.given: Batch | None = None
        self.pending: _Pending | None = None

    def take(self, batch: Batch) -> int:
        """Take a batch, go on with those before it; return how many posts were written.

        Each batch takes two transactions: first what posts stand on, then the posts.
        """
        batch.look(self.mapping, self.renderer)
        written = self._go_on()
        self.given = batch
        return written

    def finish(self) -> int:
        """Write the last posts, and what could only be known at the end."""
        written = self._go_on() + self._go_on()
        with transaction.atomic():
            write_answers(self.answers, self.mapping)
        self.waiting.resolve(self.mapping, self.renderer)
        return written

    def _go_on(self) -> int:
        """Write the posts that are rendered, and begin with the batch that comes after them."""
        try:
            written = self._write_pending()
            if self.given is not None:
                self.pending, self.given = self._begin(self.given), None
        except BaseException:
            self.mapping.forget()
            raise
        return written

    def _begin(self, batch: Batch) -> _Pending:
        """Write what the posts stand on, reserve their ids and begin to render the rest."""
        looked = batch.looked()
        with transaction.atomic():
            write_boards(batch.boards, self.mapping, self.report, self.groups, self.preset)
            write_members(batch.members, self.mapping, self.report, accounts=self.accounts)
            write_threads(batch.threads, self.mapping, self.report)
            write_polls(batch.polls, self.mapping, self.report)
            fresh, threads = self._fresh_posts(batch.posts)
            new = reserve_ids("threads_post", len(fresh))
        self.answers += [record for record in batch.threads if record.answer]
        ids = dict(zip([record.id for record in fresh], new, strict=True))
        looks = [(record, looked[id(record)]) for record in fresh]
        fragments = {record.id: look.html for record, look in looks if look.html is not None}
        rest = [(record, look.wanted) for record, look in looks if look.html is None]
        together = Together(fresh, ids, fragments)
        sources = resolve(rest, self.mapping, self.renderer, together) if rest else []
        self.waiting.add(lacking([(ids[record.id], wanted) for record, wanted in rest], sources))
        return _Pending(batch, fresh, ids, threads, fragments, self.renderer.render(sources))

    def _write_pending(self) -> int:
        """Write the posts, their part of the map and what is counted of them, at once."""
        pending, self.pending = self.pending, None
        if pending is None:
            return 0
        batch, fresh, ids, threads, fragments, later = pending
        rest = iter(later())
        prepared = [
            Prepared(ids[r.id], r, fragments[r.id] if r.id in fragments else next(rest))
            for r in fresh
        ]
        with transaction.atomic():
            if prepared:
                write_posts(prepared, threads, self.mapping, self.report)
                written = [one.id for one in prepared]
                enqueue(note_links_between, first=min(written), last=max(written))
            self._write_reactions(batch, ids)
            if len(self.answers) > ANSWERS:
                self.answers = write_answers(self.answers, self.mapping)
        return len(batch.posts)

    def _fresh_posts(self, records: list[PostRecord]) -> tuple[list[PostRecord], dict[str, int]]:
        """Return the posts that are not here yet and whose threads are."""
        known = self.mapping.find("post", [record.id for record in records])
        threads = self.mapping.find("thread", {record.thread for record in records})
        fresh: dict[str, PostRecord] = {}
        for record in records:
            if record.id in known:
                self.report.known["post"] += 1
            elif record.id in fresh:
                self.report.skip("post", record.id, "id_occurs_twice")
            elif record.thread not in threads:
                self.report.skip("post", record.id, "thread_unknown")
            else:
                fresh[record.id] = record
        return list(fresh.values()), threads

    def _write_reactions(self, batch: Batch, ids: dict[str, int]) -> None:
        fresh = [record for record in batch.reactions if record.post in ids]
        known = self.mapping.find("post", {r.post for r in batch.reactions if r.post not in ids})
        for record in batch.reactions:
            if record.post in ids:
                continue
            if record.post in known:
                self.report.known["reaction"] += 1
            else:
                self.report.skip("reaction", record.post, "post_unknown")
        if fresh:
            write_reactions(fresh, ids, self.mapping, self.report)


def _count(report: Report, item: Record) -> None:
    names = {
        BoardRecord: "board",
        MemberRecord: "member",
        ThreadRecord: "thread",
        PollRecord: "poll",
        PostRecord: "post",
        ReactionRecord: "reaction",
        OtherRecord: "other",
    }
    report.read[names[type(item)]] += 1


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the origin's lock; a killed process lets go of it by dying."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(folder.name) from error
        yield
