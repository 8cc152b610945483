"""Forums that have begun: made once in each process of the tests, and copied ever after."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

SERVER = os.environ.get("ROSTRA_TEST_DATABASE_URL", "")
EMPTY = "pass"
CAST = """
from tests.cast import assemble
cast = assemble()
print(f"/threads/{cast.barrier.pk}.flood-barrier")
"""
_MADE_BY = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


class Beginning(NamedTuple):
    """A forum that is only copied: its database, and what was printed when it was made."""

    database: str
    said: str


def begin(environ: dict[str, str], code: str = EMPTY) -> str:
    """Put a forum with all tables where nothing is yet, made by some code; return what it prints."""
    made = _make(code)
    if SERVER:
        address = urlsplit(environ["DATABASE_URL"])
        name = address.path.removeprefix("/")
        _ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        _ask(f"CREATE DATABASE {name} TEMPLATE {made.database}")
    else:
        data = Path(environ["ROSTRA_DATA"])
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy(made.database, data / "rostra.sqlite3")
    return made.said


def environment(data: Path) -> dict[str, str]:
    """Return the environment of a forum on SQLite whose data lie in a folder."""
    return {
        "PATH": os.environ["PATH"],
        "ROSTRA_DATA": str(data),
        "PYTHONPATH": os.getcwd(),
        "ROSTRA_LOG_LEVEL": "error",
        "ROSTRA_POSTING_LIMITS": "off",
        "ROSTRA_GUESTS_WAIT": "off",
    }


def new_database(name: str) -> str:
    """Make a new database on the server of the tests; return its address."""
    _ask(f"CREATE DATABASE {name}")
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


@cache
def _make(code: str) -> Beginning:
    folder = tempfile.mkdtemp(prefix="rostra-beginning-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environ = environment(Path(folder))
    name = f"beginning_{os.getpid()}_{secrets.token_hex(4)}"
    if SERVER:
        environ["DATABASE_URL"] = new_database(name)
    said = subprocess.run(
        [sys.executable, "-m", "rostra.project.cli", "manage", "shell", "-v0", "-c",
         _MADE_BY + code],
        env=environ, capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    database = name if SERVER else str(Path(folder) / "rostra.sqlite3")
    return Beginning(database, said)


def _ask(sql: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.encode())
