"""Run as a process of its own, with shim.c before it: writers, and what may befall a database."""

from __future__ import annotations

import ast
import os
import sqlite3
import sys
import time
from pathlib import Path

from bench.faults.place import child, close_all, ended
from bench.faults.work import keep_writing


def main(words: str) -> None:
    """Write with three processes, and meanwhile go through the phases."""
    ids, seed, acts = ast.literal_eval(words)
    from rostra.project.cli.base import ready

    ready()
    from django.conf import settings

    data = Path(settings.ROSTRA.data).resolve()
    book = os.open(data / "ledger", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number, phase in enumerate((_plain, _checkpoint, _schema, _backup, _vacuum)):
        os.write(book, f"phase {phase.__name__[1:]}\n".encode())
        writers = [
            child(keep_writing, f"w{n}.{number}", ids, seed + 10 * number + n, book, 1, acts // 5)
            for n in range(3)
        ]
        work = child(_again, phase, data)
        codes = [ended(writer) for writer in [*writers, work]]
        if any(codes):
            sys.exit(f"{phase.__name__}: {codes}")
    os.write(book, b"phase end\n")


def _again(phase: object, data: Path) -> None:
    for _ in range(3):
        phase(data)  # type: ignore[operator]
        time.sleep(0.05)
    close_all()


def _plain(data: Path) -> None:
    from rostra.kernel.jobs import run_due

    run_due(5)


def _checkpoint(data: Path) -> None:
    from rostra.kernel import dialect

    for how in ("PASSIVE", "RESTART", "TRUNCATE"):
        dialect.rows(f"PRAGMA wal_checkpoint({how})")


def _schema(data: Path) -> None:
    from django.db import connection, models

    from rostra.forum.members.models import Member

    # A column of a table that holds rows comes and goes, which writes every row anew. No step of
    # the forum's own is taken back: others stand on most, and the writers write what they made.
    field = models.CharField(max_length=10, null=True)
    field.set_attributes_from_name("drilled")
    with connection.schema_editor() as editor:
        editor.add_field(Member, field)
    with connection.schema_editor() as editor:
        editor.remove_field(Member, field)


def _backup(data: Path) -> None:
    from rostra.transfer.backup import sqlite

    target = data / "backups" / f"{time.monotonic_ns()}"
    target.parent.mkdir(exist_ok=True)
    sqlite.copy(data / "rostra.sqlite3", target)
    target.unlink()


def _vacuum(data: Path) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        for _ in range(20):
            try:
                with connection.turn():
                    connection.connection.execute("VACUUM")
            except sqlite3.OperationalError:
                time.sleep(0.02)
            else:
                return


if __name__ == "__main__":
    main(sys.argv[1])
