"""Whether a SQLite database has changed, seen without asking it.

In WAL mode every commit, of any process, changes the header of the wal-index, a file that all of
them have in memory; comparing it is how SQLite itself finds out whether what it holds is still
true (sqlite.org/walformat.html, 2.1). A statement that says the same costs a lock, and leaves
Python's own lock to others twice, which takes longer than sending a page.
"""

from __future__ import annotations

import mmap
import os
import sqlite3
from pathlib import Path

HEADER = 48  # bytes; written twice, one copy after the other


class WalIndex:
    """The header of a database's wal-index, for as long as the process lives.

    Raises OSError or sqlite3.Error where the database is not a file in WAL mode.
    """

    def __init__(self, database: Path) -> None:
        # A connection that has read keeps the file from being deleted and made anew.
        address = f"{database.absolute().as_uri()}?mode=rw"  # never makes one
        self._keeper = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            self._keeper.execute("SELECT 1 FROM sqlite_master").fetchone()
            self._descriptor = os.open(f"{database}-shm", os.O_RDONLY)
        except (OSError, sqlite3.Error):
            self._keeper.close()
            raise
        self._map = mmap.mmap(self._descriptor, 2 * HEADER, access=mmap.ACCESS_READ)

    def state(self) -> bytes | None:
        """Return what changes with every commit; None while somebody is writing it."""
        both = self._map[:]
        return both[:HEADER] if both[:HEADER] == both[HEADER:] else None

    def close(self) -> None:
        """Let go of it, when nothing in the process uses the database any more, never before.

        Closing any descriptor of a file gives up all locks that the process holds on it.
        """
        self._map.close()
        os.close(self._descriptor)
        self._keeper.close()
