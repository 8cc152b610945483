"""Reading who asked to be erased and how far that has come."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rostra.forum.erasure.models import Erasure

FIELDS = ("member_id", "member__name", "choice", "state", "asked_at", "due_at", "posts", "review", "log_n", "done_at")  # fmt: skip  # noqa: E501


class ErasureRow(NamedTuple):
    """A wish to be erased."""

    member_id: int
    name: str
    choice: str
    state: str
    asked_at: datetime
    due_at: datetime | None
    posts: list[int]
    review: list[int]
    log_n: int | None
    done_at: datetime | None


def wish_of(member_id: int) -> ErasureRow | None:
    """Return what a member asked for, None for nothing. One query."""
    found = Erasure.objects.filter(member_id=member_id).values_list(*FIELDS).first()
    return ErasureRow(*found) if found is not None else None


def wishes(limit: int = 100) -> list[ErasureRow]:
    """Return what members asked for: what is open by its day, then what was done. One query."""
    found = Erasure.objects.order_by("done_at", "due_at", "-asked_at").values_list(*FIELDS)[:limit]
    return sorted((ErasureRow(*row) for row in found), key=lambda row: row.state == "done")
