"""PostgreSQL of our own on loopback, for the rivals that want it (as bin/_postgres for the tests).

Durability is off: what is measured is read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.speed import SERVER_CORE


@contextmanager
def postgres(folder: Path, port: int) -> Iterator[None]:
    """Have PostgreSQL serve a data folder on the server's core; makes the folder if need be."""
    programs = _programs()
    folder.mkdir(exist_ok=True)
    data = folder / "data"
    if os.getuid() == 0:  # PostgreSQL does not run as root
        shutil.chown(folder, "postgres", "postgres")
    if not data.exists():
        _as_postgres(
            [str(programs / "initdb"), "-D", str(data), "-U", "rival", "-A", "trust",
             "-E", "UTF8", "--locale=C.UTF-8"],
            folder,
        )  # fmt: skip
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} "
        "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=512MB"
    )
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    _as_postgres(["taskset", "-c", SERVER_CORE, *control, "-o", options, "start"], folder)
    try:
        yield
    finally:
        _as_postgres([*control, "-m", "fast", "stop"], folder)


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs as Debian packages it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed (apt-get install postgresql)")
    return found[-1]


def _as_postgres(command: list[str], folder: Path) -> None:
    user = "postgres" if os.getuid() == 0 else None
    # To a file: the server keeps what it is given open.
    with (folder / "commands.log").open("ab") as log:
        subprocess.run(
            command, cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            user=user, group=user, extra_groups=[] if user else None, timeout=120,
        )  # fmt: skip
