"""An archive as a reader: into a forum that holds something already, like any other origin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rostra.transfer.archive import polls
from rostra.transfer.archive.head import head_of
from rostra.transfer.archive.parts import PARTS
from rostra.transfer.archive_format import Kind, record_of
from rostra.transfer.records import (
    BoardRecord,
    OtherRecord,
    PostRecord,
    ReactionRecord,
    Record,
    Skipped,
)

ROOT = "@board"


class ArchiveReader:
    """Reads the records of an archive; what only a restoration can take over is named as skipped.

    Threads come with their posts behind them: both files are in the order of the threads.
    """

    def __init__(self, path: Path, *, board: str | None = None, name: str | None = None) -> None:
        self.path, self.board = path, board
        self.origin = f"archive/{name or head_of(path).get('origin') or path.name}"

    def prepare(self) -> int:
        """Return how many posts there are."""
        return sum(1 for _ in self._lines("posts"))

    def records(self) -> Iterator[Record | Skipped]:
        """Yield boards, members, threads, polls, each thread's posts, reactions."""
        if self.board is not None:
            yield BoardRecord(id=ROOT, title=self.board, is_category=True)
        yield from self._boards()
        yield from self._plain("member")
        yield from self._plain("thread")
        yield from polls.polls_in(self._lines)
        yield from self._posts_with_reactions()
        for part in (part for part in PARTS if part.name not in polls.NAMES):
            for line in self._lines(part.name):
                yield OtherRecord(kind=part.name, data={"line": line[:200]})

    def _boards(self) -> Iterator[Record | Skipped]:
        for record in self._plain("board"):
            if isinstance(record, BoardRecord) and record.parent is None and self.board is not None:
                record.parent = ROOT
            yield record

    def _posts_with_reactions(self) -> Iterator[Record | Skipped]:
        """Yield each reaction behind its post: the file holds them in the order of the posts."""
        reactions = self._plain("reaction")
        waiting = next(reactions, None)
        for post in self._plain("post"):
            yield post
            while isinstance(waiting, Skipped) or (
                isinstance(post, PostRecord)
                and isinstance(waiting, ReactionRecord)
                and waiting.post == post.id
            ):
                yield waiting
                waiting = next(reactions, None)
        while waiting is not None:
            if isinstance(waiting, ReactionRecord):
                waiting = Skipped(f"reaction: to {waiting.post}", "not_in_the_order_of_posts")
            yield waiting
            waiting = next(reactions, None)

    def _plain(self, kind: Kind) -> Iterator[Record | Skipped]:
        for number, line in enumerate(self._lines(f"{kind}s"), 1):
            try:
                yield record_of(kind, line)
            except ValueError as error:
                yield Skipped(f"{kind}: line {number}", f"unreadable: {error}"[:200])

    def _lines(self, name: str) -> Iterator[str]:
        path = self.path / f"{name}.jsonl"
        if not path.is_file() or path.is_symlink():
            return
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from file
