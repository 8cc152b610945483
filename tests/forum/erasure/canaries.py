"""A row of any table, filled by the kind of its columns: every text holds a canary."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

from django.db import connection, models

from rostra.forum.members.models import Member
from rostra.kernel import clock

CANARY = "kanarix"
_numbers = itertools.count(20_000)


def row(
    model: type[models.Model],
    member: Member,
    other: Member,
    column: str = "",
    only: Collection[str] | None = None,
) -> models.Model:
    """Make a row whose texts, or those of `only`, hold the canary; `column` leads to the member."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.AutoField | models.BigAutoField):
            continue
        values[field.attname] = _value(field, member, other, is_chosen=field.name == column)
        if only is not None and field.name not in only:
            values[field.attname] = _plain(values[field.attname])
    return model._default_manager.create(**values)


def _value(  # noqa: C901 (one kind after another)
    field: Any, member: Member, other: Member, *, is_chosen: bool
) -> Any:
    if field.is_relation:
        if field.related_model is Member:
            if is_chosen:
                return member.pk
            return None if field.null else other.pk
        if field.null:
            return None
        if field.unique or not (found := field.related_model._default_manager.first()):
            found = row(field.related_model, other, other)  # another's: no canary in it
        return found.pk
    if is_chosen:
        return member.pk
    kind, word = field.get_internal_type(), "plain" if member is other else CANARY
    if field.max_length and field.max_length <= 20:
        word = "code"
    if field.choices:
        return field.choices[0][0]
    if kind in ("CharField", "TextField", "EmailField", "SlugField"):
        return f"{word}{next(_numbers)}"[: field.max_length]
    if kind == "DateTimeField":
        return clock.now()
    if kind == "DateField":
        return clock.now().date()
    if kind == "JSONField":
        return field.get_default() if field.has_default() else {}
    if kind == "BinaryField":
        return b"salt"
    if kind == "BooleanField":
        return field.get_default() if field.has_default() else False
    if kind == "FloatField":
        return 0.0
    if field.null:
        return None
    return next(_numbers)


def _plain(value: Any) -> Any:
    return value.replace(CANARY, "plain") if isinstance(value, str) else value


def found_in(words: list[str]) -> set[str]:
    """Return in which columns of the whole database, indexes too, one of these words stands."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                for name, value in zip(names, values, strict=True):
                    text = value.decode(errors="ignore") if isinstance(value, bytes) else str(value)
                    if any(word.casefold() in text.casefold() for word in words):
                        found.add(f"{table}.{name}")
    return found
