"""Rows as plain tuples: a table's columns by name, and what the others are by default."""

from __future__ import annotations

from typing import Any

from django.db import models

from rostra.kernel import dialect
from rostra.kernel.rows import as_stored


class Into:
    """An INSERT of these columns; a row is their values, then `defaults` for all others."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        rest = [
            field
            for field in model._meta.concrete_fields
            if field.attname not in names and not field.primary_key
        ]
        columns = [*names, *(field.attname for field in rest)]
        self.defaults: tuple[Any, ...] = tuple(as_stored(field.get_default()) for field in rest)
        self.sql = (
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608 (our own names)
            f"VALUES ({dialect.marks(columns)})"
        )
        self.sql_if_new = f"{self.sql} ON CONFLICT DO NOTHING"
