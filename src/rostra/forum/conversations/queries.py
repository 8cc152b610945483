"""Reading conversations: nothing in here is read without the seat of who reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Exists, Max, OuterRef

from rostra.forum.access.queries import staff_among
from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.conversations.models import Door, Message, Seat
from rostra.forum.conversations.readable import in_sight, seated
from rostra.forum.conversations.rules import Reach
from rostra.forum.members.models import Member, Tie
from rostra.forum.threads.listing import Key
from rostra.forum.threads.standing import Rung
from rostra.kernel.errors import NotFound

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SeatRow(NamedTuple):
    """A conversation with what it is to who sits in it."""

    id: int
    title: str
    starter_id: int | None
    created_at: datetime
    last_number: int
    read_number: int
    is_unread: bool


class Person(NamedTuple):
    """Who sits, or sat, in a conversation."""

    id: int
    name: str
    has_left: bool
    read_number: int
    ignores: bool  # whoever asked


class MessageRow(NamedTuple):
    """A message as who sits in its conversation may have it."""

    id: int
    conversation_id: int
    number: int
    author_id: int | None
    author: str | None
    html: str
    created_at: datetime
    withdrawn_at: datetime | None
    source: str = ""  # where it was asked for


class Listed(NamedTuple):
    """A conversation in its list."""

    seat_id: int
    id: int
    title: str
    starter_id: int | None
    starter: str | None
    last_number: int
    is_unread: bool
    at: datetime

    @property
    def key(self) -> Key:
        return Key(self.at, self.seat_id)


class OwnMessage(NamedTuple):
    """A message as its author may take it along."""

    id: int
    conversation_id: int
    number: int
    created_at: datetime
    withdrawn_at: datetime | None
    source: str
    title: str
    is_there: bool  # they sit in the conversation still


class Received(NamedTuple):
    """Another's message, as a member who can read it now may take it along."""

    id: int
    conversation_id: int
    number: int
    created_at: datetime
    author: str | None
    source: str
    title: str


class Hearing(NamedTuple):
    """Who is to hear of a message: who sits there now, besides its author."""

    conversation_id: int
    author_id: int | None
    member_ids: tuple[int, ...]


def conversation_for(viewer: Viewer, conversation_id: int) -> SeatRow:
    """Return a conversation the viewer sits in; raises NotFound. One query."""
    found = Seat.objects.filter(seated(viewer.require_member()), conversation_id=conversation_id)
    row = found.values_list(
        "conversation_id", "conversation__title", "conversation__starter_id",
        "conversation__created_at", "conversation__last_number", "read_number", "is_unread",
    ).first()  # fmt: skip
    if row is None:
        raise NotFound
    return SeatRow._make(row)


def people_in(conversation_id: int, member_id: int) -> list[Person]:
    """Return who sits or sat in a conversation, as they came; ask `conversation_for` before.

    Whether each ignores the member is told besides. One query.
    """
    ignoring = Tie.objects.filter(
        member_id=OuterRef("member_id"), other_id=member_id, kind=Tie.Kind.IGNORE
    )
    found = Seat.objects.filter(conversation_id=conversation_id).order_by("id")
    rows = found.annotate(ignores=Exists(ignoring)).values_list(
        "member_id", "member__name", "left_at", "read_number", "ignores"
    )
    return [Person(row[0], row[1], row[2] is not None, row[3], row[4]) for row in rows]


def messages_in(conversation_id: int, first: int, last: int) -> list[MessageRow]:
    """Return a conversation's messages by their numbers; ask `conversation_for` before."""
    found = Message.objects.filter(conversation_id=conversation_id, number__range=(first, last))
    return [MessageRow(*row) for row in found.order_by("number").values_list(*_MESSAGE)]


def message_for(viewer: Viewer, message_id: int) -> MessageRow:
    """Return a message of a conversation the viewer sits in, with its source; raises NotFound.

    One query.
    """
    seats = Seat.objects.filter(
        seated(viewer.require_member()), conversation_id=OuterRef("conversation_id")
    )
    found = Message.objects.filter(Exists(seats), id=message_id)
    row = found.values_list(*_MESSAGE, "source").first()
    if row is None:
        raise NotFound
    return MessageRow(*row)


def read_by_others(conversation_id: int, author_id: int | None) -> int:
    """Return the number of the last message that anybody but its author was shown. One query."""
    others = Seat.objects.filter(conversation_id=conversation_id).exclude(member_id=author_id or 0)
    return others.aggregate(n=Max("read_number"))["n"] or 0


def conversations_of(
    viewer: Viewer, *, unread_only: bool = False, before: Key | None = None, limit: int
) -> list[Listed]:
    """Return the viewer's conversations, the liveliest first, by key. One query."""
    found = Seat.objects.filter(seated(viewer.require_member()))
    if unread_only:
        found = found.filter(is_unread=True)
    return [row for row, _ in listed(found, before, limit)]


def listed(
    found: QuerySet[Seat], before: Key | None, limit: int, *more: str
) -> list[tuple[Listed, tuple[Any, ...]]]:
    """Return seats as rows of a list, beyond a key, each with further columns. One query."""
    if before is not None and isinstance(before.value, datetime):
        at = before.value
        found = found.filter(bumped_at__lte=at).exclude(bumped_at=at, id__gte=before.id)
    columns = (
        "id", "conversation_id", "conversation__title", "conversation__starter_id",
        "conversation__starter__name", "conversation__last_number", "is_unread", "bumped_at",
    )  # fmt: skip
    rows = found.order_by("-bumped_at", "-id").values_list(*columns, *more)[:limit]
    return [(Listed(*row[: len(columns)]), row[len(columns) :]) for row in rows]


