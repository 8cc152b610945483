"""REL-003: a byte flipped in many pages, a page cut off, a journal full of zeros."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.faults.place import Drill, Failed

NAME = "rostra.sqlite3"


def run(drill: Drill) -> dict[str, Any]:
    """Damage copies, one after another; what `rostra doctor` lets pass must read as before."""
    drill.set_up()
    with closing(sqlite3.connect(drill.data / NAME)) as live:
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        size = live.execute("PRAGMA page_size").fetchone()[0]
    whole = (drill.data / NAME).read_bytes()
    told = harmless = 0
    for number in range(drill.rounds):
        damaged = bytearray(whole)
        at = drill.random.randrange(len(whole))
        damaged[at] ^= 1 << drill.random.randrange(8)
        place = _place(drill, damaged, f"flip{number}")
        done = drill.rostra("doctor", env=os.environ | {"ROSTRA_DATA": str(place)})
        if done.returncode == 1:
            told += 1
            _check_words(done.stdout + done.stderr, f"byte {at}")
        elif _content(place / NAME) == _content(drill.data / NAME):
            harmless += 1  # in a part of a page that holds nothing
        elif done.returncode == 0:
            # A bit of a text that was flipped is a text like any other: only a sum would tell.
            drill.need(_is_only_values(place / NAME, drill.data / NAME), f"byte {at} was not found")
    place = _place(drill, bytearray(whole[:-size]), "cut")
    done = drill.rostra("doctor", env=os.environ | {"ROSTRA_DATA": str(place)})
    drill.need(done.returncode == 1, "a page cut off was not found")
    _check_words(done.stdout + done.stderr, "a page cut off")
    place = _place(drill, bytearray(whole), "journal")
    (place / f"{NAME}-wal").write_bytes(bytes(100_000))
    done = drill.rostra("doctor", env=os.environ | {"ROSTRA_DATA": str(place)})
    drill.need(done.returncode == 0, f"a journal of zeros: {done.stdout}{done.stderr[-200:]}")
    drill.need(_content(place / NAME) == _content(drill.data / NAME), "a journal of zeros harms")
    values = drill.rounds - told - harmless
    return {"flips": drill.rounds, "told": told, "harmless": harmless, "in_values": values,
            "cut": "told", "zeroed_journal": "whole"}  # fmt: skip


def _place(drill: Drill, content: bytearray, name: str) -> Path:
    place = drill.folder / "damaged"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copy(drill.data / "secret", place)
    (place / NAME).write_bytes(content)
    return place


def _check_words(words: str, what: str) -> None:
    if "Traceback" in words:
        raise Failed(f"{what}: a traceback: {words[-200:]}")
    if "restore" not in words:
        raise Failed(f"{what}: the way back is not named: {words[-200:]}")


def _content(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return list(database.iterdump())


def _is_only_values(path: Path, whole: Path) -> bool:
    """Return whether two differ in values alone: the same statements, of the same length."""
    one, two = _content(path), _content(whole)
    return len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) <= 2
