"""Polls of an archive as records: into a forum that holds something already."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from rostra.transfer.archive.parts import PARTS
from rostra.transfer.archive.tables import Row, checked
from rostra.transfer.records import Ballot, PollRecord, Skipped

NAMES = ("polls", "poll_options", "poll_votes")
_PARTS = {part.name: part for part in PARTS if part.name in NAMES}
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_UNDATED = -1
_WIDTH = 3  # numbers a vote: option, member, when in microseconds

type Lines = Callable[[str], Iterator[str]]


class _Option(NamedTuple):
    place: int
    id: int
    text: str
    without: int


def polls_in(lines: Lines) -> Iterator[PollRecord | Skipped]:
    """Give all polls with who voted for what, and a Skipped for each line that cannot be read.

    Votes stand in no order of polls: they are held as numbers, twenty-four bytes a vote.
    """
    options: dict[int, list[_Option]] = {}
    for row in _rows(lines, "poll_options", "place", "id", "without_names", "poll_id"):
        if isinstance(row, Skipped):
            yield row
        else:
            one = _Option(row["place"], row["id"], str(row["text"]), row["without_names"])
            options.setdefault(row["poll_id"], []).append(one)
    votes: dict[int, array[int]] = {}
    for row in _rows(lines, "poll_votes", "poll_id", "option_id", "member_id"):
        if isinstance(row, Skipped):
            yield row
        else:
            kept = votes.setdefault(row["poll_id"], array("q"))
            kept.extend((row["option_id"], row["member_id"], _number_of(row["at"])))
    for row in _rows(lines, "polls", "thread_id", "most", "without_names"):
        if isinstance(row, Skipped):
            yield row
        else:
            key = row["thread_id"]
            yield _record(row, sorted(options.pop(key, [])), votes.pop(key, array("q")))


def _record(row: Row, options: list[_Option], votes: array[int]) -> PollRecord:
    places = {option.id: place for place, option in enumerate(options, 1)}
    counts = [option.without for option in options]
    ballots: dict[int, Ballot] = {}
    for start in range(0, len(votes), _WIDTH):
        option_id, member_id, when = votes[start : start + _WIDTH]
        if place := places.get(option_id):
            counts[place - 1] += 1
            had = ballots.get(member_id)
            at = None if when == _UNDATED else _BEGIN + timedelta(microseconds=when)
            ballots[member_id] = Ballot(str(member_id), (*(had.places if had else ()), place), at)
    return PollRecord(
        thread=str(row["thread_id"]),
        question=str(row["question"]),
        options=tuple(option.text for option in options),
        counts=tuple(counts),
        voters=len(ballots) + row["without_names"],
        ballots=tuple(ballots.values()),
        most=row["most"],
        closes_at=row["closes_at"],
        is_public=row["is_public"] is True,
        may_change=row["may_change"] is True,
        shows_results=row["shows_results"] is True,
    )


def _rows(lines: Lines, name: str, *numbers: str) -> Iterator[Row | Skipped]:
    """Give the rows of a file whose numbers and times are such."""
    for at, line in enumerate(lines(name), 1):
        try:
            row = checked(_PARTS[name], json.loads(line))
            if not all(type(row[key]) is int and 0 <= row[key] < 1 << 62 for key in numbers):
                raise ValueError("no number")
            for key in row.keys() & {"at", "closes_at"}:
                if row[key] is not None:
                    row[key] = datetime.fromisoformat(row[key]).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            yield Skipped(f"poll: {name} line {at}", f"unreadable: {error}"[:200])
        else:
            yield row


def _number_of(at: datetime | None) -> int:
    return _UNDATED if at is None else (at - _BEGIN) // timedelta(microseconds=1)