def names_in(conversation_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Return who sits in conversations of the viewer's: id and name, as they came. One query."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Seat.objects.filter(conversation_id__in=list(conversation_ids), left_at=None)
    for conversation_id, member_id, name in rows.order_by("id").values_list(
        "conversation_id", "member_id", "member__name"
    ):
        found[conversation_id].append((member_id, name))
    return found


def unread_counts(member_ids: Collection[int]) -> dict[int, int]:
    """Return how many unread conversations these members have. One query."""
    found = Seat.objects.filter(member_id__in=list(member_ids), left_at=None, is_unread=True)
    rows = found.values("member_id").annotate(n=Count("id"))
    return dict.fromkeys(member_ids, 0) | {row["member_id"]: row["n"] for row in rows}


def door_of(member_id: int) -> str:
    """Return whom a member lets write to them. One query."""
    found = Door.objects.filter(member_id=member_id).values_list("opens_to", flat=True).first()
    return found or Door.To.EVERYBODY.value


def reach(viewer: Viewer, member_ids: Collection[int], rung: Rung) -> list[Reach]:
    """Return what decides whether the viewer may write to these members; absent: no members.

    One query, two more for a newcomer: only to them it matters who is of the staff.
    """
    own = Tie.objects.filter(member_id=OuterRef("id"), other_id=viewer.require_member())
    found = (
        Member.objects.filter(id__in=list(member_ids))
        .order_by("id")
        .annotate(
            opens_to=Door.objects.filter(member_id=OuterRef("id")).values("opens_to"),
            follows=Exists(own.filter(kind=Tie.Kind.FOLLOW)),
            ignores=Exists(own.filter(kind=Tie.Kind.IGNORE)),
        )
    )
    staff = staff_among(member_ids) if rung == "new" else NONE
    return [
        Reach(
            member_id, name, is_active and is_claimed, opens_to or Door.To.EVERYBODY.value,
            follows, ignores, member_id in staff,
        )
        for member_id, name, is_active, is_claimed, opens_to, follows, ignores in found.values_list(
            "id", "name", "is_active", "is_claimed", "opens_to", "follows", "ignores"
        )
    ]  # fmt: skip


def latest_started(member_id: int, limit: int) -> list[datetime]:
    """Return when a member's latest conversations began, newest first. One query, by key."""
    found = Message.objects.filter(author_id=member_id, number=1).order_by("-id")
    return list(found.values_list("created_at", flat=True)[:limit])


def latest_written(member_id: int, limit: int) -> list[datetime]:
    """Return when a member's latest messages were written, newest first. One query, by key."""
    found = Message.objects.filter(author_id=member_id).order_by("-id")
    return list(found.values_list("created_at", flat=True)[:limit])


def latest_asked(member_id: int, limit: int) -> list[datetime]:
    """Return when a member last asked others into conversations, newest first; by key."""
    found = Seat.objects.filter(invited_by_id=member_id).order_by("-id")
    return list(found.values_list("joined_at", flat=True)[:limit])


def hearing_of(message_ids: Collection[int]) -> dict[int, Hearing]:
    """Return who is to hear of messages: who has not read them by now. Two queries.

    Those that were withdrawn are left out.
    """
    rows = Message.objects.filter(id__in=list(message_ids), withdrawn_at=None)
    found = list(rows.values_list("id", "conversation_id", "author_id", "number"))
    seats: dict[int, list[tuple[int, int]]] = defaultdict(list)
    there = Seat.objects.filter(conversation_id__in={row[1] for row in found}, left_at=None)
    for conversation_id, *seat in there.values_list("conversation_id", "member_id", "read_number"):
        seats[conversation_id].append((seat[0], seat[1]))
    return {
        message_id: Hearing(
            conversation_id,
            author_id,
            tuple(
                member_id
                for member_id, read_number in seats[conversation_id]
                if member_id != author_id and read_number < number
            ),
        )
        for message_id, conversation_id, author_id, number in found
    }


def newest_message(conversation_id: int) -> int | None:
    """Return the last message of a conversation that was not withdrawn. One query."""
    found = Message.objects.filter(conversation_id=conversation_id, withdrawn_at=None)
    return found.order_by("-number").values_list("id", flat=True).first()


def messages_by(member_id: int, after: int, limit: int) -> list[OwnMessage]:
    """Return a member's own messages in the order of their ids, from one on. One query."""
    seats = Seat.objects.filter(seated(member_id), conversation_id=OuterRef("conversation_id"))
    found = Message.objects.filter(author_id=member_id, id__gt=after).order_by("id")
    rows = found.annotate(is_there=Exists(seats)).values_list(
        "id", "conversation_id", "number", "created_at", "withdrawn_at", "source",
        "conversation__title", "is_there",
    )  # fmt: skip
    return [OwnMessage._make(row) for row in rows[:limit]]


def messages_to(member_id: int, after: int, limit: int) -> list[Received]:
    """Return others' messages where a member sits, by their ids, from one on. One query."""
    found = Message.objects.filter(in_sight(member_id, ""), id__gt=after).order_by("id")
    rows = found.exclude(author_id=member_id).values_list(
        "id", "conversation_id", "number", "created_at", "author__name", "source",
        "conversation__title",
    )  # fmt: skip
    return [Received._make(row) for row in rows[:limit]]


_MESSAGE = (
    "id", "conversation_id", "number", "author_id", "author__name", "html",
    "created_at", "withdrawn_at",
)  # fmt: skip
