"""The parts of the archive that are plain rows: how they are read, written and checked."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import models

from rostra.kernel import dialect
from rostra.kernel.rows import as_stored
from rostra.transfer.load.columns import Into

PAGE = 500

type Row = dict[str, Any]


class Part(NamedTuple):
    """One file of the archive: a table, its columns in order, and what a page starts after."""

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]
    # Columns that older archives lack → their values, or what makes them of a row.
    since: Mapping[str, Any] = MappingProxyType({})


def rows_of(part: Part) -> Iterator[Row]:
    """Yield every row in the order of its key, in short reads."""
    key = part.columns[0]
    last: Any = None
    while True:
        found = part.model._default_manager.order_by(key)
        if last is not None:
            found = found.filter(**{f"{key}__gt": last})
        page = list(found.values(*part.columns)[:PAGE])
        for row in page:
            yield {name: _plain(value) for name, value in row.items()}
        if len(page) < PAGE:
            return
        last = page[-1][key]


def write_rows(part: Part, rows: list[Row]) -> int:
    """Write rows under their own keys; those that are there already stay. Return how many came."""
    fields = {field.attname: field for field in part.model._meta.concrete_fields}
    readers = [(name, _reader(fields[name])) for name in part.columns]
    into = Into(part.model, *part.columns)
    return dialect.write_many(
        into.sql_if_new,
        [
            (
                *(None if row[name] is None else read(row[name]) for name, read in readers),
                *into.defaults,
            )
            for row in rows
        ],
    )


def checked(part: Part, row: Any) -> Row:
    """Return a row of the archive that has exactly the part's columns; raises ValueError."""
    if isinstance(row, dict):
        for name in part.since.keys() - row.keys():
            value = part.since[name]
            row[name] = value(row) if callable(value) else value
    if not isinstance(row, dict) or set(row) != set(part.columns):
        raise ValueError(f"a line of {part.name} must have the fields {', '.join(part.columns)}")
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def _reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """Return what makes of a value in the archive one for the database."""
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat
    if isinstance(field, models.DateField):
        return date.fromisoformat
    if isinstance(field, models.BinaryField):
        return base64.b64decode
    return as_stored
