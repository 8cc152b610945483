"""Whole rows of models, read and written without building a query each time.

For the few statements that every acknowledged post takes: the ORM's own cost ten times what the
database does. Signals are not sent. Fields are texts, numbers, times, booleans, keys and JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from rostra.kernel import dialect


def lock[M: models.Model](model: type[M], pk: int) -> M | None:
    """Return a row, locked until the transaction ends; None where there is none.

    Its key stays free, as with `select_for_update(no_key=True)`.
    """
    names, sql = _reading(model)
    if connection.features.has_select_for_no_key_update:
        sql += " FOR NO KEY UPDATE"
    found = dialect.rows(sql, [pk])
    return model.from_db("default", names, found[0]) if found else None


def insert(row: models.Model) -> None:
    """Write a new row, and put its key into it."""
    names, sql = _inserting(type(row), has_key=False)
    [(row.pk,)] = dialect.rows(f"{sql} RETURNING id", _values(row, names))
    row._state.adding = False


def insert_new(rows: Sequence[models.Model]) -> int:
    """Write rows of one model as they are, by their keys where they have some; return how many.

    What is there already stays as it is.
    """
    if not rows:
        return 0
    names, sql = _inserting(type(rows[0]), has_key=rows[0].pk is not None)
    return dialect.write_many(
        f"{sql} ON CONFLICT DO NOTHING", [_values(row, names) for row in rows]
    )


def update(row: models.Model) -> None:
    """Write all fields of a row that is there."""
    names, sql = _updating(type(row))
    dialect.write(sql, [*_values(row, names), row.pk])


def _values(row: models.Model, names: tuple[str, ...]) -> list[Any]:
    return [as_stored(getattr(row, name)) for name in names]


def as_stored(value: Any) -> Any:
    """Return a field's value as a statement takes it: what is no single value is JSON."""
    return json.dumps(value) if isinstance(value, dict | list) else value


@cache
def _reading(model: type[models.Model]) -> tuple[tuple[str, ...], str]:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE id = %s'  # noqa: S608 (our names)
    return tuple(field.attname for field in fields), sql


@cache
def _inserting(model: type[models.Model], *, has_key: bool) -> tuple[tuple[str, ...], str]:
    every = model._meta.concrete_fields
    fields = [field for field in every if has_key or not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = dialect.marks(fields)
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({values})'  # noqa: S608 (our names)
    return tuple(field.attname for field in fields), sql


@cache
def _updating(model: type[models.Model]) -> tuple[tuple[str, ...], str]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    sql = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE id = %s'  # noqa: S608 (our names)
    return tuple(field.attname for field in fields), sql
