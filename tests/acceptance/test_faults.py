"""A short part of each drill of `bench/faults`; the long part is the night's (bin/nightly)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.acceptance.forums import IS_POSTGRESQL

SQLITE = {
    "kill": 20,  # REL-001
    "power": 300,  # REL-002
    "damage": 4,  # REL-003
    "crowd": 6,  # REL-019
    "twice": 1,  # REL-021
    "full": 1,  # REL-022
    "calls": 2,  # REL-024
    "taken": 1,  # REL-025
    "crawlers": 2,  # REL-044
    "search": 1,  # REL-055
    "importer": 2,  # REL-056
    "offline": 1,  # REL-062
}
POSTGRESQL = {"kill": 6, "calls": 2, "search": 1, "importer": 1}
BY_DAY = ("kill", "power", "damage", "crowd", "full", "crawlers", "search", "offline")
OF_BOTH = ("kill", "search")  # by day on PostgreSQL


def drills():
    for name, rounds in (POSTGRESQL if IS_POSTGRESQL else SQLITE).items():
        marks = [] if name in OF_BOTH else [pytest.mark.postgresql_by_night]
        if name not in BY_DAY:
            marks.append(pytest.mark.nightly)
        yield pytest.param(name, rounds, marks=marks)


@pytest.mark.long
@pytest.mark.django_db  # marks it for the PostgreSQL run; the forum is one of its own
@pytest.mark.parametrize(("name", "rounds"), list(drills()))
def test_drill(name, rounds):
    """REL-001, 002, 003, 019, 021, 022, 024, 025, 044, 055, 056, 062: nothing acknowledged is lost."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults", name, "--rounds", str(rounds), "--seed", "1",
         "--database", "postgresql" if IS_POSTGRESQL else "sqlite"],
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    line = done.stdout.strip().rpartition("\n")[2]
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-8000:]
    if " SKIP " in line:
        pytest.skip(line)
    assert " PASS " in line
