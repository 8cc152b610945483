"""REL-019: eight writers without a pause, one who reads for long, a checkpoint, a backup."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from bench.faults.place import Drill, child, ended, in_child, unsound


def run(drill: Drill) -> dict[str, Any]:
    """Write for so many seconds as there are rounds; nobody gets an error or starves."""
    ids = drill.set_up()
    until = time.monotonic() + drill.rounds
    files = [drill.folder / f"waits{n}" for n in range(8)]
    writers = [child(_write, ids, until, n, file) for n, file in enumerate(files)]
    others = [child(_read_long, until), child(_checkpoint, until)]
    made = 0
    while time.monotonic() < until:
        done = drill.rostra("backup", str(drill.folder / f"b{made}.tar"), "--quiet")
        drill.need(done.returncode == 0, f"the backup: {done.stderr[-200:]}")
        made += 1
        time.sleep(1)
    codes = [ended(number) for number in [*writers, *others]]
    drill.need(not any(codes), f"somebody got an error: {codes}")
    waits = [json.loads(file.read_text()) for file in files]
    drill.need(all(waits), "somebody wrote nothing")
    found = in_child(unsound)
    drill.need(not found, f"{found}")
    every = [round(one * 1000) for one in sorted(one for row in waits for one in row)]
    return {
        "writes": len(every), "errors": 0, "backups": made, "p50_ms": every[len(every) // 2],
        "p99_ms": every[int(len(every) * 0.99)], "longest_ms": every[-1],
        "fewest_of_one": min(map(len, waits)), "most_of_one": max(map(len, waits)),
    }  # fmt: skip


def _write(ids: dict[str, int], until: float, number: int, file: Path) -> None:
    from bench.faults.work import Client

    out = os.open(os.devnull, os.O_WRONLY)
    client = Client(f"c{number}", ids, number, lambda line: os.write(out, line.encode()))
    waits = []
    while time.monotonic() < until:
        began = time.monotonic()
        client.act()
        waits.append(time.monotonic() - began)
    file.write_text(json.dumps(waits))


def _read_long(until: float) -> None:
    """Hold one moment of the database for the whole time: the journal cannot be emptied."""
    from django.db import connection

    from rostra.kernel import dialect

    connection.ensure_connection()
    connection.connection.execute("BEGIN")
    first = connection.connection.execute("SELECT count(*) FROM threads_post").fetchone()
    while time.monotonic() < until:
        time.sleep(0.1)
        assert (
            connection.connection.execute("SELECT count(*) FROM threads_post").fetchone() == first
        )
    connection.connection.execute("ROLLBACK")
    assert dialect.rows("SELECT count(*) FROM threads_post")[0] != first


def _checkpoint(until: float) -> None:
    from rostra.kernel import dialect

    while time.monotonic() < until:
        dialect.rows("PRAGMA wal_checkpoint(PASSIVE)")
        time.sleep(0.5)
