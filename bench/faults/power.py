"""REL-002: what a power cut leaves of a disk, made from a record of every write and fsync.

A process is recorded by a preloaded library (shim.c) while clients write, and meanwhile the
journal is emptied, the schema changed, a backup made, the file rebuilt. An image is what may be on
the disk when the power goes at one moment of the record: what was flushed, and of the rest a
random part, in sectors. What was acknowledged by then must be in each image.
"""

from __future__ import annotations

import os
import random
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from bench.faults.ledger import Ledger
from bench.faults.place import Drill, Failed, Unfit, ask, in_child

WRITE, FSYNC, OPEN, TRUNCATE, UNLINK = range(5)
HEAD = struct.Struct("<IIQQQ")
SECTOR = 512
NAME = "rostra.sqlite3"
PHASES = ("plain", "checkpoint", "schema", "backup", "vacuum", "end")
RECORDED = 2500  # images of one record


class Call(NamedTuple):
    """One call as recorded."""

    kind: int
    path: str
    offset: int
    data: bytes


class File:
    """A file on the disk: what was flushed, and what was not yet."""

    def __init__(self, content: bytes | None) -> None:
        self.flushed = bytearray(content or b"")
        self.pending: list[Call] = []
        self.is_certain = content is not None  # its name is on the disk

    def flush(self) -> None:
        for call in self.pending:
            _apply(self.flushed, call)
        self.pending.clear()
        self.is_certain = True

    def torn(self, chance: random.Random, share: float) -> bytes:
        """Return what may be there: of what was not flushed this share, by sectors."""
        found = bytearray(self.flushed)
        for call in self.pending:
            if call.kind == TRUNCATE:
                if chance.random() < share:
                    _apply(found, call)
                continue
            for at in range(0, len(call.data), SECTOR):
                if chance.random() < share:
                    piece = call.data[at : at + SECTOR]
                    if chance.random() < 0.02:
                        piece = piece[: chance.randrange(1, len(piece) + 1)]
                    _apply(found, Call(WRITE, "", call.offset + at, piece))
        return bytes(found)


def _apply(content: bytearray, call: Call) -> None:
    if call.kind == TRUNCATE:
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    if len(content) < call.offset:
        content.extend(bytes(call.offset - len(content)))
    content[call.offset : call.offset + len(call.data)] = call.data


