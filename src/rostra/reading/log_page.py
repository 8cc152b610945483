"""The moderation log: one page of it, with whatever this viewer may know of each entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from rostra.forum.access.viewer import Viewer
from rostra.forum.appeals.queries import overdue_count, states_of
from rostra.forum.members.queries import cards
from rostra.forum.modlog import queries, rulebook
from rostra.forum.modlog.queries import EVERYTHING, Filter, LogRow
from rostra.forum.modlog.rulebook import RuleRow
from rostra.forum.seconds.queries import SecondRow
from rostra.forum.seconds.queries import states_of as states_of_seconds
from rostra.forum.threads.queries import Reference, references

LISTED = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """All the template needs. A place the viewer may not see is missing from `threads`."""

    entries: list[LogRow]
    threads: Mapping[int, Reference]
    posts: Mapping[int, Reference]
    rules: Mapping[tuple[str, int], RuleRow]
    taken_back: Mapping[int, int]
    names: Mapping[int, str]  # who did an entry, where the forum shows it
    appeals: Mapping[int, tuple[str, int | None]]  # how they stand, and the entry of the outcome
    seconds: Mapping[int, SecondRow]  # how those stand that a second person confirms
    overdue: int  # appeals that have waited for longer than they should
    head: tuple[int, str]
    wanted: Filter
    boards: frozenset[int]
    older: int | None
    newer: int | None

    def is_open(self, entry: LogRow) -> bool:
        """Return whether the viewer may know where this was, and so why."""
        if entry.thread_id is not None:
            return entry.thread_id in self.threads
        return entry.board_id is None or entry.board_id in self.boards


def log_page(
    viewer: Viewer,
    wanted: Filter = EVERYTHING,
    *,
    before: int | None = None,
    after: int | None = None,
) -> LogPage:
    """Gather one page of the log. Seven queries, one more with places to name, one with acts that
    a second person confirms.

    Of a member only what happened where the viewer may read is told: that there is more in places
    which are closed to them would tell that the member is there.
    """
    wanted = wanted._replace(boards=viewer.readable)
    found = queries.entries(wanted, before=before, after=after, limit=LISTED + 1)
    if after is not None:
        has_newer, entries = len(found) > LISTED, found[-LISTED:]
        has_older = True
    else:
        has_older, entries = len(found) > LISTED, found[:LISTED]
        has_newer = before is not None
    older = entries[-1].n if entries and has_older else None
    newer = entries[0].n if entries and has_newer else None
    threads, posts = references(
        viewer,
        {entry.thread_id for entry in entries if entry.thread_id is not None},
        {entry.post_id for entry in entries if entry.post_id is not None},
    )
    if wanted.subject_id is not None:
        entries = [one for one in entries if one.thread_id is None or one.thread_id in threads]
    return LogPage(
        entries=entries,
        threads=threads,
        posts=posts,
        rules=rulebook.history(),
        taken_back=queries.taken_back([one.n for one in entries]),
        names=_names(entries) if settings.ROSTRA.moderators == "names" else {},
        appeals=states_of([one.n for one in entries]),
        seconds=_seconds(entries),
        overdue=overdue_count(),
        head=queries.head(),
        wanted=wanted,
        boards=viewer.boards,
        older=older,
        newer=newer,
    )


def _seconds(entries: list[LogRow]) -> Mapping[int, SecondRow]:
    asked = [entry.n for entry in entries if entry.facts.get("second") == "asked"]
    return states_of_seconds(asked) if asked else {}


def _names(entries: list[LogRow]) -> dict[int, str]:
    """Return who did which entry, of those who have an account still. Two queries."""
    actors = queries.actors_of([entry.n for entry in entries])
    known = cards(actors.values())
    return {n: known[member_id].name for n, member_id in actors.items() if member_id in known}
