"""REL-001: the whole application killed with signal 9 while many write."""

from __future__ import annotations

import os
import select
import signal
import time
from typing import Any

from bench.faults.ledger import STATEMENTS, Ledger
from bench.faults.place import Drill, Failed, ask, child, ended, in_child, unsound
from bench.faults.work import keep_working, keep_writing

PROCESSES, THREADS = 4, 8  # 32 clients
MOST_ACKED = 80  # of one round
SERVED = 10  # each so many rounds a server is killed as well, and started again


def run(drill: Drill) -> dict[str, Any]:
    """Kill again and again; after each time compare what is there with what was acknowledged."""
    ids = drill.set_up()
    book = (drill.folder / "ledger").open("ab", buffering=0)
    before = in_child(_look)
    lost = half = acked = unacked = 0
    writing = 0.0
    restarts = []
    for number in range(drill.rounds):
        if number % SERVED == SERVED - 1:
            with drill.serving(ROSTRA_WORKERS="2") as (_, seconds):
                restarts.append(seconds)
                told, took = _write_and_kill(drill, ids, book, number)
        else:
            told, took = _write_and_kill(drill, ids, book, number)
        writing += took
        found = in_child(_judge, before, told)
        acked += found["acked"]
        unacked += found["unacked"]
        lost += len(found["lost"])
        half += len(found["unsound"])
        if found["lost"] or found["unsound"]:
            raise Failed(f"round {number}: {(found['lost'] + found['unsound'])[:3]}")
        before = found["after"]
    with drill.serving("--no-jobs") as (_, seconds):
        restarts.append(seconds)
    return {
        "kills": drill.rounds, "clients": PROCESSES * THREADS, "acked": acked, "lost": lost,
        "half": half, "unacked_but_there": unacked, "per_second": round(acked / writing),
        "first_200_s": f"{max(restarts):.1f}",
    }  # fmt: skip


def _write_and_kill(
    drill: Drill, ids: dict[str, int], book: Any, number: int
) -> tuple[list[str], float]:
    """Let them write so many things and kill them all; return what the clients were told."""
    reading, writing = os.pipe()
    workers = [
        child(keep_writing, f"k{number}p{n}", ids, drill.random.getrandbits(40), writing, THREADS)
        for n in range(PROCESSES)
    ]
    workers.append(child(keep_working))
    os.close(writing)
    told = b""
    first: float | None = None
    wanted, acked = drill.random.randrange(1, MOST_ACKED), 0
    patience = time.monotonic() + 60
    while acked < wanted and time.monotonic() < patience:
        if select.select([reading], [], [], 1)[0]:
            told += (piece := os.read(reading, 65536))
            book.write(piece)
            acked += piece.count(b'"ok": 1')
            if first is None and acked:
                first = time.monotonic()
    time.sleep(drill.random.uniform(0, 0.02))  # at whatever it is that they do next
    took = time.monotonic() - (first or 0)
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    codes = [ended(worker) for worker in workers]
    while piece := os.read(reading, 65536):
        told += piece  # acknowledged before the kill, read after it
        book.write(piece)
    os.fsync(book.fileno())
    os.close(reading)
    if any(code != -signal.SIGKILL for code in codes):
        raise Failed(f"round {number}: a writer ended by itself: {codes}")
    return told.decode().splitlines(), took


def _look() -> dict[str, Any]:
    return {sql: ask(sql) for sql in STATEMENTS}


def _judge(before: Any, told: list[str]) -> dict[str, Any]:
    """Compare in a child, whose connection goes with it."""
    ledger = Ledger(lambda sql: before[sql])
    for line in told:
        ledger.feed(line)
    return {
        "lost": ledger.faults(ask), "unsound": unsound(), "acked": ledger.acked,
        "unacked": ledger.was_unacked, "after": _look(),
    }  # fmt: skip
