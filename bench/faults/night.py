"""The long part of every drill, in pieces of at most some minutes; goes on where it was."""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.faults.place import ROOT

# Rounds of one piece: what a busy machine does in some minutes.
PIECES = {"kill": 100, "power": 2500, "damage": 50, "calls": 12}
BLOCK = re.compile(r"(<!-- night -->\n).*?(<!-- end -->)", re.S)
DOCUMENT = ROOT / "docs" / "reference" / "faults.md"


def pieces() -> list[tuple[str, str, int, int]]:
    """Return all there is to do: drill, database, rounds, seed."""
    from bench.faults.__main__ import CASES

    found = []
    for name, case in CASES.items():
        for database in case.databases:
            size, left, number = PIECES.get(name, case.long), case.long, 0
            while left > 0:
                number += 1
                found.append((name, database, min(size, left), 1000 + number))
                left -= size
    return found


def go_on(folder: Path, minutes: float) -> int:
    """Do what is left, no longer than told; return 1 where something failed."""
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "faults.json"
    done: dict[str, dict[str, Any]] = json.loads(note.read_text()) if note.exists() else {}
    until = time.monotonic() + 60 * minutes
    every = pieces()
    for piece in every:
        key = " ".join(map(str, piece))
        if key in done:
            continue
        left = until - time.monotonic()
        if left < 30:
            break
        line = _run(piece, left)
        if line is None:
            break  # no time: the next part begins with it
        print(line, flush=True)
        done[key] = {"line": line, "at": datetime.now(UTC).isoformat(timespec="minutes")}
        fresh = note.with_suffix(".part")
        fresh.write_text(json.dumps(done, indent=1))
        os.replace(fresh, note)
    print(
        f"{len(done)} of {len(every)} pieces are done",
        "" if len(done) == len(every) else ": run it again",
    )
    return int(any(" FAIL " in one["line"] for one in done.values()))


def _run(piece: tuple[str, str, int, int], seconds: float) -> str | None:
    name, database, rounds, seed = piece
    words = [sys.executable, "-m", "bench.faults", name, "--database", database]
    process = subprocess.Popen(
        [*words, "--rounds", str(rounds), "--seed", str(seed)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.communicate()
        return None
    last = out.strip().rpartition("\n")[2]
    if not last.startswith("REL-"):
        return f"{name} FAIL because={err[-300:]!r} database={database} seed={seed}"
    return last


def report(folder: Path) -> int:
    """Write the lines of the night into docs/reference/faults.md."""
    done = json.loads((folder / "faults.json").read_text())
    times = sorted(one["at"] for one in done.values())
    head = (
        f"From {times[0]} to {times[-1]}, {len(done)} of {len(pieces())} pieces; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, other work beside it.\n"
    )
    lines = "\n".join(one["line"] for one in done.values())
    text = DOCUMENT.read_text()
    DOCUMENT.write_text(BLOCK.sub(lambda m: f"{m[1]}\n{head}\n```\n{lines}\n```\n\n{m[2]}", text))
    return 0
