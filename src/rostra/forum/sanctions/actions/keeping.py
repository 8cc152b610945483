"""What stands on a member's row of their sanctions, written in the transaction of each."""

from __future__ import annotations

from rostra.forum.members.actions import keep_sanctions
from rostra.forum.sanctions import queries
from rostra.forum.sanctions.models import Limited, Warned


def keep(member_id: int) -> None:
    """Write anew what holds of a member's limits, and when the last sanction began."""
    keep_sanctions(member_id, queries.kept_of([member_id])[member_id])


def new_warning(row: Warned) -> None:
    """Write a warning down."""
    row.save(force_insert=True)
    keep(row.member_id)


def new_limit(row: Limited) -> None:
    """Write a limit down."""
    row.save(force_insert=True)
    keep(row.member_id)
