"""How much memory a whole forum may take while it passes through: less than 300 MB."""

from __future__ import annotations

from django.db import connection

from rostra.kernel import dialect


def keep_memory_small() -> None:
    """Let SQLite map little of its file: what is mapped counts as this process's memory."""
    if dialect.current() == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size = 33554432")
