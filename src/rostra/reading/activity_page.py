"""A member's own activity, and the limits that hold for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from rostra.forum.access.viewer import Viewer
from rostra.forum.reactions.queries import latest_of
from rostra.forum.threads import standing
from rostra.forum.threads.composing import (
    DraftRow,
    drafts_of,
    latest_openings,
    latest_posted,
    standing_for,
)
from rostra.forum.threads.listing import Listed, Wish, threads_in
from rostra.forum.threads.standing import DAY, Standing
from rostra.kernel import clock


@dataclass(frozen=True, slots=True)
class Allowance:
    """One daily limit: how much of it is used, and when there is room again (None: now)."""

    name: str
    used: int
    limit: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """All the template needs."""

    standing: Standing
    has_limits: bool
    allowances: list[Allowance]
    drafts: Sequence[DraftRow]
    threads: tuple[Listed, ...]


def activity_page(viewer: Viewer) -> ActivityPage:
    """Gather it. Six queries."""
    member_id, now = viewer.require_member(), clock.now()
    stands = standing_for(member_id)
    limits = stands.limits
    kinds = (
        ("threads", limits.threads_a_day, latest_openings(member_id, limits.threads_a_day)),
        ("replies", limits.replies_a_day, latest_posted(member_id, limits.replies_a_day or 0)),
        ("reactions", limits.reactions_a_day, latest_of(member_id, limits.reactions_a_day)),
    )
    return ActivityPage(
        standing=stands,
        has_limits=settings.ROSTRA.posting_limits == "on",
        allowances=[
            _allowance(name, limit, times, now) for name, limit, times in kinds if limit is not None
        ],
        drafts=drafts_of(member_id),
        threads=threads_in(viewer, viewer.readable, Wish(starter_id=member_id)).threads,
    )


def _allowance(name: str, limit: int, times: Sequence[datetime], now: datetime) -> Allowance:
    wait = standing.day_is_full(limit, name, times, now)
    used = sum(now - at < DAY for at in times)
    return Allowance(name, used, limit, wait.until if wait is not None else None)
