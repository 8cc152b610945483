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

    One that failed is no reason to wait.
    """
    if before is None or before.state == "failed":
        return ALLOWED
    if before.state in ("asked", "making"):
        return Verdict("takeout_being_made")
    return ALLOWED if now - before.asked_at >= ONE_IN else Verdict("takeout_once_a_day")
