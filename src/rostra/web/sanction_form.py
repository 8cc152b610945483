"""The fields by which somebody is warned or limited: on a page of their own, and within a case."""

from __future__ import annotations

from typing import NamedTuple

from rostra.forum.access.limits import LIMITABLE
from rostra.forum.sanctions.rules import DAYS, Wish
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


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _optional(text: str) -> int | None:
    """Return a number, None for nothing; -1, which nothing may be, for what is no number."""
    found = _number(text)
    return -1 if found is None and text.strip() else found
