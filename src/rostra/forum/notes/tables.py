"""The files of open data: their columns, and a row of each. Pure.

Columns have the names of X's public data, so that what reads those reads these, and come in its
order; what X has no name for comes last. Times are days: milliseconds of their beginning, in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

MISLEADING = {
    "misleadingFactualError": "factual_error",
    "misleadingManipulatedMedia": "altered_media",
    "misleadingOutdatedInformation": "outdated",
    "misleadingMissingImportantContext": "missing_context",
    "misleadingUnverifiedClaimAsFact": "unverified_as_fact",
    "misleadingSatire": "satire_as_fact",
}
GROUPS = ("groupOneHelpful", "groupOneAnswered", "groupTwoHelpful", "groupTwoAnswered")
COLUMNS: dict[str, tuple[str, ...]] = {
    "notes": (
        "noteId", "noteAuthorParticipantId", "createdAtMillis", "tweetId", "classification",
        *MISLEADING, "summary", "sourceUrls",
    ),
    "note_status_history": (
        "noteId", "noteAuthorParticipantId", "createdAtMillis",
        "timestampMillisOfFirstNonNMRStatus", "firstNonNMRStatus",
        "timestampMillisOfCurrentStatus", "currentStatus",
        "timestampMillisOfLatestNonNMRStatus", "mostRecentNonNMRStatus", "states", *GROUPS,
    ),
    "score_runs": (
        "runId", "atMillis", "algorithmVersion", "mode", "gateRaters", "gateAxis", "gateSides",
        "activeRaters", "inputSha256",
    ),
    "ratings": (
        "noteId", "raterParticipantId", "createdAtMillis", "helpfulnessLevel", "ratedOnTweetId",
        "ratingSourceBucketed", "origin",
    ),
    "scores": ("noteId", "coreNoteIntercept", "coreNoteFactor1"),
}  # fmt: skip
HELPFULNESS = ("NOT_HELPFUL", "SOMEWHAT_HELPFUL", "HELPFUL")  # by value: 0, 1, 2
MORE, HELPFUL, UNHELPFUL = (
    "NEEDS_MORE_RATINGS", "CURRENTLY_RATED_HELPFUL", "CURRENTLY_RATED_NOT_HELPFUL"
)  # fmt: skip
STATUS = {"shown": HELPFUL, "under_review": HELPFUL, "not_helpful": UNHELPFUL}  # others: MORE
ROUNDED_TO = 20  # raters

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

type Row = Sequence[object]


class NoteFacts(NamedTuple):
    """What is published of a note."""

    id: int
    author: str  # of this release alone
    created_at: datetime
    post_id: int
    why: str
    text: str
    sources: Sequence[str]
    states: Sequence[tuple[datetime, str]]  # those it came into, in their order
    counts: Sequence[tuple[int, int]]  # as pages tell them: `rules.counts_of`


class RunFacts(NamedTuple):
    """What is published of a nightly run."""

    id: int
    at: datetime
    version: int
    mode: str
    gates: tuple[bool, bool, bool]  # raters, axis, sides: met
    active: int | None  # None: not published
    input_sha256: str


class RatingFacts(NamedTuple):
    """What is published of a rating."""

    note_id: int
    rater: str  # of this release alone
    value: int
    origin: str
    at: datetime
    post_id: int


def line(row: Row) -> str:
    """Return a row as a line: no cell holds a tab or a break, and none begins a formula."""
    return "\t".join(_cell(value) for value in row) + "\n"


def day(at: datetime) -> int:
    """Return the beginning of a day, in milliseconds."""
    begins = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(begins.timestamp()) * 1000


def note_row(note: NoteFacts) -> Row:
    """Return a note's line of `notes`."""
    whys = (int(note.why == why) for why in MISLEADING.values())
    return (
        note.id, note.author, day(note.created_at), note.post_id,
        "MISINFORMED_OR_POTENTIALLY_MISLEADING", *whys, note.text, " ".join(note.sources),
    )  # fmt: skip


def history_row(note: NoteFacts) -> Row:
    """Return a note's line of `note_status_history`: X's statuses, then our own states."""
    states = [(note.created_at, "proposed"), *note.states]
    statuses = [(note.created_at, MORE)]
    for at, state in states:
        status = STATUS.get(state, MORE)
        if status != statuses[-1][1]:
            statuses.append((at, status))
    told = [(day(at), status) for at, status in statuses if status != MORE] or [(-1, "")]
    current_at, current = statuses[-1]
    groups = [number for pair in note.counts for number in pair]
    return (
        note.id, note.author, day(note.created_at), *told[0], day(current_at), current, *told[-1],
        " ".join(f"{state}:{day(at)}" for at, state in states),
        *groups, *[""] * (len(GROUPS) - len(groups)),
    )  # fmt: skip


def run_row(run: RunFacts) -> Row:
    """Return a run's line of `score_runs`."""
    active = "" if run.active is None else run.active // ROUNDED_TO * ROUNDED_TO
    gates = (int(is_met) for is_met in run.gates)
    return (run.id, day(run.at), run.version, run.mode, *gates, active, run.input_sha256)


def rating_row(rating: RatingFacts) -> Row:
    """Return a rating's line of `ratings`."""
    source = "POPULATION_SAMPLED" if rating.origin == "panel" else "DEFAULT"
    return (
        rating.note_id, rating.rater, day(rating.at), HELPFULNESS[rating.value], rating.post_id,
        source, rating.origin,
    )  # fmt: skip


def _cell(value: object) -> str:
    text = _BREAKS.sub(" ", str(value))
    # Spreadsheets run what begins like a formula; a number of ours may begin with its sign.
    is_words = isinstance(value, str) and text[:1] in ("=", "+", "-", "@")
    return f" {text}" if is_words else text