def run(drill: Drill) -> dict[str, Any]:
    """Record, cut, look; a fresh record for each 2,500 images."""
    shim = _build(drill.folder)
    ids = drill.set_up()
    counts = dict.fromkeys(PHASES, 0)
    done = acked = torn = calls = records = 0
    while done < drill.rounds:
        wanted = min(RECORDED, drill.rounds - done)
        before = in_child(_tables)
        base = {path.name: path.read_bytes() for path in drill.data.glob(f"{NAME}*")}
        base = {name: base[name] for name in base if not name.endswith(("-shm", "-queue", "-turn"))}
        seed = drill.random.getrandbits(40)
        record = _record(drill, shim, ids, seed, acts=min(25 + wanted // 10, 120))
        log = list(_calls(record))
        calls += len(log)
        records += 1
        found = _cut(drill, base, before, log, wanted)
        record.unlink()
        if records == 1:
            _see_that_it_can_fail(drill, base, before, log)
        done += wanted
        torn += found["torn"]
        acked += found["acked"]
        for phase, count in found["phases"].items():
            counts[phase] += count
    return {
        "images": done, "lost": 0, "corrupt": 0, "torn": torn, "acked": acked, "records": records,
        "calls": calls, **{f"in_{phase}": count for phase, count in counts.items()},
    }  # fmt: skip


def _build(folder: Path) -> Path:
    made = folder / "shim.so"
    source = Path(__file__).with_name("shim.c")
    try:
        subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", made, source, "-ldl"], check=True)
    except FileNotFoundError as error:
        raise Unfit("there is no gcc: apt-get install gcc") from error
    return made


def _tables() -> list[Any]:
    from bench.faults.ledger import STATEMENTS

    return [[sql, ask(sql)] for sql in STATEMENTS]


def _record(drill: Drill, shim: Path, ids: dict[str, int], seed: int, acts: int) -> Path:
    to = drill.folder / "record"
    (drill.data / "ledger").unlink(missing_ok=True)
    environ = os.environ | {
        "LD_PRELOAD": str(shim), "RECORD_TO": str(to), "RECORD_OF": f"{drill.data.resolve()}/",
    }  # fmt: skip
    words = [sys.executable, "-m", "bench.faults.recorded", repr((ids, seed, acts))]
    done = subprocess.run(
        words, env=environ, capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        raise Failed(f"the recorded process ended with {done.returncode}: {done.stderr[-300:]}")
    return to


def _see_that_it_can_fail(
    drill: Drill, base: dict[str, bytes], before: list[Any], log: list[Call]
) -> None:
    """Judge images of a disk that lies: a drill that finds nothing there finds nothing at all."""
    try:
        _cut(drill, base, before, log, 40, is_lying=True)
    except Failed:
        return
    raise Failed("nothing is lost on a disk that flushes nothing: the drill itself is broken")


def _calls(record: Path) -> Iterator[Call]:
    data = record.read_bytes()
    at = 0
    while at < len(data):
        kind, _, _, offset, length = HEAD.unpack_from(data, at)
        at += HEAD.size
        (named,) = struct.unpack_from("<I", data, at)
        path = data[at + 4 : at + 4 + named].decode()
        at += 4 + named
        yield Call(kind, path, offset, data[at : at + length])
        at += length


def _cut(  # noqa: C901 (one kind of call after another)
    drill: Drill,
    base: dict[str, bytes],
    before: list[Any],
    log: list[Call],
    wanted: int,
    *,
    is_lying: bool = False,
) -> dict[str, Any]:
    """Go through the record once; at random moments look at images of the disk.

    is_lying: a disk that flushes nothing it is told to.
    """
    folder = str(drill.data.resolve())
    disk = {f"{folder}/{name}": File(content) for name, content in base.items()}
    gone: dict[str, File] = {}
    known = {sql: [tuple(row) for row in rows] for sql, rows in before}
    ledger = Ledger(lambda sql: known[sql])
    moments = sorted(drill.random.randrange(len(log)) for _ in range(wanted))
    facts: dict[str, Any] = {"torn": 0, "phases": dict.fromkeys(PHASES, 0)}
    phase, half = "plain", ""
    for at, call in enumerate(log):
        if is_lying and call.kind == FSYNC:
            continue
        while moments and moments[0] == at:
            moments.pop(0)
            facts["phases"][phase] += 1
            facts["torn"] += _look(drill, disk, gone, ledger, f"call {at} of {len(log)} ({phase})")
        if call.path.endswith("/ledger") and call.kind == WRITE:
            *lines, half = (half + call.data.decode()).split("\n")
            for line in lines:
                if line.startswith("phase "):
                    phase = line.removeprefix("phase ")
                else:
                    ledger.feed(line)
        elif call.path in (folder, f"{folder}/"):
            if call.kind == FSYNC:
                gone.clear()
                for file in disk.values():
                    file.is_certain = True
        elif Path(call.path).parent == Path(folder) and _counts(call.path):
            _happen(disk, gone, call)
    facts["acked"] = ledger.acked
    return facts


def _counts(path: str) -> bool:
    return path.endswith((NAME, f"{NAME}-wal", f"{NAME}-journal"))


def _happen(disk: dict[str, File], gone: dict[str, File], call: Call) -> None:
    if call.kind == UNLINK:
        if call.path in disk:
            gone[call.path] = disk.pop(call.path)
        return
    file = disk.setdefault(call.path, File(None))
    if call.kind == FSYNC:
        file.flush()
        gone.pop(call.path, None)
    elif call.kind in (WRITE, TRUNCATE):
        file.pending.append(call)


def _look(
    drill: Drill, disk: dict[str, File], gone: dict[str, File], ledger: Ledger, where: str
) -> bool:
    """Make one image and judge it; return whether a part of something was missing in it."""
    image = drill.folder / "image"
    image.mkdir(exist_ok=True)
    for old in image.iterdir():
        old.unlink()
    share = drill.random.choice((0.0, 0.1, 0.5, 0.5, 0.9, 1.0))
    for path, file in {**gone, **disk}.items():
        if path in disk and not file.is_certain and drill.random.random() < 0.5:
            continue
        if path not in disk and drill.random.random() < 0.5:
            continue  # its removal had reached the disk
        (image / Path(path).name).write_bytes(file.torn(drill.random, share))
    try:
        faults = _judge(image / NAME, ledger, is_thorough=drill.random.random() < 0.05)
    except sqlite3.Error as error:
        faults = [f"{type(error).__name__}: {error}"]
    if faults:
        raise Failed(f"{where}, {share} of what was not flushed: {faults[:3]}")
    return 0 < share < 1 and any(file.pending for file in disk.values())


def _judge(path: Path, ledger: Ledger, *, is_thorough: bool) -> list[str]:
    from rostra.transfer.backup import sqlite
    from rostra.transfer.integrity import CHECKS

    with closing(sqlite3.connect(path, isolation_level=None)) as image:
        found = [str(row) for row in image.execute("PRAGMA integrity_check(3)") if row != ("ok",)]
        if found:
            return found
        found = [str(row) for row in image.execute("PRAGMA foreign_key_check")]
        found += ledger.faults(lambda sql: image.execute(sql).fetchall())
        for check in CHECKS:
            found += [f"{check.name}: {row}" for row in image.execute(check.wrong).fetchall()[:2]]
        # Ids are given one after another, in the order of the commits: what is there is a prefix.
        last, count = image.execute("SELECT max(id), count(*) FROM threads_post").fetchone()
        if last != count:
            found.append(f"not a prefix: {count} posts, the last is {last}")
        if is_thorough:
            image.execute("INSERT INTO search_words (search_words) VALUES ('integrity-check')")
    if is_thorough:
        sqlite.check_log(path)
    return found
