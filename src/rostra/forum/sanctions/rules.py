"""What warnings weigh, where their points lead, and who may sanction whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, cast, get_args

from rostra.forum.access.limits import ANYWHERE, LIMITABLE, Kind
from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

POINTS = (1, 5)
DAYS = 30  # a warning's, unless somebody chooses otherwise
LONGEST = 3650  # days
FACTS_LENGTH = 2000
NOTE_LENGTH = 2000
MOST_A_DAY = 100
LONGEST_WAIT = 7 * 24 * 60  # minutes
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)


class Points(NamedTuple):
    """A warning as it counts: from when to when."""

    n: int
    points: int
    at: datetime
    until: datetime


class Step(NamedTuple):
    """What so many points lead to. days: how long; None: until there are fewer again."""

    points: int
    kind: Kind
    days: int | None = None
    wait: int | None = None  # seconds between posts


USUAL_STEPS = "3 limit 30; 5 read_only 3; 8 suspend 7"
MOST_STEPS = 10
_STEP = re.compile(r"([1-9][0-9]?) (limit|read_only|suspend) ([1-9][0-9]{0,4})")


def steps_in(setting: str) -> tuple[Step, ...]:
    """Return the steps that a setting names, the lowest first; raises ValueError.

    Points, what they lead to, and a number: of minutes between two posts for a limit, which lasts
    while so many points count, of days for all else.
    """
    steps = []
    for part in filter(None, (part.strip() for part in setting.split(";"))):
        found = _STEP.fullmatch(part)
        if found is None:
            raise ValueError(f"must be such as {USUAL_STEPS}")
        points, kind, number = int(found[1]), cast(Kind, found[2]), int(found[3])
        if number > (LONGEST_WAIT if kind == "limit" else LONGEST):
            raise ValueError(f"knows {LONGEST_WAIT} minutes and {LONGEST} days at most")
        is_limit = kind == "limit"
        steps.append(
            Step(points, kind, wait=number * 60) if is_limit else Step(points, kind, days=number)
        )
    if len({step.points for step in steps}) < len(steps) or len(steps) > MOST_STEPS:
        raise ValueError(f"must have {MOST_STEPS} steps at most, each at points of its own")
    return tuple(sorted(steps, key=lambda step: step.points))


STEPS = steps_in(USUAL_STEPS)


class Wish(NamedTuple):
    """A limit as somebody asks for it. `days` None: without an end, which is to be said."""

    kind: str
    days: int | None = None
    is_endless: bool = False
    verbs: tuple[str, ...] = ()
    board_id: int | None = None
    thread_id: int | None = None
    a_day: int | None = None
    wait: int | None = None  # minutes


def total(given: Iterable[Points], at: datetime) -> int:
    """Return how many points count at a moment."""
    return sum(one.points for one in given if one.at <= at < one.until)


def led_to(
    given: Collection[Points], warning: Points, steps: Sequence[Step] = STEPS
) -> tuple[Step, ...]:
    """Return what a warning leads to beside those that stand: each an act of its own.

    The steps that are crossed upwards, the lowest first; and those reached before that last while
    so many points count, where that is for longer now.
    """
    at, together = warning.at, [*given, warning]
    before = total(given, at)
    after = before + warning.points
    return tuple(
        step
        for step in sorted(steps)
        if before < step.points <= after
        or (
            step.days is None
            and step.points <= before
            and falls_below(together, step.points, at) > falls_below(given, step.points, at)
        )
    )


def within(step: Step, board_id: int | None) -> Step:
    """Return a step as it is within a board, which nobody is suspended from: they only read."""
    if board_id is not None and step.kind == "suspend":
        return step._replace(kind="read_only")
    return step


def falls_below(given: Collection[Points], points: int, at: datetime) -> datetime:
    """Return the first moment from `at` on when fewer than so many points count."""
    ends = sorted({one.until for one in given if one.until > at})
    return next((end for end in (at, *ends) if total(given, end) < points), at)


def ends_at(step: Step, given: Collection[Points], at: datetime) -> datetime:
    """Return when what a step leads to ends that was reached at a moment."""
    if step.days is not None:
        return at + timedelta(days=step.days)
    return falls_below(given, step.points, at)


def is_founded(points: int, given: Collection[Points], at: datetime) -> bool:
    """Whether a limit would have followed at that moment from the warnings that still stand."""
    return total(given, at) >= points


def check_points(points: int | None, days: int | None) -> tuple[int, int]:
    """Return a warning's points and days; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    if points is None or not POINTS[0] <= points <= POINTS[1]:
        wrong["points"] = "points_number"
    if days is None or not 1 <= days <= LONGEST:
        wrong["days"] = "days_number"
    if wrong:
        raise Invalid(wrong)
    return cast(int, points), cast(int, days)


