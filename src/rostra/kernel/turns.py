"""Fair turns: who wants a thing first has it first, whoever in whatever process wants it.

Within a process one after another, then two locks of the system on files: who wants a turn takes
the queue, waits in it for the turn, has it, and only then leaves the queue. Whoever gives a turn
back and wants the next one at once comes behind the one who is at the front. Locks end with the
process that holds them, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from threading import Lock

FIRST_LOOK, OFTEN = 0.002, 0.0005  # seconds; who has waited longer looks more often


_within: defaultdict[Path, Lock] = defaultdict(Lock)  # only one of a process looks at the files
os.register_at_fork(after_in_child=_within.clear)


class Turns:
    """One place in the turns at a file; `path` is where its two locks are made."""

    def __init__(self, path: Path) -> None:
        self._paths = (f"{path}-queue", f"{path}-turn")
        self._within = _within[path]
        self._files: tuple[int, int] | None = None
        self.is_mine = False

    def take(self, seconds: float) -> bool:
        """Have the turn; False where so many seconds were not enough.

        Where no lock can be made, as in a folder nobody may write to, there are no turns to wait
        for: True.
        """
        if self.is_mine:
            return True
        try:
            queue, turn = self._open()
        except OSError:
            return True
        until = time.monotonic() + seconds
        if not self._within.acquire(timeout=max(0, seconds)):
            return False
        try:
            self.is_mine = _stand_in(queue, turn, until)
        finally:
            if not self.is_mine:
                self._within.release()
        return self.is_mine

    def give(self) -> None:
        """Let the next one have it."""
        if self.is_mine and self._files is not None:
            self.is_mine = False
            fcntl.flock(self._files[1], fcntl.LOCK_UN)
            self._within.release()

    def close(self) -> None:
        """Give the turn back and let go of the files."""
        self.give()
        files, self._files = self._files, None
        for file in files or ():
            with suppress(OSError):
                os.close(file)

    def __del__(self) -> None:
        self.close()

    def _open(self) -> tuple[int, int]:
        if self._files is None:
            queue = os.open(self._paths[0], os.O_RDWR | os.O_CREAT, 0o600)
            try:
                self._files = queue, os.open(self._paths[1], os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:
                os.close(queue)
                raise
        return self._files


def _stand_in(queue: int, turn: int, until: float) -> bool:
    """Wait in the queue for the turn, then leave the queue."""
    if not _lock(queue, until):
        return False
    try:
        return _lock(turn, until)
    finally:
        fcntl.flock(queue, fcntl.LOCK_UN)


def _lock(file: int, until: float) -> bool:
    """Wait for a lock; the system's own waiting has no end that could be set."""
    pause = FIRST_LOOK
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(pause)
            pause = max(OFTEN, pause * 0.8)
        else:
            return True
