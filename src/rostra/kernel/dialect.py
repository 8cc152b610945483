"""The one place that asks: SQLite or PostgreSQL?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import connection

type Dialect = Literal["sqlite", "postgresql"]


def current() -> Dialect:
    """Return which database answers."""
    return "postgresql" if connection.vendor == "postgresql" else "sqlite"


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one reading statement; return its rows. `sql` never holds a value, only %s."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def write_many(sql: str, rows_: Iterable[Sequence[Any]]) -> None:
    """Run one writing statement for many rows; times are put as the database keeps them."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            sql,
            [
                [adapt(value) if isinstance(value, datetime) else value for value in row]
                for row in rows_
            ],
        )


def marks(values: Sequence[Any]) -> str:
    """Return as many placeholders as values: `%s, %s, %s`."""
    return ", ".join(["%s"] * len(values))
