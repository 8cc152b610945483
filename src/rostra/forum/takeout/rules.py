"""How often an archive may be asked for, and how long it is kept. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from rostra.kernel.verdict import ALLOWED, Verdict

KEPT_FOR = timedelta(days=7)
ONE_IN = timedelta(days=1)


class Before(NamedTuple):
    """What was asked for last."""

    state: str
    asked_at: datetime


def may_ask(before: Before | None, now: datetime) -> Verdict:
    """Whether another archive may be asked for: one at a time, one a day (PRV-001).

    One that failed is no reason to wait, nor one that is not ready after a day: it was given up.
    """
    if before is None or before.state == "failed" or now - before.asked_at >= ONE_IN:
        return ALLOWED
    is_on_its_way = before.state in ("asked", "making")
    return Verdict("takeout_being_made" if is_on_its_way else "takeout_once_a_day")
