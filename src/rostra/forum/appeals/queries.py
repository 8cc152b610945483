"""Reading appeals: a member's own, those that wait for staff, and what the public is told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from rostra.forum.access.queries import others_who_moderate
from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.appeals import rules
from rostra.forum.appeals.models import Appeal
from rostra.forum.modlog import queries as modlog
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict


class AppealRow(NamedTuple):
    """An appeal. Where it is unnamed, nobody but its member reads whose it is."""

    log_n: int
    member_id: int | None
    member: str | None
    thread_id: int | None
    board_id: int | None
    text: str
    at: datetime
    due_at: datetime
    state: str
    decided_at: datetime | None
    is_by_same_person: bool
    outcome_n: int | None
    is_unnamed: bool


_FIELDS = (
    "log_n", "member_id", "member__name", "thread_id", "thread__board_id", "text", "at", "due_at",
    "state", "decided_at", "is_by_same_person", "outcome_n", "is_unnamed",
)  # fmt: skip


def find_appeal(log_n: int) -> AppealRow | None:
    """Return the appeal against an entry, for whoever may read that entry's statement."""
    row = Appeal.objects.filter(log_n=log_n).values_list(*_FIELDS).first()
    return AppealRow._make(row) if row is not None else None


def appeals_of(member_id: int, limit: int = 500) -> list[AppealRow]:
    """Return a member's appeals, the latest first. One query."""
    found = Appeal.objects.filter(member_id=member_id).order_by("-log_n")
    return [AppealRow._make(row) for row in found.values_list(*_FIELDS)[:limit]]


def appeals_for(viewer: Viewer, *, after: int | None = None, limit: int) -> list[AppealRow]:
    """Return open appeals that the viewer may look at, the first due first. One query."""
    found = _shown(viewer).filter(state=Appeal.State.OPEN).order_by("log_n")
    if after is not None:
        found = found.filter(log_n__gt=after)
    return [_for_staff(row) for row in found.values_list(*_FIELDS)[:limit]]


def appeals_by(viewer: Viewer, member_id: int, limit: int = 20) -> list[AppealRow]:
    """Return a member's appeals that the viewer may look at, the latest first. One query."""
    found = _shown(viewer).filter(member_id=member_id, is_unnamed=False).order_by("-log_n")
    return [_for_staff(row) for row in found.values_list(*_FIELDS)[:limit]]


def appeal_for(viewer: Viewer, log_n: int) -> AppealRow:
    """Return an appeal that the viewer may look at; raises NotFound."""
    row = _shown(viewer).filter(log_n=log_n).values_list(*_FIELDS).first()
    if row is None:
        raise NotFound
    return _for_staff(row)


def may_decide_now(viewer: Viewer, appeal: AppealRow) -> Verdict:
    """Return whether the viewer may decide an appeal that they are shown. Three queries at most."""
    me = viewer.require_member()
    is_actor = modlog.actor_of(appeal.log_n) == me
    excluded = {me}
    if is_actor:
        appellant = Appeal.objects.filter(log_n=appeal.log_n).values_list("member_id", flat=True)
        excluded |= {one for one in appellant if one is not None}
    return rules.may_decide(
        viewer,
        board_id=appeal.board_id,
        is_actor=is_actor,
        has_others=is_actor and others_who_moderate(appeal.board_id, excluded),
        is_open=appeal.state == "open",
    )


def states_of(numbers: Collection[int]) -> dict[int, tuple[str, int | None]]:
    """Return how appeals against entries stand, and the entries of their outcomes. One query."""
    found = Appeal.objects.filter(log_n__in=list(numbers))
    return {n: (state, outcome_n) for n, state, outcome_n in found.values_list(
        "log_n", "state", "outcome_n"
    )}  # fmt: skip


def overdue_count() -> int:
    """Return how many appeals have waited for longer than they should; everybody may know."""
    return Appeal.objects.filter(state=Appeal.State.OPEN, due_at__lt=clock.now()).count()


def _for_staff(row: tuple[Any, ...]) -> AppealRow:
    appeal = AppealRow._make(row)
    return appeal._replace(member_id=None, member=None) if appeal.is_unnamed else appeal


def _shown(viewer: Viewer) -> QuerySet[Appeal]:
    """Return the appeals of places that the viewer moderates, without their own."""
    boards = viewer.readable & viewer.grants.get("moderate", NONE)
    where = Q(thread__board_id__in=list(boards))
    if "manage_members" in viewer.capabilities:
        where |= Q(thread=None)
    return Appeal.objects.filter(where).exclude(member_id=viewer.require_member())