def checked(wish: Wish) -> Wish:
    """Return a limit as it is set; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    if wish.kind not in KINDS:
        raise Invalid({"kind": "not_a_choice"})
    if wish.kind == "ban":
        wish = wish._replace(days=None, is_endless=True)
    if wish.is_endless:
        wish = wish._replace(days=None)
    elif wish.days is None or not 1 <= wish.days <= LONGEST:
        wrong["days"] = "end_missing"
    if wish.kind != "limit":
        wish = wish._replace(verbs=(), a_day=None, wait=None, thread_id=None)
        if wish.kind != "read_only":
            wish = wish._replace(board_id=None)
    elif wish.thread_id is not None:
        wish = wish._replace(verbs=("reply",), a_day=None, wait=None)
    else:
        wrong |= _wrong_parts(wish)
    if wrong:
        raise Invalid(wrong)
    return wish._replace(verbs=tuple(verb for verb in LIMITABLE if verb in wish.verbs))


def _wrong_parts(wish: Wish) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not set(wish.verbs) <= set(LIMITABLE):
        wrong["verbs"] = "not_a_choice"
    elif wish.board_id is not None and ANYWHERE & set(wish.verbs):
        wrong["verbs"] = "verbs_of_no_board"
    elif not wish.verbs and wish.a_day is None and wish.wait is None:
        wrong["verbs"] = "limit_of_nothing"
    if wish.a_day is not None and not 1 <= wish.a_day <= MOST_A_DAY:
        wrong["a_day"] = "a_day_number"
    if wish.wait is not None and not 1 <= wish.wait <= LONGEST_WAIT:
        wrong["wait"] = "wait_number"
    return wrong


def check_facts(words: str) -> str:
    """Return what happened, as the member is told it; raises Invalid."""
    words = text.storable(words).strip()
    if len(words) > FACTS_LENGTH:
        raise Invalid({"facts": "too_long"})
    return words


def check_note(words: str) -> str:
    """Return a note about a member as it is kept; raises Invalid."""
    words = text.storable(words).strip()
    if text.is_blank(words):
        raise Invalid({"note": "empty"})
    if len(words) > NOTE_LENGTH:
        raise Invalid({"note": "too_long"})
    return words


def may_sanction(
    viewer: Viewer, member_id: int, board_id: int | None, *, rank: int, theirs: int
) -> Verdict:
    """Whether the viewer may warn or limit a member in a board, or (None) everywhere.

    rank, theirs: how high both stand among the staff; of the staff only who stands lower
    (SEC-065). Nobody sanctions themselves; who moderates one board acts there (SEC-062).
    """
    if not (seeing := may_see(viewer, member_id)):
        return seeing
    if board_id is None:
        if "sanction_members" not in viewer.capabilities:
            return Verdict("not_for_everywhere")
    elif not viewer.can("moderate", board_id):
        return Verdict("not_a_moderator_here")
    if theirs and theirs >= rank:
        return Verdict("above_your_rank")
    return ALLOWED


def may_work(viewer: Viewer) -> Verdict:
    """Whether the viewer is of those who sanction anybody anywhere."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if viewer.grants.get("moderate") or "sanction_members" in viewer.capabilities:
        return ALLOWED
    return Verdict("second_factor_first" if viewer.lacks_second_factor else "not_a_moderator")


def may_see(viewer: Viewer, member_id: int) -> Verdict:
    """Whether the viewer is shown what staff know of a member: never of themselves."""
    if not (working := may_work(viewer)):
        return working
    return Verdict("own_case") if viewer.member_id == member_id else ALLOWED


def may_see_networks(viewer: Viewer, member_id: int) -> Verdict:
    """Whether the viewer may look at who comes from where a member does (ABU-015)."""
    if not (seeing := may_see(viewer, member_id)):
        return seeing
    return ALLOWED if "see_networks" in viewer.capabilities else Verdict("not_for_networks")


def may_look_up(viewer: Viewer) -> Verdict:
    """Whether the viewer may find a member by their address of mail (PRV-004)."""
    if not (working := may_work(viewer)):
        return working
    return ALLOWED if "see_networks" in viewer.capabilities else Verdict("not_for_networks")
