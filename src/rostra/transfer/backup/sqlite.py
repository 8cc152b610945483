"""SQLite: copying a database in use, and looking into a copy before it is trusted."""

from __future__ import annotations

import gzip
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from rostra.transfer.backup import chain
from rostra.transfer.backup.container import CHUNK, HIGHEST_RATIO, BrokenBackup, Progress, chunks

PAGES, PAUSE = 512, 0.002  # two megabytes, then a breath
HEADER = b"SQLite format 3\0"
_NAMES = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy that nobody else uses; it knows no functions but SQLite's own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA mmap_size = 0")
        yield connection


def copy(source: Path, target: Path, progress: Progress = lambda size: None) -> None:
    """Copy a database while it is written to: what it was at one moment.

    The transaction that stays open holds that moment; without it each foreign write would make the
    copying begin anew. Writers wait for nothing: it reads.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    address = f"{source.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)) as live:
        size: int = live.execute("PRAGMA page_size").fetchone()[0]
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(target, isolation_level=None)) as into:
            left: int | None = None

            def copied(status: int, remaining: int, total: int) -> None:
                nonlocal left
                progress((total if left is None else left) * size - remaining * size)
                left = remaining

            live.backup(into, pages=PAGES, progress=copied, sleep=PAUSE)
            into.execute("PRAGMA journal_mode = DELETE").fetchone()
        live.execute("ROLLBACK")


def check(path: Path) -> None:
    """Raise BrokenBackup unless SQLite finds the whole file sound and every reference met."""
    with path.open("rb") as file:
        if file.read(len(HEADER)) != HEADER:
            raise BrokenBackup("holds a database that is none of SQLite")
    try:
        with connected(path) as connection:
            faults = connection.execute("PRAGMA integrity_check(3)").fetchall()
            if faults != [("ok",)]:
                told = "; ".join(str(row[0]) for row in faults)
                raise BrokenBackup(f"holds a damaged database: {told}")
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
            if orphan is not None:
                raise BrokenBackup(
                    f"holds a row of {orphan[0]} that refers to one of {orphan[2]} which is missing"
                )
    except sqlite3.Error as error:
        raise BrokenBackup(f"holds a database that cannot be opened: {error}") from error


def facts(path: Path) -> tuple[dict[str, int], list[tuple[str, str]], chain.Head]:
    """Return rows by table, the migrations that were applied, and the head of the log."""
    with connected(path) as connection:
        counts = {name: _count(connection, name) for name in tables(connection)}
        applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
        head = connection.execute("SELECT n, hash FROM modlog_loghead WHERE id = 1").fetchone()
        return counts, applied.fetchall(), head or (0, chain.FIRST_PREV)


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all tables, without those in which FTS5 keeps its own."""
    found = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [name for (name,) in found]


def check_log(path: Path) -> None:
    """Raise BrokenBackup unless the moderation log's chain is whole."""
    with connected(path) as connection:
        entries = connection.execute(
            f"SELECT {', '.join(chain.ENTRIES)} FROM modlog_logentry ORDER BY n"  # noqa: S608 (ours)
        )

        def texts_of(n: int) -> list[tuple[Any, ...]]:
            return connection.execute(
                f"SELECT {', '.join(chain.TEXTS)} FROM modlog_logtext WHERE entry_id = ?",  # noqa: S608
                (n,),
            ).fetchall()

        head = connection.execute("SELECT n, hash FROM modlog_loghead WHERE id = 1").fetchone()
        fault = chain.fault_of(entries, texts_of, head or (0, chain.FIRST_PREV))
    if fault:
        raise BrokenBackup(f"holds a forum in which {fault}")


def check_nothing_runs(path: Path) -> None:
    """Raise BrokenBackup where the schema holds what would run or hide: we have none of it."""
    with connected(path) as connection:
        for kind, name in connection.execute(_NAMES):
            if kind in ("trigger", "view"):
                raise BrokenBackup(f"holds a database with a {kind} that is not ours: {name}")
        virtual = "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
        for name, sql in connection.execute(virtual):
            if name != "search_words" or " USING fts5(" not in sql:
                raise BrokenBackup(f"holds a database with a virtual table not ours: {name}")


