"""The one place that asks: SQLite or PostgreSQL?"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

type Dialect = Literal["sqlite", "postgresql"]


def _moment(stored: bytes) -> datetime:
    return datetime.fromisoformat(stored.decode()).replace(tzinfo=UTC)


# Statements of our own get aware times from SQLite as they do from PostgreSQL; Django's own
# reading takes them as they are.
sqlite3.register_converter("datetime", _moment)

_here = threading.local()  # finding a thread's connection costs more than asking it


def current() -> Dialect:
    """Return which database answers."""
    return "postgresql" if connection.vendor == "postgresql" else "sqlite"


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one reading statement; return its rows. `sql` never holds a value, only %s."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def read[Row](make: Callable[[tuple[Any, ...]], Row], sql: str, params: Sequence[Any]) -> list[Row]:
    """Run one reading statement of the hot path; return what `make` makes of each row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_kept(value) for value in params])
        return list(map(make, cursor.fetchall()))


def glance(sql: str, params: Sequence[Any]) -> tuple[Any, ...] | None:
    """Run one reading statement outside any request; return its first row, None for none.

    Raises DatabaseError.

    On SQLite it goes around Django's wrappers, which cost more than the look-up itself.
    """
    wrapper = getattr(_here, "wrapper", None)
    if wrapper is None:
        wrapper = _here.wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.vendor == "sqlite":
        if wrapper.connection is None:
            wrapper.ensure_connection()
        try:
            cursor = wrapper.connection.execute(sql.replace("%s", "?"), params)
            found: tuple[Any, ...] | None = cursor.fetchone()
        except sqlite3.Error as error:
            raise DatabaseError from error
        return found
    try:
        return next(iter(rows(sql, params)), None)
    finally:
        if not wrapper.in_atomic_block:
            wrapper.close()  # back into the pool


def write_many(sql: str, rows_: Iterable[Sequence[Any]]) -> None:
    """Run one writing statement for many rows; times are put as the database keeps them."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[_kept(value) for value in row] for row in rows_])


def is_true(column: str) -> str:
    """Return the condition that a boolean column holds, as in the condition of an index of it."""
    return f"{column} = 1" if connection.vendor == "sqlite" else column


def padded(ids: Iterable[int], to: int = 20) -> list[int]:
    """Return ids with zeros behind, so that lists of many lengths share one prepared statement."""
    found = list(ids)
    return found + [0] * (-len(found) % to)


def marks(values: Sequence[Any]) -> str:
    """Return as many placeholders as values: `%s, %s, %s`."""
    return ", ".join(["%s"] * len(values))


def _kept(value: Any) -> Any:
    """Return a value as the database keeps it: SQLite keeps times as texts."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
