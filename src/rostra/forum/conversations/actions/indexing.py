"""Putting the words of messages into the table by which they are found."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from rostra.forum.conversations.finding import TITLE, ToIndex
from rostra.forum.conversations.models import Message, Word


@transaction.atomic
def index_words(message: ToIndex, words: Iterable[str], title: Iterable[str]) -> None:
    """Put a message's folded words into the table, and those of the title with the first."""
    locked = Message.objects.select_for_update(no_key=True).filter(id=message.id)
    now = locked.values_list("html", "withdrawn_at").first()
    if now is None or ("" if now[1] is not None else now[0]) != message.html:
        return  # changed meanwhile: its words as they are now are put in later
    numbered = [(message.number, words)]
    if message.number == 1:
        numbered.append((TITLE, title))
    for number, some in numbered:
        own = Word.objects.filter(conversation_id=message.conversation_id, number=number)
        own.delete()
        Word.objects.bulk_create(
            (
                Word(conversation_id=message.conversation_id, word=word, number=number)
                for word in sorted(set(some))
            ),
            ignore_conflicts=True,
            batch_size=500,
        )
    Message.objects.filter(id=message.id).update(is_indexed=True)
