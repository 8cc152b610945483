"""Who may write to whom, and what may be done with a message. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rostra.forum.threads.standing import DAY, Rung, Wait, day_is_full
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

MOST_SEATS = 30
MOST_EVER = 100  # who left counted in: their names stand on every page
LINE_LENGTH = 500  # of a report
EDIT_WITHIN = timedelta(minutes=5)
SAME_WORDS_WITHIN = timedelta(minutes=5)
AROUND = 2  # messages on either side of a reported one that staff see with it


class Pace(NamedTuple):
    """How much somebody may write; an addressee is one who is asked into a conversation."""

    starts_a_day: int
    between_starts: timedelta
    addressees_a_day: int
    messages_a_day: int
    between_messages: timedelta


PACES: dict[Rung, Pace] = {
    "new": Pace(3, timedelta(seconds=120), 5, 20, timedelta(seconds=15)),
    "member": Pace(20, timedelta(seconds=15), 60, 300, timedelta(seconds=2)),
    "trusted": Pace(20, timedelta(seconds=15), 100, 600, timedelta(seconds=2)),
}


class Reach(NamedTuple):
    """What decides whether a member can be written to by somebody."""

    member_id: int
    name: str
    is_there: bool  # somebody signs in to this account
    opens_to: str  # everybody, followed, nobody
    follows: bool  # the one who writes
    ignores: bool  # the one who writes
    is_staff: bool  # asked only where a newcomer writes


class MessageFacts(Protocol):
    """What the rules ask of a message."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...


class Unreached(Invalid):
    """Somebody cannot be written to: why, and who."""

    def __init__(self, reason: str, names: Sequence[str]) -> None:
        super().__init__({"to": reason})
        self.names = tuple(names)


def is_staff(viewer: Viewer) -> bool:
    """Whether the viewer is of those who run the forum: they may always write."""
    return bool(viewer.grants.get("moderate") or viewer.capabilities)


def may_start(viewer: Viewer) -> Verdict:
    """Whether the viewer may begin conversations at all."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    return Verdict(_silenced(viewer))


def may_write_to(viewer: Viewer, other: Reach, rung: Rung) -> Verdict:
    """Whether the viewer may ask a member into a conversation.

    The member's own choice and their ignoring are one answer: nobody learns which it was.
    """
    if not other.is_there:
        return Verdict("not_reached")
    if other.member_id in viewer.ignored:
        return Verdict("you_ignore_them")
    if is_staff(viewer):
        return ALLOWED
    is_open = other.opens_to == "everybody" or (other.opens_to == "followed" and other.follows)
    if other.ignores or not is_open:
        return Verdict("not_reached")
    if rung == "new" and not (other.follows or other.is_staff):
        return Verdict("strangers_later")
    return ALLOWED


def may_reply(viewer: Viewer, others: int, hearing: int) -> Verdict:
    """Whether the viewer may write in a conversation that they sit in.

    others: how many sit there besides; hearing: how many of these do not ignore the viewer.
    """
    if silenced := _silenced(viewer):
        return Verdict(silenced)
    if not others:
        return Verdict("everybody_left")
    return ALLOWED if hearing or is_staff(viewer) else Verdict("nobody_hears")


def may_invite(viewer: Viewer, seats: int) -> Verdict:
    """Whether the viewer may ask others into a conversation of so many."""
    if silenced := _silenced(viewer):
        return Verdict(silenced)
    return ALLOWED if seats < MOST_SEATS else Verdict("too_many_recipients")


def may_edit(viewer: Viewer, message: MessageFacts, *, is_read: bool, now: datetime) -> Verdict:
    """Whether the viewer may change a message: what somebody has read stays as they read it."""
    if message.author_id != viewer.member_id:
        return Verdict("not_your_message")
    if silenced := _silenced(viewer):
        return Verdict(silenced)
    if message.withdrawn_at is not None:
        return Verdict("message_withdrawn")
    if is_read:
        return Verdict("message_was_read")
    return ALLOWED if now - message.created_at <= EDIT_WITHIN else Verdict("message_time_over")


def may_withdraw(viewer: Viewer, message: MessageFacts) -> Verdict:
    """Whether the viewer may take a message back: their own, at any time."""
    if message.author_id != viewer.member_id:
        return Verdict("not_your_message")
    return ALLOWED if message.withdrawn_at is None else Verdict("message_withdrawn")


def may_read_words(viewer: Viewer, message: MessageFacts) -> bool:
    """Whether the words of a message in the viewer's conversation are shown to them."""
    return message.withdrawn_at is None or message.author_id == viewer.member_id


def may_report(viewer: Viewer, message: MessageFacts) -> Verdict:
    """Whether the viewer may show a message to the staff; what was withdrawn too."""
    return Verdict("own_message") if message.author_id == viewer.member_id else ALLOWED


def may_see_reports(viewer: Viewer) -> Verdict:
    """Whether the viewer is shown reported messages: who moderates, wherever that is."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    return ALLOWED if viewer.grants.get("moderate") else Verdict("not_a_moderator")


def wait_to_start(pace: Pace, started: Sequence[datetime], now: datetime) -> Wait | None:
    """Return what keeps somebody from a new conversation; `started`: their latest, newest first."""
    if started and now - started[0] < pace.between_starts:
        return Wait("conversation_too_soon", started[0] + pace.between_starts)
    return day_is_full(pace.starts_a_day, "conversations_a_day", started, now)


def wait_to_ask(pace: Pace, asked: Sequence[datetime], more: int, now: datetime) -> Wait | None:
    """Return what keeps somebody from asking so many more; `asked`: when, newest first."""
    if more > pace.addressees_a_day:
        return Wait("addressees_a_day", now + DAY)
    return day_is_full(pace.addressees_a_day - more + 1, "addressees_a_day", asked, now)


def wait_to_write(pace: Pace, written: Sequence[datetime], now: datetime) -> Wait | None:
    """Return what keeps somebody from a message; `written`: their latest, newest first."""
    if written and now - written[0] < pace.between_messages:
        return Wait("message_too_soon", written[0] + pace.between_messages)
    return day_is_full(pace.messages_a_day, "messages_a_day", written, now)


def _silenced(viewer: Viewer) -> str:
    """Return why the viewer writes no messages at all; "" for who may."""
    return viewer.barred or ("limited" if viewer.limit_on("messages") else "")
