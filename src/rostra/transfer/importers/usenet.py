"""Usenet and mailing lists: mbox files, a Maildir, or a tree with one message a file.

A folder is a board. A message filed twice is imported once. Mail addresses do not leave this
reader: authors are keyed by a hash of theirs, and named by the name beside it (see `name_of`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from rostra.transfer.importers.mail_files import Messages, Place, files_under, places, readable
from rostra.transfer.importers.mail_message import Mail, parse, text_of
from rostra.transfer.importers.mail_threads import bare_subject, tie
from rostra.transfer.importers.mail_work import Row, WorkFile
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    Record,
    Skipped,
    ThreadRecord,
)

NO_SUBJECT = "(no subject)"
_LONGEST_TITLE = 200
_BROKEN = (OSError, ValueError, LookupError, RecursionError)
_SCRUBBED = re.compile(
    r"^-{4,} next part -{4,}$|^(?:name|type|size|desc|url)\s*:.*$|^\S*/attachments?/\S*$",
    re.IGNORECASE | re.MULTILINE,
)


class UsenetReader:
    """Reads messages into boards, threads and posts."""

    def __init__(
        self,
        path: Path,
        work: Path,
        board: str | None = None,
        name: str | None = None,
        now: datetime | None = None,
    ) -> None:
        self._root = Path(path)
        self._messages = Messages(self._root)
        self.origin = f"usenet/{name or self._root.stem}"
        self._board = board
        self._now = now or datetime.now(UTC)
        self._work = WorkFile(work, "mail-" + sha256(self.origin.encode()).hexdigest()[:12])
        self._is_prepared = False

    def prepare(self) -> int:
        """Look through all messages and tie their threads; return how many posts will come."""
        fingerprint = self._fingerprint()
        if not self._work.is_complete(fingerprint):
            self._work.begin()
            for place in places(self._root, self._board):
                self._take(place)
            self._messages.close()
            tie(self._work.db)
            self._work.finish(fingerprint)
        self._is_prepared = True
        return self._work.count()

    def records(self) -> Iterator[Record | Skipped]:
        """Yield boards, members, then every thread with its posts; last, what was left out."""
        if not self._is_prepared:
            self.prepare()
        yield from self._boards()
        for key, name in self._work.members():
            yield MemberRecord(id=key, name=name)
        try:
            for _, group in groupby(self._work.rows(), key=lambda pair: pair[0]):
                yield from self._thread(row for _, row in group)
        finally:
            self._messages.close()
        yield from self._work.skipped()

    def _boards(self) -> Iterator[BoardRecord]:
        """Yield a board for each folder; where one was asked for besides, it stands above them."""
        boards = list(self._work.boards())
        above = self._board if any(board != self._board for board in boards) else None
        if above is not None:
            yield BoardRecord(id=above, title=above, is_category=above not in boards)
        for position, board in enumerate(board for board in boards if board != above):
            yield BoardRecord(id=board, title=board, parent=above, position=position)

    def _take(self, place: Place | Skipped) -> None:
        if isinstance(place, Skipped):
            self._work.skip(place)
            return
        mail = self._read(place)
        if mail is None:
            self._work.skip(Skipped(_shown(place), "unreadable_message"))
        elif not (mail.message_id or mail.address or mail.subject):
            self._work.skip(Skipped(_shown(place), "not_a_message"))
        elif not self._work.add(place, mail, _digest(mail)):
            self._work.skip(Skipped(_shown(place), "duplicate_message"))
        else:
            for attachment in mail.attachments:
                self._work.skip(Skipped(f"{_shown(place)}: {attachment}", "attachment"))

    def _read(self, place: Place) -> Mail | None:
        try:
            return parse(self._messages.read(place), self._now)
        except _BROKEN:
            return None

    def _read_text(self, place: Place) -> tuple[str, bool] | None:
        try:
            return text_of(self._messages.read(place))
        except _BROKEN:
            return None

    def _thread(self, rows: Iterator[Row]) -> Iterator[Record | Skipped]:
        thread = ""
        for row in rows:
            if not thread:
                thread = row.key
                yield self._opening(row)
            read = self._read_text(row.place)
            if read is None:
                yield Skipped(_shown(row.place), "changed_while_reading")
                continue
            source, is_html = read
            yield PostRecord(
                id=row.key,
                thread=thread,
                source=source,
                dialect="html" if is_html else "plain",
                author=row.author or None,
                author_name="" if row.author else row.name,
                created_at=row.date,
                reply_to=row.parent,
            )

    def _opening(self, row: Row) -> ThreadRecord:
        return ThreadRecord(
            id=row.key,
            board=row.place.board,
            title=bare_subject(row.subject, row.place.board)[:_LONGEST_TITLE] or NO_SUBJECT,
            starter=row.author or None,
            starter_name="" if row.author else row.name,
            created_at=row.date,
        )

    def _fingerprint(self) -> str:
        """Return a value that changes when a file comes, goes or is written."""
        seen = sha256(repr(self._board).encode())
        for file in files_under(self._root):
            if isinstance(file, Path):
                try:
                    facts = file.lstat()
                except OSError:
                    continue
                seen.update(
                    f"{file} {facts.st_size} {facts.st_mtime_ns}\n".encode("utf-8", "replace")
                )
        return seen.hexdigest()


def _shown(place: Place) -> str:
    path = readable(place.path)
    return f"{path} at {place.start}" if place.is_mbox else path


def _digest(mail: Mail) -> bytes:
    """Return a hash of the words; a list's note on a removed attachment does not count."""
    text = mail.text
    if "next part" in text:
        text = _SCRUBBED.sub("", text)
    return sha256(" ".join(text.split()).encode("utf-8", "replace")).digest()
