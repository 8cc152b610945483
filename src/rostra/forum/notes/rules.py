"""Who may rate and write notes, what a note must have, what the gates allow. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from rostra.forum.threads.standing import Rung
from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

type Mode = Literal["collect", "broad", "sides"]

LENGTH = (20, 600)
MOST_SOURCES = 5
CALIBRATION = 10  # notes that every rater rates
ANSWERS_TO_WRITE = 5  # on panels, once so many notes were decided:
DECIDED_BEFORE_THAT = 10
LOCK_OF, LOCK_AT, LOCK_FOR = 5, 3, 5  # of the last five decided, three unhelpful: five answers more
NOTES_A_DAY = 5
RATINGS_A_DAY = 50
NOMINATED = (5, 3)  # ratings, and how many of them helpful
SEAT_FOR = timedelta(hours=72)
BETWEEN_SEATS = timedelta(days=2)
LOCKED_AFTER = timedelta(days=14)
NIGHTS = 3  # that the gates must say the same
TERMS, PUBLISHED_SINCE = 2, 2  # the text raters agree to; since which it says they are published
PUBLISHED_FROM = 200  # raters: ratings of fewer are not
TOLD_FROM = 5  # answers of a group: what fewer answered is told nobody
HELPFUL = ("clear", "good_sources", "addresses_claim", "important_context", "neutral_language")
UNHELPFUL = (
    "incorrect", "sources_missing", "sources_do_not_support", "opinion", "misses_point",
    "argumentative", "note_not_needed", "abuse",
)  # fmt: skip
VALUES = {"yes": 2, "somewhat": 1, "no": 0}

# Below a post, readers meet these; what is under review is still shown.
BELOW_POSTS = ("shown", "under_review")
OPEN = ("proposed", "on_panel")
ASKED = ("on_panel", "under_review")
DECIDED = ("shown", "not_helpful", "no_agreement", "taken_back")


class RaterFacts(Protocol):
    """What the rules ask of a rater."""

    @property
    def is_active(self) -> bool: ...
    @property
    def answered(self) -> int: ...
    @property
    def must_answer(self) -> int: ...


class NoteFacts(Protocol):
    """What the rules ask of a note."""

    @property
    def state(self) -> str: ...
    @property
    def author_id(self) -> int: ...
    @property
    def state_at(self) -> datetime: ...


class Draft(NamedTuple):
    """A note as it is wished for; sources are addresses; claim: of the thread, 0 for none."""

    why: str
    text: str
    sources: Sequence[str]
    claim: int = 0


def checked(draft: Draft, whys: Collection[str]) -> Draft:
    """Return the note as it is kept; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    words = text.storable(draft.text).strip()
    sources = list(dict.fromkeys(line.strip() for line in draft.sources if line.strip()))
    if draft.why not in whys:
        wrong["why"] = "not_a_choice"
    if len(words) < LENGTH[0]:
        wrong["text"] = "note_too_short"
    elif len(words) > LENGTH[1]:
        wrong["text"] = "too_long"
    if not sources:
        wrong["sources"] = "note_needs_source"
    elif len(sources) > MOST_SOURCES:
        wrong["sources"] = "too_many_sources"
    if wrong:
        raise Invalid(wrong)
    return Draft(draft.why, words, sources, draft.claim)


def check_answer(value: str, reasons: Collection[str]) -> tuple[int, str]:
    """Return the value and the reasons as they are kept; raises Invalid."""
    if value not in VALUES:
        raise Invalid({"value": "not_a_choice"})
    known = [reason for reason in (*HELPFUL, *UNHELPFUL) if reason in reasons]
    return VALUES[value], ",".join(known)


def may_enrol(viewer: Viewer, rung: Rung) -> Verdict:
    """Whether a member may become a rater: trusted members may."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    return ALLOWED if rung == "trusted" else Verdict("not_trusted_yet")


def may_write(viewer: Viewer, rater: RaterFacts | None, decided: int) -> Verdict:
    """Whether the viewer may propose a note; `decided`: how many notes ever were, here."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if rater is None or not rater.is_active:
        return Verdict("not_a_rater")
    if rater.must_answer:
        return Verdict("notes_locked")
    if decided >= DECIDED_BEFORE_THAT and rater.answered < ANSWERS_TO_WRITE:
        return Verdict("answer_panels_first")
    return ALLOWED


def may_rate(viewer: Viewer, rater: RaterFacts | None, note: NoteFacts) -> Verdict:
    """Whether the viewer may rate a note of their own accord."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if rater is None or not (rater.is_active or note.state == "calibration"):
        return Verdict("not_a_rater")
    if note.author_id == viewer.member_id:
        return Verdict("own_note")
    if note.state not in (*OPEN, "calibration"):
        return Verdict("note_is_decided")
    return ALLOWED


def may_withdraw(viewer: Viewer, note: NoteFacts) -> Verdict:
    """Whether the viewer may take a note of theirs back."""
    if note.author_id != viewer.member_id:
        return Verdict("not_your_note")
    return Verdict("note_is_gone") if note.state in ("removed", "withdrawn") else ALLOWED


def may_ask_review(
    viewer: Viewer, note: NoteFacts, post_author_id: int | None, asked: bool, now: datetime
) -> Verdict:
    """Whether the author of a post may have a note below it looked at again: once."""
    if viewer.is_guest or post_author_id != viewer.member_id:
        return Verdict("not_your_post")
    if viewer.barred:
        return Verdict(viewer.barred)
    if note.state != "shown":
        return Verdict("note_is_not_shown")
    if asked:
        return Verdict("review_asked_already")
    return ALLOWED if now - note.state_at < LOCKED_AFTER else Verdict("note_is_locked")


def mode_of(*, has_raters: bool, has_axis: bool, has_sides: bool) -> Mode:
    """Return how a forum with these gates decides."""
    if not has_raters:
        return "collect"
    if not has_axis:
        return "broad"
    return "sides" if has_sides else "collect"


def mode_after(before: str, nights: Sequence[str]) -> str:
    """Return the mode in force: another one only when the last nights all say it; newest first."""
    last = set(nights[:NIGHTS])
    return nights[0] if len(nights) >= NIGHTS and len(last) == 1 else before


def counts_of(
    state: str, told: Sequence[Sequence[float]], *, is_turned: bool
) -> list[tuple[int, int]]:
    """Return helpful and answered of each group, in an order that says nothing; [] for too few.

    These are all that anybody is told of what panels answered, on pages and in open data.
    """
    if state not in DECIDED or not told:
        return []
    found = [(round(helpful), round(answered)) for helpful, answered in told]
    if any(answered < TOLD_FROM for _, answered in found):
        return []
    return found[::-1] if is_turned else found


def is_locked_out(decided: Sequence[str]) -> bool:
    """Whether who wrote these notes must answer panels first; states, the newest first."""
    bad = [state for state in decided[:LOCK_OF] if state in ("not_helpful", "taken_back")]
    return len(bad) >= LOCK_AT
