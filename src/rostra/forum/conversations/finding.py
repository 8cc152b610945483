"""Finding words in one's own conversations, by a table of folded words of their own.

The words are folded above, where the search is; the public index never hears of any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery

from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations.models import Message, Seat, Word
from rostra.forum.conversations.queries import Listed, listed
from rostra.forum.conversations.readable import seated
from rostra.forum.threads.listing import Key
from rostra.kernel import dialect

LAST = "\U0010ffff"
TITLE = 0  # the number that words of the title stand under


class Sought(NamedTuple):
    """One thing looked for: some words together, in any of these spellings."""

    spellings: tuple[tuple[str, ...], ...]
    is_beginning: tuple[bool, ...]  # of each: its last word is the beginning of one


class Found(NamedTuple):
    """A conversation that holds the words, and the latest message read with one of them."""

    conversation: Listed
    message_id: int | None  # None where the title alone holds them, or what is unread
    html: str


class ToIndex(NamedTuple):
    """A message whose words are not in the table as they are now."""

    id: int
    conversation_id: int
    number: int
    html: str  # "" for one that was withdrawn
    title: str


def conversations_with(
    viewer: Viewer, sought: Sequence[Sought], *, before: Key | None = None, limit: int
) -> list[Found]:
    """Return those of the viewer's conversations that hold all of these words, by key.

    Two queries; the first looks each word up in each of the viewer's own conversations.
    """
    found = Seat.objects.filter(seated(viewer.require_member()))
    for one in sought:
        found = found.filter(_holds(one))
    newest = {f"newest_{at}": _newest(one) for at, one in enumerate(sought)}
    rows = listed(found.annotate(**newest), before, limit, *newest)
    pairs = {row.id: next(filter(None, more), 0) for row, more in rows}
    messages = _messages(pairs)
    return [Found(row, *messages.get(row.id, (None, ""))) for row, _ in rows]


def to_index(limit: int) -> list[ToIndex]:
    """Return messages whose words are still to be put into the table. One query."""
    rows = (
        Message.objects.filter(is_indexed=False)
        .order_by("id")
        .values_list(
            "id", "conversation_id", "number", "html", "conversation__title", "withdrawn_at"
        )
    )
    return [ToIndex(*row[:3], "" if row[5] is not None else row[3], row[4]) for row in rows[:limit]]


def _holds(one: Sought) -> Q:
    """Return the condition, on seats, that the conversation holds one of the spellings."""
    found = Q()
    for words, is_beginning in zip(one.spellings, one.is_beginning, strict=True):
        every = Q()
        for place, word in enumerate(words):
            like = _like(word, is_beginning=is_beginning and place == len(words) - 1)
            rows = Word.objects.filter(like, conversation_id=OuterRef("conversation_id"))
            every &= Q(Exists(rows))
        found |= every
    return found


def _newest(one: Sought) -> Subquery:
    """Return the number of a conversation's latest message with one of the spellings.

    Of those that its reader was shown: what they have not read can be changed still.
    """
    found = Word.objects.filter(
        _any_of(one),
        conversation_id=OuterRef("conversation_id"),
        number__gt=TITLE,
        number__lte=OuterRef("read_number"),
    )
    return Subquery(found.order_by("-number").values("number")[:1])


def _messages(numbers: Mapping[int, int]) -> dict[int, tuple[int, str]]:
    """Return id and fragment of one message of each conversation: conversation → number."""
    wanted = Q()
    for conversation_id, number in numbers.items():
        if number:
            wanted |= Q(conversation_id=conversation_id, number=number)
    if not wanted:
        return {}
    rows = Message.objects.filter(wanted, withdrawn_at=None)
    return {row[0]: row[1:] for row in rows.values_list("conversation_id", "id", "html")}


def _any_of(one: Sought) -> Q:
    """Return the condition, on words, that it is one of those looked for."""
    found = Q()
    for words, is_beginning in zip(one.spellings, one.is_beginning, strict=True):
        found |= _like(words[-1], is_beginning=is_beginning)
    return found


def _like(word: str, *, is_beginning: bool) -> Q:
    if not is_beginning:
        return Q(word=word)
    if dialect.current() == "sqlite":  # LIKE has no use of the index here
        return Q(word__gte=word, word__lt=word + LAST)
    return Q(word__startswith=word)
