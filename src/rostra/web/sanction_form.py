"""The fields by which somebody is warned or limited: on a page of their own, and within a case."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rostra.forum.access.limits import LIMITABLE
from rostra.forum.access.viewer import Viewer
from rostra.forum.sanctions.actions.giving import Ground, check_limit, check_warning
from rostra.forum.sanctions.queries import what_follows
from rostra.forum.sanctions.rules import DAYS, Points, Wish
from rostra.kernel.errors import Invalid

VERBS = tuple(f"verb_{verb}" for verb in LIMITABLE)
FIELDS = ("what", "points", "days", "endless", "board", "a_day", "wait", "facts", *VERBS)
BEGUN = {**dict.fromkeys(FIELDS, ""), "points": "1", "days": str(DAYS)}
WHATS = ("warn", "limit", "thread", "read_only", "suspend", "ban")


class Wanted(NamedTuple):
    """What a form asks for: a warning, or a limit."""

    points: int | None
    days: int | None
    wish: Wish | None


class Preview(NamedTuple):
    """What the member will read, and what follows by itself.

    wish: of a limit, with seconds; after: the points that will count then.
    """

    until: datetime | None
    facts: str
    points: int = 0
    wish: Wish | None = None
    after: int = 0
    steps: tuple[tuple[Wish, int | None], ...] = ()  # each with its days


def wanted(values: dict[str, str], thread_id: int | None = None) -> Wanted:
    """Return what a form asks for; raises Invalid where it does not say what, or numbers are none.

    thread_id: of the post it is about, for who may not reply there any more.
    """
    what = values["what"]
    if what not in WHATS or (what == "thread" and thread_id is None):
        raise Invalid({"what": "not_a_choice"})
    days = _number(values["days"])
    if what == "warn":
        return Wanted(_number(values["points"]), days, None)
    is_of_thread = what == "thread"
    wish = Wish(
        kind="limit" if is_of_thread else what,
        days=days,
        is_endless=values["endless"] == "1",
        verbs=tuple(verb for verb in LIMITABLE if values[f"verb_{verb}"] == "1"),
        board_id=_optional(values["board"]),
        thread_id=thread_id if is_of_thread else None,
        a_day=_optional(values["a_day"]),
        wait=_optional(values["wait"]),
    )
    return Wanted(None, days, wish)


def preview_of(viewer: Viewer, member_id: int, asked: Wanted, ground: Ground) -> Preview:
    """Return what a member would read, and what would follow; raises what giving it would."""
    if asked.wish is not None:
        limit = check_limit(viewer, member_id, asked.wish, ground)
        wish = Wish(
            limit.kind,
            verbs=tuple(limit.verbs.split()),
            board_id=limit.board_id,
            thread_id=limit.thread_id,
            a_day=limit.a_day,
            wait=limit.wait,
        )
        return Preview(limit.until, limit.facts, wish=wish)
    warned = check_warning(viewer, member_id, asked.points, asked.days, ground)
    own = Points(0, warned.points, warned.at, warned.until)
    after, steps = what_follows(viewer, member_id, own, warned.board_id)
    follows = tuple((Wish(step.kind, wait=step.wait), step.days) for step in steps)
    return Preview(warned.until, warned.facts, warned.points, after=after, steps=follows)


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _optional(text: str) -> int | None:
    """Return a number, None for nothing; -1, which nothing may be, for what is no number."""
    found = _number(text)
    return -1 if found is None and text.strip() else found
