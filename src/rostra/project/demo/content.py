"""Reads the demo's content: boards, people, acts, and threads written down like plays.

A thread's file begins with lines `name: value`; each post follows a line
`=== who when`, optionally with `*12` for how many reactions it drew. `when` counts back from the
moment of seeding: `-3d 07:31` is a clock time three days before, `-5h20m` a distance. In posts
`[quote=#4]` quotes the thread's fourth post, `[quote=^2]` the one two posts up, `[[slug]]` links
another thread, and `{-30d}` is that day's date.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

_HEAD = re.compile(r"=== (?P<who>\S+) +(?P<when>-\S+(?: \d\d:\d\d)?)(?: +\*(?P<likes>\d+))?")
_CLOCK = re.compile(r"-(\d+)d (\d\d):(\d\d)")
_DISTANCE = re.compile(r"-(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
_QUOTE = re.compile(r"\[quote=(?:#(\d+)|\^(\d*))\]")
_LINK = re.compile(r"\[\[([a-z-]+)\]\]")
_DATE = re.compile(r"\{(-\d+d)\}")


@dataclass(slots=True)
class Person:
    """An invented member."""

    key: str
    name: str
    title: str
    joined_at: datetime


@dataclass(slots=True)
class Line:
    """A post: who says what when. `key` is its place among all posts of the demo."""

    who: str
    at: datetime
    source: str
    likes: int | None = None
    key: str = ""
    reply_to: str | None = None


@dataclass(slots=True)
class Play:
    """A thread with its posts."""

    slug: str
    head: dict[str, str]
    lines: list[Line] = field(default_factory=list)


def table(name: str) -> dict[str, Any]:
    """Return one of the small files: boards, members, acts."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def people(now: datetime) -> dict[str, Person]:
    """Return the members by key."""
    return {
        key: Person(key, row["name"], row.get("title", ""), moment(row["joined"], now))
        for key, row in table("members").items()
    }


def plays(now: datetime, cast: dict[str, Person]) -> list[Play]:
    """Return the threads, oldest first, with posts whose sources can be posted as they are."""
    found = [_read(path, now) for path in sorted((DATA / "threads").glob("*.txt"))]
    found.sort(key=lambda play: play.lines[0].at)
    ordered = sorted((line for play in found for line in play.lines), key=lambda line: line.at)
    for n, line in enumerate(ordered, start=1):
        line.key = str(n)
    titles = {play.slug: play.head["title"] for play in found}
    for play in found:
        for line in play.lines:
            _fill_in(line, play, titles, now, cast)
    return found


def moment(text: str, now: datetime) -> datetime:
    """Return the time that "-3d 07:31" or "-5h20m" stands for."""
    if found := _CLOCK.fullmatch(text):
        days, hour, minute = map(int, found.groups())
        return (now - timedelta(days=days)).replace(
            hour=hour, minute=minute, second=0, microsecond=0
        )
    distance = _DISTANCE.fullmatch(text)
    if distance is None or not any(distance.groups()):
        raise ValueError(f"not a time of the demo: {text!r}")
    days, hours, minutes = (int(part or 0) for part in distance.groups())
    return now - timedelta(days=days, hours=hours, minutes=minutes)


def _read(path: Path, now: datetime) -> Play:
    head: dict[str, str] = {}
    lines: list[Line] = []
    for text in path.read_text(encoding="utf-8").splitlines():
        if text.startswith("=== "):
            found = _HEAD.fullmatch(text)
            if found is None:
                raise ValueError(f"{path.name}: {text!r}")
            likes = int(found["likes"]) if found["likes"] else None
            lines.append(Line(found["who"], moment(found["when"], now), "", likes))
        elif lines:
            lines[-1].source += text + "\n"
        elif text:
            name, _, value = text.partition(": ")
            head[name] = value
    for line in lines:
        line.source = line.source.strip("\n")
    _put_in_order(lines, now)
    return Play(path.stem, head, lines)


def _put_in_order(lines: list[Line], now: datetime) -> None:
    """Pull posts back so that each is before the next: clock times may fall after distances."""
    limit = now - timedelta(minutes=1)
    for line in reversed(lines):
        line.at = min(line.at, limit)
        limit = line.at - timedelta(seconds=47)


def _fill_in(
    line: Line, play: Play, titles: dict[str, str], now: datetime, cast: dict[str, Person]
) -> None:
    def quote(found: re.Match[str]) -> str:
        at = int(found[1]) - 1 if found[1] else play.lines.index(line) - int(found[2] or 1)
        quoted = play.lines[at]
        line.reply_to = line.reply_to or quoted.key
        return f'[quote="{cast[quoted.who].name}, post: {quoted.key}"]'

    def date(found: re.Match[str]) -> str:
        day = moment(found[1], now)
        return f"{day.day} {day:%B %Y}"

    source = _QUOTE.sub(quote, line.source)
    source = _LINK.sub(lambda found: f"[{titles[found[1]]}](/demo/{found[1]})", source)
    line.source = _DATE.sub(date, source)


def acts() -> Iterator[dict[str, Any]]:
    """Give what moderators and authors did, in order."""
    yield from table("acts")["act"]
