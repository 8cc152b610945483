"""Statements of reasons, for the member whom an act restricts, and for nobody else."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from rostra.forum.modlog.models import Statement
from rostra.forum.modlog.queries import LogRow, rows_of, words_of
from rostra.kernel.errors import NotFound

_AS_JSON = frozenset({"thread.describe", "poll.edit"})
_SHORT = _AS_JSON | {"member.rename", "claim.edit", "claim.describe"}


class StatementRow(NamedTuple):
    """What was done to something of a member's, and until when they may appeal."""

    entry: LogRow
    member_id: int
    appeal_until: datetime


def statement_for(member_id: int, n: int) -> StatementRow:
    """Return a member's statement about an entry; raises NotFound. Two queries."""
    return _one(Statement.objects.filter(entry_id=n, member_id=member_id))


def statement_of(n: int) -> StatementRow:
    """Return the statement about an entry, whoever's it is; raises NotFound. Two queries."""
    return _one(Statement.objects.filter(entry_id=n))


def latest_about(member_id: int, kind: str) -> int | None:
    """Return the latest act of a kind that a member has a statement about. One query."""
    found = Statement.objects.filter(member_id=member_id, entry__kind=kind).order_by("-entry_id")
    return found.values_list("entry_id", flat=True).first()


def statements_of(
    member_id: int, *, before: int | None = None, limit: int = 50
) -> list[StatementRow]:
    """Return a member's statements, the latest first, by key. Two queries."""
    found = Statement.objects.filter(member_id=member_id)
    if before is not None:
        found = found.filter(entry_id__lt=before)
    return _made(found.select_related("entry").order_by("-entry_id")[:limit])


def changed_by(act: LogRow) -> list[tuple[str, str]]:
    """Return what an act changed, before and after, where that is short words that the log keeps.

    For the member whom it restricts, and for who decides about it. One query; none for others.
    """
    if act.kind not in _SHORT:
        return []
    words = words_of(act.n)
    before, after = words.get("before", ""), words.get("after", "")
    if act.kind in _AS_JSON:
        try:
            was, became = json.loads(before), json.loads(after)
        except ValueError:
            return []  # lines, as entries of old have them
        return [
            (_told(was[name]), _told(became[name])) for name in was if was[name] != became[name]
        ]
    return [(before, after)] if before or after else []


def _told(value: object) -> str:
    return " · ".join(value) if isinstance(value, list) else str(value)


def _one(found: QuerySet[Statement]) -> StatementRow:
    rows = _made(found.select_related("entry"))
    if not rows:
        raise NotFound
    return rows[0]


def _made(found: QuerySet[Statement]) -> list[StatementRow]:
    statements = list(found)
    entries = rows_of([one.entry for one in statements])
    return [
        StatementRow(entry, one.member_id, one.appeal_until)
        for entry, one in zip(entries, statements, strict=True)
    ]
