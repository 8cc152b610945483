"""What a poll may be, who may vote and who may change it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rostra.forum.threads.rules import ThreadFacts
from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

OPTIONS = (2, 10)
MOST_BROUGHT = 100  # options of a poll that comes with an import
QUESTION_LENGTH = 200
OPTION_LENGTH = 200
LONGEST = 365  # days
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # closed before it came here, nobody knows when


class Plan(NamedTuple):
    """A poll as it is wished for. `most` and `days` are -1 where no number was given."""

    question: str
    options: tuple[str, ...]
    most: int = 1
    days: int | None = None  # until it closes; None: never by itself
    is_public: bool = False
    may_change: bool = True
    shows_results: bool = True


class PollFacts(Protocol):
    """What the rules ask of a poll."""

    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def may_change(self) -> bool: ...
    @property
    def shows_results(self) -> bool: ...
    @property
    def voter_count(self) -> int: ...


def checked(plan: Plan, *, there: int = OPTIONS[0]) -> Plan:
    """Return the poll as it is kept; raises Invalid with all that is wrong.

    there: how many options it has already; those of one that was brought along may be more.
    """
    wrong: dict[str, str] = {}
    question = text.one_line(plan.question)
    options = [text.one_line(option) for option in plan.options]
    options = [option for option in options if not text.is_blank(option)]
    if text.is_blank(question):
        wrong["poll_question"] = "empty"
    elif len(question) > QUESTION_LENGTH:
        wrong["poll_question"] = "poll_too_long"
    if len(options) != there and not OPTIONS[0] <= len(options) <= OPTIONS[1]:
        wrong["poll_options"] = "poll_options_number"
    elif any(len(option) > OPTION_LENGTH for option in options):
        wrong["poll_options"] = "poll_too_long"
    elif len({option.casefold() for option in options}) < len(options):
        wrong["poll_options"] = "poll_options_twice"
    elif not 1 <= plan.most <= len(options):
        wrong["poll_most"] = "poll_most_number"
    if plan.days is not None and not 1 <= plan.days <= LONGEST:
        wrong["poll_days"] = "poll_days_number"
    if wrong:
        raise Invalid(wrong)
    return plan._replace(question=question, options=tuple(options))


def fields_of(plan: Plan) -> dict[str, str]:
    """Return a poll as the values of the fields that it is made with, in forms and drafts."""
    return {
        "poll_question": plan.question,
        "poll_options": "\n".join(plan.options),
        "poll_most": str(plan.most),
        "poll_days": "" if plan.days is None else str(plan.days),
        "poll_public": "1" if plan.is_public else "",
        "poll_fixed": "" if plan.may_change else "1",
        "poll_hidden": "" if plan.shows_results else "1",
    }


def is_closed(poll: PollFacts, now: datetime) -> bool:
    """Whether the poll takes no votes any more."""
    return poll.closes_at is not None and poll.closes_at <= now


def may_vote(
    viewer: Viewer, thread: ThreadFacts, poll: PollFacts, now: datetime, *, has_voted: bool
) -> Verdict:
    """Whether the viewer may vote, or vote otherwise than before."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if thread.state != "visible":
        return Verdict("thread_not_open")
    if is_closed(poll, now):
        return Verdict("poll_closed")
    if thread.is_locked:
        return Verdict("thread_locked")
    if not viewer.can("react", thread.board_id):
        return viewer.denied("react", thread.board_id, "no_votes_in_board")
    if has_voted and not poll.may_change:
        return Verdict("vote_is_cast")
    return ALLOWED


def may_see_results(poll: PollFacts, now: datetime, *, has_voted: bool) -> bool:
    """Whether the counts are shown already; what is the same for everybody who has not voted."""
    return poll.shows_results or has_voted or is_closed(poll, now)


def may_edit(viewer: Viewer, thread: ThreadFacts, poll: PollFacts, now: datetime) -> Verdict:
    """Whether the viewer may change the poll: its author until somebody has voted; moderators."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if barred := viewer.barred_in(thread.board_id):
        return Verdict(barred)
    if viewer.can("moderate", thread.board_id):
        return ALLOWED
    if thread.starter_id is None or thread.starter_id != viewer.member_id:
        return Verdict("not_your_poll")
    if thread.state != "visible":
        return Verdict("thread_not_open")
    if thread.is_locked:
        return Verdict("thread_locked")
    if is_closed(poll, now):
        return Verdict("poll_closed")
    return Verdict("poll_has_votes") if poll.voter_count else ALLOWED


def may_close(viewer: Viewer, thread: ThreadFacts, poll: PollFacts, now: datetime) -> Verdict:
    """Whether the viewer may end the poll: its author, and moderators."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if barred := viewer.barred_in(thread.board_id):
        return Verdict(barred)
    if is_closed(poll, now):
        return Verdict("poll_closed")
    own = thread.starter_id is not None and thread.starter_id == viewer.member_id
    if not own and not viewer.can("moderate", thread.board_id):
        return Verdict("not_your_poll")
    return ALLOWED


def check_ballot(chosen: Collection[int], options: int, most: int) -> frozenset[int]:
    """Return the places that were chosen; raises Invalid for none, too many, or none there is."""
    places = frozenset(chosen)
    if not places or not places <= set(range(1, options + 1)):
        raise Invalid({"choice": "not_a_choice"})
    if len(places) > most:
        raise Invalid({"choice": "too_many_choices"})
    return places
