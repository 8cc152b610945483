"""Polls of an origin, with their options and votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F

from rostra.forum.polls.models import Option, Poll, Vote
from rostra.forum.polls.rules import LONG_AGO, MOST_BROUGHT, OPTION_LENGTH, QUESTION_LENGTH
from rostra.forum.threads.models import BoardStats, Thread
from rostra.kernel import clock, text
from rostra.transfer.load.mapping import Map
from rostra.transfer.load.report import Report
from rostra.transfer.records import Ballot, PollRecord

MOST_VOTES = 2_000_000_000  # what a column holds


def write_polls(records: Sequence[PollRecord], mapping: Map, report: Report) -> None:
    """Write polls above threads that are here; one that is there stays as it is."""
    threads = mapping.find("thread", {record.thread for record in records})
    known = set(Poll.objects.filter(pk__in=threads.values()).values_list("pk", flat=True))
    given = [ballot.member for record in records for ballot in record.ballots]
    people = mapping.find("member", set(given)) if given else {}
    fresh: dict[int, PollRecord] = {}
    for record in records:
        thread_id = threads.get(record.thread)
        if thread_id is None:
            report.skip("poll", record.thread, "thread_unknown")
        elif thread_id in known:
            report.known["poll"] += 1
        elif thread_id in fresh:
            report.skip("poll", record.thread, "second_poll_of_a_thread")
        elif not 0 < len(record.options) == len(record.counts) <= MOST_BROUGHT:
            report.skip("poll", record.thread, "poll_options_number")
        elif max(record.voters, *record.counts) > MOST_VOTES:
            report.skip("poll", record.thread, "poll_counts_impossible")
        else:
            fresh[thread_id] = record
    if not fresh:
        return
    now = clock.now()
    for thread_id, record in fresh.items():
        _write(thread_id, record, people, now)
    Thread.objects.filter(pk__in=fresh).update(has_poll=True, version=F("version") + 1)
    boards = Thread.objects.filter(pk__in=fresh).values("board_id")
    BoardStats.objects.filter(board_id__in=boards).update(version=F("version") + 1)
    report.written["poll"] += len(fresh)


def _write(thread_id: int, record: PollRecord, people: Mapping[str, int], now: datetime) -> None:
    ballots = _ballots(record, people)
    named = Counter(place for ballot in ballots.values() for place in ballot.places)
    unnamed = [max(0, n - named[at]) for at, n in enumerate(record.counts, 1)]
    voters = max(0, record.voters - len(ballots))
    closes_at = record.closes_at
    if record.is_closed and (closes_at is None or closes_at > now):
        closes_at = LONG_AGO
    elif voters or any(unnamed):  # whoever cast one of these could vote again: the poll is over
        closes_at = min(closes_at or now, now)
    poll = Poll.objects.create(
        thread_id=thread_id,
        question=_fitting(record.question, QUESTION_LENGTH),
        most=max([min(max(record.most, 1), len(record.options)), *map(_size, ballots.values())]),
        closes_at=closes_at,
        is_public=record.is_public,
        may_change=record.may_change,
        shows_results=record.shows_results,
        voter_count=voters + len(ballots),
        without_names=voters,
    )
    options = Option.objects.bulk_create(
        Option(
            poll=poll,
            place=place,
            text=_fitting(option, OPTION_LENGTH),
            vote_count=named[place] + without,
            without_names=without,
        )
        for place, (option, without) in enumerate(zip(record.options, unnamed, strict=True), 1)
    )
    Vote.objects.bulk_create(
        (
            Vote(poll=poll, option=options[place - 1], member_id=member_id, at=ballot.at)
            for member_id, ballot in ballots.items()
            for place in ballot.places
        ),
        batch_size=500,
    )


def _ballots(record: PollRecord, people: Mapping[str, int]) -> dict[int, Ballot]:
    """Return one ballot a member who is here; what others chose counts without their names."""
    found: dict[int, Ballot] = {}
    for ballot in record.ballots:
        places = sorted({place for place in ballot.places if 1 <= place <= len(record.options)})
        if ballot.member in people and places:
            found.setdefault(people[ballot.member], ballot._replace(places=tuple(places)))
    return found


def _size(ballot: Ballot) -> int:
    return len(ballot.places)


def _fitting(words: str, longest: int) -> str:
    line = text.one_line(words)
    return line if 0 < len(line) <= longest else f"{line[: longest - 1]}…"
