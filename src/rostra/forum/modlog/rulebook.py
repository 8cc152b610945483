"""The rules of the forum as they stand, and as they stood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from rostra.forum.modlog.models import RuleVersion
from rostra.kernel.errors import NotFound


class RuleRow(NamedTuple):
    """A version of a rule."""

    code: str
    version: int
    title: str
    text: str
    is_in_force: bool
    effective_at: datetime


def history() -> dict[tuple[str, int], RuleRow]:
    """Return every version of every rule, by code and number, in their order. One query."""
    rows = RuleVersion.objects.values_list(*RuleRow._fields)
    found = sorted((RuleRow._make(row) for row in rows), key=lambda r: (len(r.code), *r[:2]))
    return {(rule.code, rule.version): rule for rule in found}


def newest(known: Mapping[tuple[str, int], RuleRow]) -> list[RuleRow]:
    """Return each rule in its newest version, also those taken back."""
    return list({rule.code: rule for rule in known.values()}.values())


def rules_in_force() -> list[RuleRow]:
    """Return the rules that hold now, in the order of their codes. One query."""
    return [rule for rule in newest(history()) if rule.is_in_force]


def find_in_force(code: str) -> RuleRow | None:
    """Return the version of a rule that holds now, if it does. One query."""
    rows = RuleVersion.objects.filter(code=code).order_by("-version")
    row = rows.values_list(*RuleRow._fields).first()
    rule = RuleRow._make(row) if row is not None else None
    return rule if rule is not None and rule.is_in_force else None


def versions_of(code: str) -> list[RuleRow]:
    """Return all versions of a rule, the newest first; raises NotFound. One query."""
    rows = RuleVersion.objects.filter(code=code).order_by("-version")
    found = [RuleRow._make(row) for row in rows.values_list(*RuleRow._fields)]
    if not found:
        raise NotFound
    return found
