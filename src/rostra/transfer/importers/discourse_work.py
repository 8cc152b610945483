"""The work file of a Discourse import: which topics lie in which files, and who wrote."""

from __future__ import annotations

import json
import os
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rostra.transfer.importers.discourse_json import Json, number, text
from rostra.transfer.importers.discourse_polls import voters_in
from rostra.transfer.importers.mail_files import readable
from rostra.transfer.records import Skipped

_VERSION = 3
_KEPT = (
    "title", "slug", "created_at", "closed", "archived", "visible", "deleted_at", "pinned",
    "pinned_globally", "accepted_answer", "category_id", "tags",
)  # fmt: skip
_TABLES = """
CREATE TABLE topic (id INTEGER PRIMARY KEY, category INTEGER, created TEXT, data TEXT);
CREATE TABLE page (topic INTEGER, file BLOB);
CREATE INDEX page_of ON page (topic);
CREATE TABLE post (id INTEGER PRIMARY KEY, topic INTEGER, type INTEGER);
CREATE TABLE member (id INTEGER PRIMARY KEY, name TEXT, title TEXT, post INTEGER);
CREATE TABLE category (id INTEGER PRIMARY KEY, data TEXT);
CREATE TABLE skipped (what TEXT, why TEXT);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT);
"""


class Topic(NamedTuple):
    """A topic without its posts, and the files that hold them."""

    id: int
    data: Json
    files: list[str]


class DiscourseWork:
    """What was found in the files, on disk."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        weakref.finalize(self, self._db.close)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA cache_size = -32000")

    def is_complete(self, fingerprint: str) -> bool:
        """Tell whether the same input was looked through to its end before."""
        try:
            rows = self._db.execute("SELECT value FROM state WHERE name = 'complete'").fetchall()
        except sqlite3.Error:
            return False
        return rows == [(f"{_VERSION} {fingerprint}",)]

    def begin(self) -> None:
        """Start anew: what an interrupted run left is thrown away."""
        for table in ("topic", "page", "post", "member", "category", "skipped", "state"):
            self._db.execute(f"DROP TABLE IF EXISTS {table}")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")

    def finish(self, fingerprint: str) -> None:
        """Keep everything; from now on the work file is complete."""
        self._db.execute("INSERT INTO state VALUES ('complete', ?)", (f"{_VERSION} {fingerprint}",))
        self._db.execute("COMMIT")

    def skip(self, skipped: Skipped) -> None:
        """Note something that is left out."""
        row = (readable(skipped.what), skipped.why)
        self._db.execute("INSERT INTO skipped VALUES (?, ?)", row)

    def add_category(self, category: Json) -> None:
        """Note a category; the first description of it counts."""
        key = number(category.get("id"))
        if key is not None:
            self._db.execute(
                "INSERT OR IGNORE INTO category VALUES (?, ?)", (key, json.dumps(category))
            )

    def add_topic(self, topic: int, file: str, data: Json) -> None:
        """Note a page of a topic; the first page with a title describes it."""
        self._db.execute("INSERT INTO page VALUES (?, ?)", (topic, os.fsencode(file)))
        kept = {name: data[name] for name in _KEPT if name in data}
        row = (topic, number(data.get("category_id")) or 0, text(data, "created_at"))
        how = (
            "INSERT OR REPLACE"
            if kept.get("title") and not self._titled(topic)
            else "INSERT OR IGNORE"
        )
        self._db.execute(f"{how} INTO topic VALUES (?, ?, ?, ?)", (*row, json.dumps(kept)))

    def add_post(self, topic: int, post: Json) -> bool:
        """Note a post and its author; tell whether it is a new one."""
        key = number(post.get("id"))
        if key is None:
            return False
        row = (key, topic, number(post.get("post_type")) or 1)
        is_new = self._db.execute("INSERT OR IGNORE INTO post VALUES (?, ?, ?)", row).rowcount > 0
        member = number(post.get("user_id"))
        if is_new and member is not None:
            self._add_member(member, text(post, "username"), text(post, "user_title"), key)
        for voter in voters_in(post) if is_new else ():
            if (voter_id := number(voter.get("id"))) is not None:
                self._add_member(voter_id, text(voter, "username"), text(voter, "title"), 0)
        return is_new

    def count(self, left_out: tuple[int, ...]) -> int:
        """Return the number of posts that are not of the types left out."""
        marks = ", ".join("?" * len(left_out))
        found: int = self._db.execute(
            f"SELECT count(*) FROM post WHERE type NOT IN ({marks})",  # noqa: S608 - marks only
            left_out,
        ).fetchone()[0]
        return found

    def boards(self) -> Iterator[tuple[str, Json]]:
        """Give the categories that hold topics, and those above them, parents first."""
        known = {key: json.loads(data) for key, data in self._db.execute("SELECT * FROM category")}
        used = [
            key for (key,) in self._db.execute("SELECT DISTINCT category FROM topic ORDER BY 1")
        ]
        given: set[int] = set()
        for key in used:
            for step in reversed(_line_above(key, known)):
                if step not in given:
                    given.add(step)
                    yield str(step), known.get(step, {})

    def members(self) -> Iterator[tuple[str, str, str]]:
        """Give each author's key, name and title."""
        for key, name, title in self._db.execute("SELECT id, name, title FROM member ORDER BY id"):
            yield str(key), name, title

    def topics(self) -> Iterator[Topic]:
        """Give the topics in the order in which they were begun."""
        for key, data in self._db.execute("SELECT id, data FROM topic ORDER BY created, id"):
            rows = self._db.execute("SELECT file FROM page WHERE topic = ? ORDER BY rowid", (key,))
            yield Topic(key, json.loads(data), [os.fsdecode(file) for (file,) in rows])

    def board_of(self, topic: int) -> str:
        """Return the key of a topic's category."""
        row = self._db.execute("SELECT category FROM topic WHERE id = ?", (topic,)).fetchone()
        return str(row[0])

    def belongs(self, post: int, topic: int) -> bool:
        """Tell whether a post was first met in a topic."""
        row = self._db.execute("SELECT topic FROM post WHERE id = ?", (post,)).fetchone()
        return row is not None and row[0] == topic

    def skipped(self) -> Iterator[Skipped]:
        """Give what was left out while looking through."""
        for what, why in self._db.execute("SELECT what, why FROM skipped ORDER BY rowid"):
            yield Skipped(what, why)

    def _add_member(self, member: int, name: str, title: str, post: int) -> None:
        self._db.execute(
            # A renamed member is called as in the latest post; no post is before all of them.
            "INSERT INTO member VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " name = excluded.name, title = excluded.title, post = excluded.post"
            " WHERE excluded.post > post AND excluded.name != ''",
            (member, name, title, post),
        )

    def _titled(self, topic: int) -> bool:
        row = self._db.execute("SELECT data FROM topic WHERE id = ?", (topic,)).fetchone()
        return row is not None and bool(json.loads(row[0]).get("title"))


def _line_above(key: int, known: dict[int, Json]) -> list[int]:
    """Return a category and those above it; a ring of parents is cut."""
    line = [key]
    while (parent := number(known.get(line[-1], {}).get("parent_category_id"))) in known:
        if parent is None or parent in line:
            break
        line.append(parent)
    return line
