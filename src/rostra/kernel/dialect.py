"""The one place that asks: SQLite or PostgreSQL?"""

from collections.abc import Sequence
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


def marks(values: Sequence[Any]) -> str:
    """Return as many placeholders as values: `%s, %s, %s`."""
    return ", ".join(["%s"] * len(values))
