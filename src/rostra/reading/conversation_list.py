"""A member's conversations, and the words they look for in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rostra.content.markup.excerpt import excerpt as shortened
from rostra.content.markup.excerpt import words as text_of
from rostra.effects.search import matching
from rostra.effects.search.matching import Piece, Words
from rostra.effects.search.parse import Query, parse
from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import queries
from rostra.forum.conversations.finding import Sought, conversations_with
from rostra.forum.conversations.queries import Listed
from rostra.forum.threads.listing import Key

NAMED = 4  # people whose names stand beside a conversation
_OPERATORS = re.compile(r"[:\-–−]")  # of the public search; here all of it is words


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in the list; where words are looked for, what fits them."""

    conversation: Listed
    people: Sequence[tuple[int, str]]  # besides the viewer, no more than are named
    others: int  # besides these
    title: Sequence[Piece]
    words: Sequence[Piece]
    message_id: int | None


@dataclass(frozen=True, slots=True)
class ConversationList:
    """A page of the list; the key to go on from, None at the end."""

    entries: list[Entry]
    older: Key | None
    is_searched: bool


def conversation_list(
    viewer: Viewer, *, text: str = "", unread_only: bool = False, before: Key | None = None
) -> ConversationList:
    """Gather one page: the viewer's own conversations, or those that hold some words.

    Two queries, one more where words are looked for.
    """
    size = viewer.per_page
    query = parse(_OPERATORS.sub(" ", text))
    if query.terms:
        sought = [_sought(query, place) for place in range(len(query.terms))]
        found = conversations_with(viewer, sought, before=before, limit=size + 1)
        rows = [(one.conversation, one.message_id, one.html) for one in found]
    else:
        own = queries.conversations_of(
            viewer, unread_only=unread_only, before=before, limit=size + 1
        )
        rows = [(row, None, "") for row in own]
    shown = rows[:size]
    names = queries.names_in([row.id for row, _, _ in shown])
    return ConversationList(
        entries=[
            _entry(viewer, query, row, message_id, html, names.get(row.id, []))
            for row, message_id, html in shown
        ],
        older=shown[-1][0].key if len(rows) > size else None,
        is_searched=bool(query.terms),
    )


def _sought(query: Query, place: int) -> Sought:
    phrases = query.terms[place].phrases
    return Sought(
        tuple(phrase.words for phrase in phrases), tuple(phrase.is_prefix for phrase in phrases)
    )


def _entry(
    viewer: Viewer,
    query: Query,
    row: Listed,
    message_id: int | None,
    html: str,
    people: list[tuple[int, str]],
) -> Entry:
    others = [one for one in people if one[0] != viewer.member_id]
    text = shortened(html, 100_000) if 'class="spoiler"' in html else text_of(html)
    return Entry(
        conversation=row,
        people=others[:NAMED],
        others=max(len(others) - NAMED, 0),
        title=matching.marked(query, Words(row.title)),
        words=matching.excerpt(query, Words(text)) if html else (),
        message_id=message_id,
    )
