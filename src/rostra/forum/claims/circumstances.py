"""When and where what a claim says happened, and under which tags it is found. Pure.

A time is a day, a month or a year, as much as is known: "2026-11-20", "2026-11", "2026".
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from rostra.forum.threads import tags
from rostra.kernel import text
from rostra.kernel.errors import Invalid

PLACE = 120
NONE, BETWEEN = "–", " | "  # of `as_text`
_TIME = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


class Circumstances(NamedTuple):
    """What is known beside a claim's wording; "" for what is not."""

    begins: str = ""
    ends: str = ""  # where that is another time
    place: str = ""
    tags: str = ""  # "flood barrier, harbour"

    @property
    def is_known(self) -> bool:
        """Whether there is any of it."""
        return any(self)

    @property
    def interval(self) -> str:
        """The time as ISO 8601 writes it: 2026-11, or 2026-11/2026-12."""
        return f"{self.begins}/{self.ends}" if self.ends else self.begins


NOTHING = Circumstances()


def checked(typed: Circumstances) -> Circumstances:
    """Return circumstances as they are kept; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    times = {"begins": typed.begins, "ends": typed.ends}
    for name, words in times.items():
        try:
            times[name] = _time(words)
        except ValueError:
            wrong[name] = "event_time_odd"
    begins, ends = times.values()
    if ends and not begins:
        wrong.setdefault("begins", "event_begins_when")
    elif not wrong and ends and ends[: len(begins)] < begins[: len(ends)]:
        wrong["ends"] = "event_ends_first"
    place = text.one_line(typed.place)
    if len(place) > PLACE:
        wrong["place"] = "too_long"
    elif place and not any(c.isalnum() for c in place):
        wrong["place"] = "place_odd"
    kept = ""
    try:
        kept = tags.checked(typed.tags)
    except Invalid as invalid:
        wrong |= invalid.fields
    if wrong:
        raise Invalid(wrong)
    return Circumstances(begins, "" if ends == begins else ends, place, kept)


def as_text(found: Circumstances) -> str:
    """Return circumstances as one line, for logs and histories; "" for none."""
    parts = (found.interval, found.place, found.tags)
    return BETWEEN.join(part or NONE for part in parts) if any(parts) else ""


def from_text(line: str) -> Circumstances:
    """Return the circumstances that such a line tells; a place may hold what parts it."""
    time, _, rest = line.partition(BETWEEN)
    place, _, kept = rest.rpartition(BETWEEN)
    time, place, kept = ("" if part == NONE else part for part in (time, place, kept))
    begins, _, ends = time.partition("/")
    return Circumstances(begins, ends, place, kept)


def _time(typed: str) -> str:
    """Return a day, a month or a year as it is kept, with digits of any script; ValueError."""
    digits = "".join(_digit(c) for c in text.one_line(typed))
    if not digits:
        return ""
    found = _TIME.fullmatch(digits)
    if found is None:
        raise ValueError
    parts = [int(part) for part in found.groups() if part is not None]
    date(*parts, *(1, 1)[len(parts) - 1 :])
    return "-".join(f"{part:0{width}}" for part, width in zip(parts, (4, 2, 2), strict=False))


def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdecimal() else character
