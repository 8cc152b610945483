"""Reading polls, as a viewer may see them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.polls import rules
from rostra.forum.polls.models import Option, Vote
from rostra.forum.threads.rules import ThreadFacts
from rostra.kernel import clock, dialect
from rostra.kernel.verdict import Verdict


class OptionShown(NamedTuple):
    """What can be chosen; `votes` is None where the results are not shown yet."""

    place: int
    text: str
    votes: int | None
    is_mine: bool


class PollShown(NamedTuple):
    """A poll as one viewer sees it."""

    thread_id: int
    question: str
    most: int
    closes_at: datetime | None  # also None where it is closed, and nobody knows since when
    is_public: bool
    may_change: bool
    shows_results: bool
    voter_count: int
    without_names: int  # voters of whom an import told only how many they were
    options: tuple[OptionShown, ...]
    is_closed: bool
    has_voted: bool
    may_vote: Verdict
    may_edit: bool
    may_close: bool

    @property
    def has_results(self) -> bool:
        return self.options[0].votes is not None

    @property
    def plan(self) -> rules.Plan:
        """What it was wished as, but for its end."""
        texts = tuple(option.text for option in self.options)
        return rules.Plan(
            self.question, texts, self.most, None, self.is_public, self.may_change,
            self.shows_results,
        )  # fmt: skip


class Voter(NamedTuple):
    """Who voted for what, in a public poll."""

    id: int
    member_id: int
    name: str
    option: str
    at: datetime | None


class _Facts(NamedTuple):
    thread_id: int
    question: str
    most: int
    closes_at: datetime | None
    is_public: bool
    may_change: bool
    shows_results: bool
    voter_count: int
    without_names: int


def find_poll(viewer: Viewer, thread_id: int, thread: ThreadFacts) -> PollShown | None:
    """Return the poll of a thread that the viewer may read; None for none. One query.

    Of others' votes there are counts alone; where these are not to be seen there is nothing.
    """
    rows = dialect.recall(_POLL, [viewer.member_id or 0, thread_id])
    if not rows:
        return None
    facts, now = _Facts._make(rows[0][:9]), clock.now()
    has_voted = any(row[12] is not None for row in rows)
    has_results = rules.may_see_results(facts, now, has_voted=has_voted)
    shown = facts._replace(closes_at=None) if facts.closes_at == rules.LONG_AGO else facts
    return PollShown(
        *shown,
        options=tuple(
            OptionShown(place, text, count if has_results else None, own is not None)
            for place, text, count, own in (row[9:] for row in rows)
        ),
        is_closed=rules.is_closed(facts, now),
        has_voted=has_voted,
        may_vote=rules.may_vote(viewer, thread, facts, now, has_voted=has_voted),
        may_edit=bool(rules.may_edit(viewer, thread, facts, now)),
        may_close=bool(rules.may_close(viewer, thread, facts, now)),
    )


def own_votes(member_id: int) -> list[tuple[int, int, datetime | None]]:
    """Return what a member chose: thread, place of the option, when. One query."""
    rows = Vote.objects.filter(member_id=member_id).order_by("id")
    return list(rows.values_list("poll_id", "option__place", "at"))


def polls_of(member_id: int) -> list[tuple[int, str, list[str]]]:
    """Return what a member asked: thread, question, what could be chosen. One query."""
    asked: dict[int, tuple[str, list[str]]] = {}
    rows = Option.objects.filter(poll__thread__starter_id=member_id).order_by("poll_id", "place")
    for thread_id, question, words in rows.values_list("poll_id", "poll__question", "text"):
        asked.setdefault(thread_id, (question, []))[1].append(words)
    return [(thread_id, *poll) for thread_id, poll in asked.items()]


def voters_of(poll: PollShown, *, before: int | None = None, limit: int = 50) -> list[Voter]:
    """Return who voted for what, newest first, by key; of a secret poll nobody.

    Where the results are not shown yet, who voted for what is not either.
    """
    if not (poll.is_public and poll.has_results):
        return []
    found = Vote.objects.filter(poll_id=poll.thread_id, poll__is_public=True)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = found.order_by("-id").values_list(
        "id", "member_id", "member__name", "option__text", "at"
    )
    return [Voter._make(row) for row in rows[:limit]]


_POLL = """
SELECT p.thread_id, p.question, p.most, p.closes_at, p.is_public, p.may_change, p.shows_results,
       p.voter_count, p.without_names, o.place, o.text, o.vote_count, v.id
FROM polls_poll p
JOIN polls_option o ON o.poll_id = p.thread_id
LEFT JOIN polls_vote v ON v.option_id = o.id AND v.member_id = %s
WHERE p.thread_id = %s
ORDER BY o.place
"""
