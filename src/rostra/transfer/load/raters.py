"""Raters brought along with what they said of notes, as rows: nobody is asked about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Literal

from django.db import transaction

from rostra.forum.notes import rules
from rostra.forum.notes.aliases import alias
from rostra.forum.notes.models import Rater, Rating


@transaction.atomic
def bring_raters(member_ids: Iterable[int], at: datetime, chance: Random) -> None:
    """Make members raters who have agreed to the text of now and rated every calibration note."""
    names: set[str] = set()
    rows = []
    for member_id in member_ids:
        name = alias(chance)
        while name in names:
            name = alias(chance, attempt=5)
        names.add(name)
        rows.append(
            Rater(
                member_id=member_id, alias=name, consented_at=at, is_active=True, terms=rules.TERMS
            )
        )  # fmt: skip
    Rater.objects.bulk_create(rows)


@transaction.atomic
def bring_ratings(
    note_id: int,
    said: Mapping[int, int],
    at: datetime,
    origin: Literal["self", "calibration"],
) -> None:
    """Write down what raters said of a note: member → 2, 1 or 0."""
    Rating.objects.bulk_create(
        Rating(note_id=note_id, rater_id=member_id, value=value, origin=origin, at=at)
        for member_id, value in said.items()
    )