def shape(path: Path) -> set[tuple[Any, ...]]:
    """Return what the schema is made of, whatever way its statements are written."""
    with connected(path) as connection:
        found: set[tuple[Any, ...]] = set()
        for kind, name in connection.execute(_NAMES).fetchall():
            found.add((kind, name))
            if kind == "table":
                found |= {("column", name, *row) for row in _pragma(connection, "xinfo", name)}
                found |= {("key", name, *row) for row in _keys(connection, name)}
                found |= {
                    ("index", name, *index, *_pragma(connection, "index", index[0]))
                    for index in _indexes(connection, name)
                }
        return found


def drop_foreign(path: Path, ours: set[tuple[Any, ...]]) -> list[str]:
    """Take out of a copy what is not Rostra's; return its names."""
    with connected(path) as connection:
        known = {(row[0], row[1]) for row in ours if len(row) == 2}
        foreign = [row for row in connection.execute(_NAMES).fetchall() if row not in known]
        order = {"trigger": 0, "view": 1, "index": 2, "table": 3}
        for kind, name in sorted(foreign, key=lambda row: order[row[0]]):
            quoted = '"' + name.replace('"', '""') + '"'
            connection.execute(f"DROP {kind.upper()} IF EXISTS {quoted}")
    return [f"{kind} {name}" for kind, name in foreign]


def empty_shadows(path: Path) -> None:
    """Fold the journal into the file, so that it stands alone."""
    with connected(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()


def pack(source: Path, target: Path, progress: Progress = lambda size: None) -> tuple[int, str]:
    """Compress a file; return its size and sha256 before. Never so small that it seems a bomb."""
    size, digest = _pack(source, target, 1, progress)
    if size > HIGHEST_RATIO * target.stat().st_size:
        return _pack(source, target, 0, lambda size: None)
    return size, digest


def _pack(source: Path, target: Path, level: int, progress: Progress) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as plain, gzip.GzipFile(target, "wb", level, mtime=0) as packed:
        for chunk in chunks(plain, progress):
            digest.update(chunk)
            size += len(chunk)
            packed.write(chunk)
    return size, digest.hexdigest()


def unpack(packed: Path, target: Path | None, size: int, sha256: str) -> None:
    """Decompress a file that the backup's sums vouch for; raises BrokenBackup, also for bombs."""
    if size > HIGHEST_RATIO * packed.stat().st_size:
        raise BrokenBackup(
            f"would grow more than {HIGHEST_RATIO} times while unpacked: a bomb, not a backup"
        )
    digest, left = hashlib.sha256(), size
    try:
        with gzip.open(packed) as source, open(target or os.devnull, "wb") as plain:
            while chunk := source.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise BrokenBackup("grows larger than it says while unpacked")
                digest.update(chunk)
                plain.write(chunk)
            plain.flush()
            if target is not None:
                os.fsync(plain.fileno())
    except (gzip.BadGzipFile, EOFError, ValueError) as error:
        raise BrokenBackup(f"holds a database that cannot be unpacked: {error}") from error
    if left or digest.hexdigest() != sha256:
        raise BrokenBackup("is damaged: its database is not what it was")


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = '"' + table.replace('"', '""') + '"'
    row: tuple[int] = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()  # noqa: S608
    return row[0]


def _pragma(connection: sqlite3.Connection, what: str, name: str) -> list[tuple[Any, ...]]:
    sql = {
        "xinfo": 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)',
        "index": 'SELECT seqno, name, "desc", coll, key FROM pragma_index_xinfo(?)',
    }[what]
    return connection.execute(sql, (name,)).fetchall()


def _keys(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    sql = 'SELECT "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?)'
    return connection.execute(sql, (table,)).fetchall()


def _indexes(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    sql = 'SELECT name, "unique", origin, partial FROM pragma_index_list(?)'
    return connection.execute(sql, (table,)).fetchall()
