"""How much memory a whole forum may take while it passes through: less than 300 MB."""

from __future__ import annotations

from django.db import connection

from rostra.kernel import dialect


def keep_memory_small() -> None:
    """Let SQLite map little of its file, and keep on disk what a statement may have to undo.

    What is mapped counts as this process's memory; and to throw a table away takes as much of it as
    the table is large, where that is kept in memory.
    """
    if dialect.current() == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size = 33554432")
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA temp_store = FILE")
