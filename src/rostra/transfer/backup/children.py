"""Other processes that a backup needs: Rostra itself upon another place, PostgreSQL's tools."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rostra.transfer.backup import sqlite
from rostra.transfer.backup.container import BrokenBackup

MISSING = "{} is not installed; a backup of PostgreSQL needs it: apt-get install postgresql-client"


class CannotGoOn(Exception):
    """Something outside the backup is missing or refuses; the text says what to do."""


def rostra(*words: str, data: Path, database_url: str = "") -> str:
    """Run a command of this program upon another forum; return what it said.

    Nothing of the present configuration reaches it. Raises BrokenBackup with its last line.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ROSTRA_") and name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    with tempfile.NamedTemporaryFile(suffix=".toml") as nothing:
        done = subprocess.run(  # noqa: S603 (ourselves)
            [sys.executable, "-m", "rostra.project.cli", *words],
            env=kept
            | {
                "ROSTRA_DATA": str(data),
                "DATABASE_URL": database_url,
                "ROSTRA_CONFIG": nothing.name,
                "ROSTRA_LOG_LEVEL": "error",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it ended").splitlines()
        raise BrokenBackup(f"holds a forum on which `rostra {' '.join(words)}` fails: {said[-1]}")
    return done.stdout


def reference_shape() -> set[tuple[object, ...]]:
    """Return the shape of the SQLite schema that this program's migrations make."""
    with tempfile.TemporaryDirectory(prefix="rostra-reference-") as folder:
        rostra("manage", "migrate", "-v0", data=Path(folder))
        return sqlite.shape(Path(folder) / "rostra.sqlite3")


def tool(name: str, words: Sequence[str], environ: dict[str, str]) -> str:
    """Run one of PostgreSQL's tools; return what it said. Raises CannotGoOn."""
    try:
        done = subprocess.run(  # noqa: S603 (its name and words are ours)
            [name, *words],
            env=os.environ | environ,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise CannotGoOn(MISSING.format(name)) from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it ended without a word"]
        raise CannotGoOn(f"{name}: {' '.join(said[:3])}")
    return done.stdout
