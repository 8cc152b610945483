"""Who uses a data folder: many may at once, one server, and nobody while it is being replaced.

Locks of the system on two files in the folder: they end with the process, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

IN_USE, SERVED = "in-use", "served"

_held: dict[tuple[Path, str], int] = {}


class InUse(Exception):
    """Somebody else has the folder; the text says who and what to do."""


def share(data: Path) -> None:
    """Use a folder with others, until this process ends; raises InUse while one replaces it."""
    if not _lock(data, IN_USE, fcntl.LOCK_SH):
        raise InUse(f"{data} is being restored or upgraded: try again when that is done")


def take_alone(data: Path) -> None:
    """Have a folder for oneself until this process ends; raises InUse while others use it."""
    if not _lock(data, IN_USE, fcntl.LOCK_EX):
        raise InUse(f"a server, a worker or another command uses {data}: stop it first")


def serve_alone(data: Path) -> None:
    """Be the only server of a folder until this process ends; raises InUse beside another."""
    if not _lock(data, SERVED, fcntl.LOCK_EX):
        number = (data / SERVED).read_text().strip() or "?"
        raise InUse(f"another `rostra serve` (process {number}) serves {data}: stop it first")
    os.ftruncate(_held[data, SERVED], 0)
    os.pwrite(_held[data, SERVED], f"{os.getpid()}\n".encode(), 0)


def _lock(data: Path, name: str, how: int) -> bool:
    handle = _held.get((data, name))
    if handle is None:
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(data / name, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            return True  # a folder that nobody here can write to is nobody's to replace
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        if (data, name) not in _held:
            os.close(handle)
        return False
    _held[data, name] = handle
    return True


def _forget_in_child() -> None:
    """A web worker is not the server: what outlives a killed server must not keep out the next."""
    for key in [key for key in _held if key[1] == SERVED]:
        os.close(_held.pop(key))


os.register_at_fork(after_in_child=_forget_in_child)
