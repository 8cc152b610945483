"""Verifying a backup: whole, of a program we know, and a forum that holds together."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from rostra.transfer.backup import chain, children, migrations, postgres, sqlite
from rostra.transfer.backup.container import (
    DATABASES,
    BrokenBackup,
    Manifest,
    Progress,
    opened,
)

DATABASE = "rostra.sqlite3"
SPARE = 64 << 20  # bytes to leave free on a disk


def verify(
    path: Path,
    scratch: Path,
    *,
    is_everything_kept: bool = False,
    progress: Progress = lambda size: None,
) -> Manifest:
    """Check a whole backup; raises BrokenBackup or CannotGoOn, their texts naming it.

    Its database is unpacked in `scratch`, an empty folder of the caller's; with
    `is_everything_kept` all of its files are.
    """
    with opened(path) as backup:
        manifest = backup.manifest
        _check_version(manifest)
        _check_room(manifest, scratch, is_everything_kept)
        for stored, body in backup.files():
            is_kept = is_everything_kept or stored.path == DATABASES[manifest.database]
            _take(body, scratch / stored.path if is_kept else None, progress)
        _check_database(manifest, scratch, progress)
    return manifest


def check_sums(path: Path, progress: Progress = lambda size: None) -> None:
    """Check that all bytes of a backup are what its manifest says."""
    with opened(path) as backup:
        for _, body in backup.files():
            _take(body, None, progress)


def _take(body: Iterator[bytes], target: Path | None, progress: Progress) -> None:
    if target is None:
        for chunk in body:
            progress(len(chunk))
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in body:
            file.write(chunk)
            progress(len(chunk))
        file.flush()
        os.fsync(file.fileno())


def _check_version(manifest: Manifest) -> None:
    unknown = migrations.state_of(manifest.migrations).unknown
    if unknown:
        raise BrokenBackup(
            f"was made by a newer Rostra ({manifest.rostra}), which knows "
            f"{migrations.in_words(unknown)}: restore it with that one"
        )


def _check_room(manifest: Manifest, scratch: Path, is_everything_kept: bool) -> None:
    sizes = [
        stored.size
        for stored in manifest.files
        if is_everything_kept or stored.path == DATABASES[manifest.database]
    ]
    needed = sum(sizes) + SPARE + (manifest.raw_size if manifest.database == "sqlite" else 0)
    free = shutil.disk_usage(scratch).free
    if needed > free:
        raise BrokenBackup(
            f"needs {needed >> 20:,} MB to be unpacked, and {free >> 20:,} MB are free in "
            f"{scratch.parent} (for verify, TMPDIR names another place)"
        )


def _check_database(manifest: Manifest, scratch: Path, progress: Progress) -> None:
    packed = scratch / DATABASES[manifest.database]
    if manifest.database == "postgresql":
        _check_dump(manifest, packed, scratch, progress)
        return
    raw = scratch / DATABASE
    os.close(os.open(raw, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    sqlite.unpack(packed, raw, manifest.raw_size, manifest.raw_sha256)
    packed.unlink()
    sqlite.check(raw)
    sqlite.check_nothing_runs(raw)
    try:
        counts, applied, head = sqlite.facts(raw)
        _compare(manifest, counts, applied, head)
        sqlite.check_log(raw)
    except (sqlite3.Error, ValueError) as error:
        raise BrokenBackup(f"holds a database that is no forum: {error}") from error
    if not migrations.state_of(manifest.migrations).pending:
        check_shape(raw)
    progress(manifest.raw_size)


def check_shape(path: Path) -> None:
    """Raise BrokenBackup unless a database has exactly the schema that our migrations make."""
    found, ours = sqlite.shape(path), children.reference_shape()
    for word, rows in (("which is not ours", found - ours), ("missing", ours - found)):
        if rows:
            first = min(rows, key=lambda row: (len(row), str(row)))
            told = " ".join(str(part) for part in first[:3])
            raise BrokenBackup(f"holds a database with another schema: {told}, {word}")


def _compare(
    manifest: Manifest,
    counts: dict[str, int],
    applied: list[tuple[str, str]],
    head: chain.Head,
) -> None:
    for table in sorted(set(counts) | set(manifest.counts)):
        if counts.get(table) != manifest.counts.get(table):
            raise BrokenBackup(
                f"holds {counts.get(table, 'no')} rows of {table}, "
                f"not {manifest.counts.get(table, 'none')} as it says"
            )
    if sorted(applied) != sorted(manifest.migrations):
        raise BrokenBackup("holds a database of other migrations than it says")
    if head != manifest.log_head:
        raise BrokenBackup("holds a moderation log that ends elsewhere than it says")


def _check_dump(manifest: Manifest, dump: Path, scratch: Path, progress: Progress) -> None:
    """Count and check all rows of a dump without a server; the log goes through SQLite."""
    counts: Counter[str] = Counter()
    applied: list[tuple[str, str]] = []
    head: chain.Head = (0, chain.FIRST_PREV)
    with closing(sqlite3.connect(scratch / "log", isolation_level=None)) as log:
        log.execute("PRAGMA synchronous = OFF")
        log.execute(f"CREATE TABLE entries ({', '.join(chain.ENTRIES)}, PRIMARY KEY (n))")
        log.execute(f"CREATE TABLE texts ({', '.join(chain.TEXTS)})")
        log.execute("BEGIN")
        for rows in postgres.read(dump):
            if isinstance(rows, postgres.Sequence):
                continue
            counts[rows.table] += 0
            keep = _Keeping(log, rows)
            for line in rows.lines:
                counts[rows.table] += 1
                if rows.table == "django_migrations":
                    row = dict(zip(rows.columns, postgres.values_of(line), strict=True))
                    applied.append((str(row["app"]), str(row["name"])))
                elif rows.table == "modlog_loghead":
                    row = dict(zip(rows.columns, postgres.values_of(line), strict=True))
                    head = (int(row["n"] or 0), str(row["hash"]))
                else:
                    keep(line)
        log.execute("COMMIT")
        log.execute("CREATE INDEX by_entry ON texts (entry_id)")
        _compare(manifest, dict(counts), applied, head)
        fault = chain.fault_of(
            log.execute(f"SELECT {', '.join(chain.ENTRIES)} FROM entries ORDER BY n"),  # noqa: S608
            lambda n: log.execute(
                f"SELECT {', '.join(chain.TEXTS)} FROM texts WHERE entry_id = ?",  # noqa: S608
                (n,),
            ),
            head,
        )
    (scratch / "log").unlink()
    if fault:
        raise BrokenBackup(f"holds a forum in which {fault}")
    progress(manifest.raw_size)


class _Keeping:
    """Keeps the rows of the moderation log, drops the others."""

    def __init__(self, log: sqlite3.Connection, rows: postgres.Rows) -> None:
        self._log, self._rows = log, rows
        known = {
            "modlog_logentry": ("entries", chain.ENTRIES),
            "modlog_logtext": ("texts", chain.TEXTS),
        }
        self._into = known.get(rows.table)

    def __call__(self, line: bytes) -> None:
        if self._into is None:
            return
        table, columns = self._into
        row: dict[str, Any] = dict(zip(self._rows.columns, postgres.values_of(line), strict=True))
        for name in ("n", "board_id", "thread_id", "post_id", "entry_id"):
            if row.get(name) is not None:
                row[name] = int(row[name])
        if row.get("salt") is not None:
            row["salt"] = bytes.fromhex(row["salt"].removeprefix("\\x"))
        marks = ", ".join("?" * len(columns))
        self._log.execute(
            f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608 (our own names)
            [row[name] for name in columns],
        )
