"""What lets posts wait, and who decides about them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from rostra.forum.access.rules import may_moderate_anywhere
from rostra.forum.holds.signals import HOLDS_AT, Marks, is_near, score_of
from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

type Scope = Literal["group", "threads", "board", "thread", "newcomers"]

SAME_HOST = 3  # posts of a newcomer to one host: the last of them waits
ALIKE = 3  # new accounts that say the same, or lead to the same, within a day
ALIKE_WITHIN = timedelta(hours=24)
TRACES_KEPT = timedelta(days=30)
MOST_WAITING = 5  # of one member
HOURS = (1, 72)  # how long newcomers' posts may be made to wait
WORDS_LENGTH = (15, 500)
# Every reason there is, in the order in which they are told.
NAMES = (
    "first_posts", "newcomers", "group", "threads", "board", "thread", "word", "host", "link_later",
    "word_later", "same_words", "same_host", "same_number", "signals",
)  # fmt: skip


class Reason(NamedTuple):
    """Why a post waits: the name, and what it was, for those who decide."""

    name: str
    detail: str = ""


class TraceRow(NamedTuple):
    """What an earlier post of a newcomer had."""

    key: str
    value: str
    member_id: int
    at: datetime


class Cautions(NamedTuple):
    """Whose posts wait whatever they say: scope → ids."""

    groups: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()
    boards: frozenset[int] = frozenset()
    one_thread: frozenset[int] = frozenset()
    newcomers_until: datetime | None = None


class HoldFacts(NamedTuple):
    """What the rules ask of something that waits."""

    board_id: int
    author_id: int | None
    state: str


def by_place(
    cautions: Cautions, *, board_id: int, thread_id: int | None, groups: Collection[int]
) -> list[Reason]:
    """Return why a post waits wherever it says what; thread_id: None for a new thread."""
    found = []
    if cautions.groups.intersection(groups):
        found.append(Reason("group"))
    if thread_id is None and board_id in cautions.threads:
        found.append(Reason("threads"))
    if board_id in cautions.boards:
        found.append(Reason("board"))
    if thread_id in cautions.one_thread:
        found.append(Reason("thread"))
    return found


def by_company(
    marks: Marks, earlier: Iterable[TraceRow], member_id: int, now: datetime
) -> tuple[list[Reason], str]:
    """Return why a newcomer's post waits for what others have alike, and what holds them together.

    earlier: the traces of what has a key of these marks.
    """
    rows = list(earlier)
    lately = [row for row in rows if now - row.at <= ALIKE_WITHIN and row.member_id != member_id]
    others: dict[str, set[int]] = {}
    found: list[Reason] = []
    bunch = ""
    for row in lately:
        others.setdefault(row.key, set()).add(row.member_id)
    for host in marks.hosts:
        own = sum(row.key == f"host:{host}" and row.member_id == member_id for row in rows)
        if own >= SAME_HOST - 1:
            found.append(Reason("host", host))
        if len(others.get(f"host:{host}", ())) >= ALIKE - 1:
            found.append(Reason("same_host", host))
            bunch = bunch or f"host:{host}"
    for number in marks.numbers:
        if len(others.get(f"number:{number}", ())) >= ALIKE - 1:
            found.append(Reason("same_number", number))
            bunch = bunch or f"number:{number}"
    near = _near(marks, lately)
    if len({row.member_id for row in near}) >= ALIKE - 1:
        found.append(Reason("same_words"))
        bunch = f"words:{min(row.value for row in near)}"
    return found, bunch


def by_signals(signals: Collection[str]) -> list[Reason]:
    """Return why a newcomer's post waits for what it is like."""
    return [Reason("signals", ", ".join(signals))] if score_of(signals) >= HOLDS_AT else []


def may_decide(viewer: Viewer, hold: HoldFacts) -> Verdict:
    """Whether the viewer may approve and reject it: a moderator of the board, not the author."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if not viewer.can("moderate", hold.board_id):
        return Verdict("not_a_moderator_here")
    if hold.author_id is not None and hold.author_id == viewer.member_id:
        return Verdict("own_held_post")
    return ALLOWED if hold.state == "waiting" else Verdict(f"hold_is_{hold.state}")


def may_caution(
    viewer: Viewer, scope: Scope, board_id: int | None, *, moderates_everything: bool
) -> Verdict:
    """Whether the viewer may let the posts of some wait: in their boards, or who moderates all."""
    if not (seeing := may_moderate_anywhere(viewer)):
        return seeing
    if scope in ("group", "newcomers"):
        return ALLOWED if moderates_everything else Verdict("not_a_moderator_of_all")
    if board_id is None or not viewer.can("moderate", board_id):
        return Verdict("not_a_moderator_here")
    return ALLOWED


def check_words(words: str) -> str:
    """Return what is said to an author, as it is kept; raises Invalid."""
    words = text.storable(words).strip()
    shortest, longest = WORDS_LENGTH
    if len(words) < shortest:
        raise Invalid({"words": "reason_too_short"})
    if len(words) > longest:
        raise Invalid({"words": "reason_too_long"})
    return words


def names_in(reasons: Iterable[Reason]) -> str:
    """Return the names of reasons as one text to look for one in."""
    return f" {' '.join(dict.fromkeys(reason.name for reason in reasons))} "


def _near(marks: Marks, lately: Iterable[TraceRow]) -> list[TraceRow]:
    """Return the traces of those who said nearly the same."""
    if marks.print is None:
        return []
    return [row for row in lately if row.value and is_near(int(row.value, 16), marks.print)]
