"""The work file of a mail import: what was read of every message but its text."""

from __future__ import annotations

import json
import os
import sqlite3
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from rostra.transfer.importers.mail_files import Place, readable
from rostra.transfer.importers.mail_message import Mail, member_key
from rostra.transfer.records import Skipped

VERSION = 1

_TABLES = """
CREATE TABLE message (
    seq INTEGER PRIMARY KEY, key TEXT UNIQUE, digest BLOB, board TEXT, path BLOB, start INTEGER,
    length INTEGER, is_mbox INTEGER, refs TEXT, subject TEXT, author TEXT, name TEXT, date INTEGER,
    parent INTEGER, thread INTEGER, rank INTEGER
);
CREATE TABLE skipped (what TEXT, why TEXT);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT);
"""


class Row(NamedTuple):
    """A message as the work file holds it."""

    seq: int
    key: str
    place: Place
    subject: str
    author: str
    name: str
    date: datetime | None
    parent: str | None


def post_key(message_id: str) -> str:
    """Return the key of a message: stable, and free of the names in a Message-ID."""
    return sha256(message_id.encode("utf-8", "replace")).hexdigest()[:24]


class WorkFile:
    """Messages, in the order in which they were read, on disk."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}.sqlite3"
        self.db = sqlite3.connect(self._path, isolation_level=None)
        weakref.finalize(self, self.db.close)
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("PRAGMA cache_size = -32000")

    def is_complete(self, fingerprint: str) -> bool:
        """Tell whether the same input was looked through to its end before."""
        try:
            rows = self.db.execute("SELECT value FROM state WHERE name = 'complete'").fetchall()
        except sqlite3.Error:
            return False
        return rows == [(f"{VERSION} {fingerprint}",)]

    def begin(self) -> None:
        """Start anew: what an interrupted run left is thrown away."""
        for table in ("message", "skipped", "state"):
            self.db.execute(f"DROP TABLE IF EXISTS {table}")
        self.db.executescript(_TABLES)
        self.db.execute("BEGIN")

    def finish(self, fingerprint: str) -> None:
        """Keep everything; from now on the work file is complete."""
        self.db.execute("CREATE INDEX in_thread ON message (thread, rank)")
        self.db.execute("INSERT INTO state VALUES ('complete', ?)", (f"{VERSION} {fingerprint}",))
        self.db.execute("COMMIT")

    def skip(self, skipped: Skipped) -> None:
        """Note something that is left out."""
        self.db.execute("INSERT INTO skipped VALUES (?, ?)", (readable(skipped.what), skipped.why))

    def add(self, place: Place, mail: Mail, digest: bytes) -> bool:
        """Add a message; tell whether it is a new one.

        A second message with the same id is left out when its words are the same, and kept
        under a key of its own when they are not.
        """
        own = f"{mail.address} {mail.date} {mail.subject} {digest.hex()}"
        key = post_key(mail.message_id or own)
        if self._insert(key, place, mail, digest):
            return True
        known = self.db.execute("SELECT digest FROM message WHERE key = ?", (key,)).fetchone()
        key = post_key(f"{mail.message_id} {digest.hex()}")
        return known[0] != digest and self._insert(key, place, mail, digest)

    def _insert(self, key: str, place: Place, mail: Mail, digest: bytes) -> bool:
        """Add a message if there is none with this key; tell whether it was added."""
        refs = [*reversed(mail.references), *reversed(mail.in_reply_to)]
        added = self.db.execute(
            "INSERT INTO message (key, digest, board, path, start, length, is_mbox, refs, subject,"
            " author, name, date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (
                *(key, digest, readable(place.board), os.fsencode(place.path), *place[2:]),
                json.dumps([post_key(ref) for ref in refs]),
                mail.subject,
                member_key(mail.address) if mail.address else "",
                mail.name,
                int(mail.date.timestamp()) if mail.date else None,
            ),
        )
        return added.rowcount == 1

    def count(self) -> int:
        """Return the number of messages."""
        number: int = self.db.execute("SELECT count(*) FROM message").fetchone()[0]
        return number

    def boards(self) -> Iterator[str]:
        """Give the boards in the order in which they were met."""
        for (board,) in self.db.execute(
            "SELECT board FROM message GROUP BY board ORDER BY min(seq)"
        ):
            yield board

    def members(self) -> Iterator[tuple[str, str]]:
        """Give each author's key and most used name, in the order of their first messages."""
        rows = self.db.execute(
            "SELECT author, name, count(*), min(seq) FROM message WHERE author != ''"
            " GROUP BY author, name ORDER BY author, count(*) DESC, min(seq)"
        )
        first: dict[str, tuple[int, str]] = {}
        for author, name, _count, seq in rows:
            known = first.setdefault(author, (seq, name))
            first[author] = (min(known[0], seq), known[1])
        yield from (
            (author, name) for author, (_, name) in sorted(first.items(), key=lambda item: item[1])
        )

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Give every message with the number of its thread, threads and messages in order."""
        for row in self.db.execute(
            "SELECT thread, m.seq, m.key, m.board, path, start, length, is_mbox, subject, author,"
            " name, date, (SELECT p.key FROM message p WHERE p.seq = m.parent)"
            " FROM message m ORDER BY thread, rank"
        ):
            thread, seq, key, board, path, start, length, is_mbox, *rest = row
            subject, author, name, date, parent = rest
            place = Place(board, os.fsdecode(path), start, length, bool(is_mbox))
            when = datetime.fromtimestamp(date, UTC) if date is not None else None
            yield thread, Row(seq, key, place, subject, author, name, when, parent)

    def skipped(self) -> Iterator[Skipped]:
        """Give what was left out while reading."""
        for what, why in self.db.execute("SELECT what, why FROM skipped ORDER BY rowid"):
            yield Skipped(what, why)
