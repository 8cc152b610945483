"""One page of a conversation, for who sits in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.queries import MessageRow, Person, SeatRow
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import page_count, page_of
from rostra.kernel.verdict import Verdict


class MessageShown(NamedTuple):
    """A message as one viewer sees it, with what they may do to it."""

    message: MessageRow
    has_words: bool
    is_ignored: bool
    is_new: bool  # the first that the viewer had not been shown
    may_edit: bool
    may_withdraw: bool
    may_report: bool


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """All the template needs."""

    seat: SeatRow
    people: list[Person]  # who sits there
    left: list[Person]
    number: int
    last_number: int
    messages: list[MessageShown]
    may_reply: Verdict
    may_invite: Verdict


def conversation_page(
    viewer: Viewer, conversation_id: int, number: int | None = None
) -> ConversationPage:
    """Gather one page; without a number the one with the first message that is new to the viewer.

    Three queries, however many messages. Raises NotFound, also for a page beyond the last.
    """
    member_id, now = viewer.require_member(), clock.now()
    seat = queries.conversation_for(viewer, conversation_id)
    last = page_count(seat.last_number, viewer.per_page)
    if number is None:
        number = page_of(min(seat.read_number + 1, seat.last_number), viewer.per_page)
    if not 1 <= number <= last:
        raise NotFound
    people = queries.people_in(conversation_id, member_id)
    others = [one for one in people if one.id != member_id and not one.has_left]
    first = (number - 1) * viewer.per_page + 1
    found = queries.messages_in(conversation_id, first, first + viewer.per_page - 1)

    def shown(message: MessageRow) -> MessageShown:
        read = max((p.read_number for p in people if p.id != message.author_id), default=0)
        is_read = read >= message.number
        return MessageShown(
            message,
            has_words=rules.may_read_words(viewer, message),
            is_ignored=message.author_id in viewer.ignored,
            is_new=0 < seat.read_number == message.number - 1,
            may_edit=bool(rules.may_edit(viewer, message, is_read=is_read, now=now)),
            may_withdraw=bool(rules.may_withdraw(viewer, message)),
            may_report=bool(rules.may_report(viewer, message)),
        )

    hearing = sum(not one.ignores for one in others)
    return ConversationPage(
        seat=seat,
        people=[one for one in people if not one.has_left],
        left=[one for one in people if one.has_left],
        number=number,
        last_number=last,
        messages=[shown(message) for message in found],
        may_reply=rules.may_reply(viewer, len(others), hearing),
        may_invite=rules.may_invite(viewer, len(others) + 1),
    )
