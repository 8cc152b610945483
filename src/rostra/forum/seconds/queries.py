"""Reading which acts wait for a second person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from rostra.forum.access.queries import members_able, moderates_everything
from rostra.forum.access.viewer import Viewer
from rostra.forum.seconds import rules
from rostra.forum.seconds.models import Second
from rostra.kernel.verdict import Verdict


class SecondRow(NamedTuple):
    """An act that a second person is asked to confirm; `confirmed_n`: the entry that says so."""

    log_n: int
    needs: str
    actor_id: int | None
    subject_id: int | None
    subject: str | None
    due_at: datetime
    is_open: bool
    confirmed_n: int | None


_FIELDS = (
    "log_n", "needs", "actor_id", "subject_id", "subject__name", "due_at", "is_open", "confirmed_n",
)  # fmt: skip


def states_of(numbers: Collection[int]) -> dict[int, SecondRow]:
    """Return how these entries stand, of those that a second person is asked about. One query."""
    found = Second.objects.filter(log_n__in=list(numbers)).values_list(*_FIELDS)
    return {row[0]: SecondRow._make(row) for row in found}


def waiting(limit: int = 50) -> list[SecondRow]:
    """Return what waits, the first due first; ask who may know. One query."""
    found = Second.objects.filter(is_open=True).order_by("due_at", "log_n")
    return [SecondRow._make(row) for row in found.values_list(*_FIELDS)[:limit]]


def may_confirm_now(viewer: Viewer, row: SecondRow) -> Verdict:
    """Return whether the viewer may confirm an act. No query."""
    return rules.may_confirm(
        viewer, row.actor_id, row.subject_id, is_able=_is_able(viewer, row.needs),
        is_open=row.is_open,
    )  # fmt: skip


def may_see(viewer: Viewer) -> bool:
    """Return whether the viewer could be a second person for anything. No query."""
    return any(_is_able(viewer, needs) for needs in Second.Needs.values)


def has_others(needs: str, but: Collection[int | None]) -> bool:
    """Return whether anybody but some could confirm such an act. One query."""
    capability = None if needs == Second.Needs.CLEAN else "sanction_members"
    return bool(members_able(capability) - set(but))


def _is_able(viewer: Viewer, needs: str) -> bool:
    if needs == Second.Needs.CLEAN:
        return bool(viewer.grants.get("moderate")) and moderates_everything(viewer)
    return "sanction_members" in viewer.capabilities
