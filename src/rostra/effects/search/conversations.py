"""The words of conversations, folded; they are kept among the conversations, never in the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rostra.content.markup.excerpt import words as shown
from rostra.effects.search.folding import MOST_WORDS, normal, words
from rostra.forum.conversations.actions.indexing import index_words
from rostra.forum.conversations.events import MessageChanged, MessageSent
from rostra.forum.conversations.finding import to_index
from rostra.kernel.events import after_many
from rostra.kernel.jobs import every

AT_ONCE = 200


@after_many(MessageSent)
@after_many(MessageChanged)
def index_messages(happened: Sequence[MessageSent | MessageChanged]) -> None:
    """Put in the words of what waits, whichever event it was."""
    index_waiting()


@every(timedelta(minutes=1))
def index_waiting() -> None:
    """Put in the words of what was sent, changed, withdrawn or restored, some at a time."""
    for message in to_index(AT_ONCE):
        index_words(message, _folded(shown(message.html)), _folded(message.title))


def _folded(text: str) -> list[str]:
    return words(normal(text))[:MOST_WORDS]
