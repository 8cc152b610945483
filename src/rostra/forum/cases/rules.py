"""Who may report and decide what, and what reports weigh. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from rostra.forum.access.rules import may_moderate_anywhere
from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

type Decision = Literal["remove", "lock", "settle", "dismiss", "duplicate"]

LINE_LENGTH = 500
NOTE_LENGTH = 2000
REPORTS_A_DAY = 10
DAY = timedelta(days=1)

WAITING = ("open", "claimed")
DECISIONS: dict[str, tuple[Decision, ...]] = {
    "post": ("remove", "lock", "settle", "dismiss", "duplicate"),
    "thread": ("lock", "settle", "dismiss", "duplicate"),
    "member": ("settle", "dismiss", "duplicate"),
    "message": ("settle", "dismiss", "duplicate"),
    "claim": ("remove", "settle", "dismiss", "duplicate"),
    "note": ("remove", "dismiss", "duplicate"),
}
ACTS: frozenset[Decision] = frozenset({"remove", "lock"})  # need a rule and a public reason
WITH_SANCTION: frozenset[Decision] = ACTS | {"settle"}  # what a warning or a limit may go with

# What hides a post by itself, in hundredths. Nobody alone has enough, however right they were.
HIDES_AT = 300
FEWEST_REPORTERS = 3
HIDDEN_A_DAY = 3  # posts in whose hiding one member has a share
# What pauses a thread by itself: so much within half an hour, on posts of so many authors.
HEATED_AT = 500
FEWEST_HEATED = 5
FEWEST_AUTHORS = 2
LIGHTEST = 50  # what is less than that, as a newcomer's, does not count there
HEATED_WITHIN = timedelta(minutes=30)
BASE = {"new": 25, "member": 100, "trusted": 150}
SMOOTHED = 2  # reports that were right, lent to who has reported little


class Vote(NamedTuple):
    """One waiting report as it counts for hiding: whose, and what it weighs."""

    member_id: int
    weight: int
    hidden_today: int  # posts their reports had a share in hiding, in the last 24 hours


class CaseFacts(NamedTuple):
    """What the rules ask of a case."""

    kind: str
    state: str
    board_id: int | None
    subject_id: int | None
    subject_rank: int


def weight_of(rung: str, acted: int, nothing: int) -> int:
    """Return what a report weighs: by how long somebody is here, and how often they were right."""
    return BASE[rung] * (acted + SMOOTHED) // (acted + nothing + SMOOTHED)


def hides(votes: Sequence[Vote], *, is_of_staff: bool) -> bool:
    """Whether waiting reports are enough to hide a post until somebody has looked at it.

    ABU-012: never one of the staff's, never by fewer than three, and the reports of who had a
    share in hiding three posts today count for nothing.
    """
    counting = {vote.member_id: vote.weight for vote in votes if vote.hidden_today < HIDDEN_A_DAY}
    counting = {member_id: weight for member_id, weight in counting.items() if weight}
    enough = sum(counting.values()) >= HIDES_AT and len(counting) >= FEWEST_REPORTERS
    return enough and not is_of_staff


def is_heated(weights: Mapping[int, int], authors: Collection[int]) -> bool:
    """Whether a thread is paused: by many who report at once, on posts of more than one author.

    weights: reporter → what their weightiest report weighs. One author's posts are hidden instead.
    """
    counting = [weight for weight in weights.values() if weight >= LIGHTEST]
    return (
        sum(counting) >= HEATED_AT
        and len(counting) >= FEWEST_HEATED
        and len(authors) >= FEWEST_AUTHORS
    )


def may_report(viewer: Viewer, subject_id: int | None, *, guests_may: bool) -> Verdict:
    """Whether the viewer may report something of a member's."""
    if viewer.is_guest:
        return ALLOWED if guests_may else Verdict("log_in_first")
    if viewer.is_suspended:
        return Verdict("suspended")
    if viewer.limit_on("report"):
        return Verdict("limited")
    return Verdict("own_report") if subject_id == viewer.member_id else ALLOWED


def reopens(before: str, now: str, rules_before: Collection[str], rule: str) -> bool:
    """Whether a report after the decision opens the case again: other words, or another rule.

    before, now: digests of what was decided on, and of what stands there.
    """
    return before != now or rule not in rules_before


def may_decide(
    viewer: Viewer, case: CaseFacts, reporters: Collection[int], *, rank: int
) -> Verdict:
    """Whether the viewer may decide a case that they are shown; `rank`: their own."""
    if not (working := may_moderate_anywhere(viewer)):
        return working
    if case.board_id is not None and not viewer.can("moderate", case.board_id):
        return Verdict("not_a_moderator_here")
    if viewer.member_id == case.subject_id:
        return Verdict("own_case")
    if viewer.member_id in reporters:
        return Verdict("own_report_in_case")
    if case.subject_rank > rank:
        return Verdict("above_your_rank")
    return ALLOWED if case.state in WAITING else Verdict("already_decided")


def check_line(line: str) -> str:
    """Return why somebody reports, as it is kept; raises Invalid."""
    line = text.one_line(line)
    if text.is_blank(line):
        raise Invalid({"line": "empty"})
    if len(line) > LINE_LENGTH:
        raise Invalid({"line": "too_long"})
    return line


def check_note(words: str) -> str:
    """Return what is said among staff, as it is kept; raises Invalid."""
    words = text.storable(words).strip()
    if text.is_blank(words):
        raise Invalid({"note": "empty"})
    if len(words) > NOTE_LENGTH:
        raise Invalid({"note": "too_long"})
    return words


def most_named(rules: Mapping[str, int]) -> str:
    """Return the rule that most reports name, of equals the first."""
    return max(rules, key=lambda code: rules[code], default="")
