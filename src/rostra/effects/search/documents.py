"""From a post to what is indexed of it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zlib import crc32

from rostra.content.markup.excerpt import words as text_of
from rostra.effects.search.folding import fold, words
from rostra.effects.search.places import Document, place_of

ANY = "e"  # the fact every document has


class Indexable(Protocol):
    """What is asked of a post."""

    @property
    def id(self) -> int: ...
    @property
    def thread_id(self) -> int: ...
    @property
    def board_id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def author_id(self) -> int | None: ...
    @property
    def author_name(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def created_at(self) -> datetime | None: ...


def document_of(post: Indexable) -> Document:
    """Return a post as it is indexed: its words, quotes of others left out, and its facts."""
    author = by_guest(post.author_name) if post.author_id is None else by_member(post.author_id)
    facts = [ANY, in_thread(post.thread_id), in_board(post.board_id), author]
    if has_link(post.html):
        facts.append(WITH_LINK)
    return Document(
        place=place_of(post.id, post.created_at),
        title=words(post.title),
        body=words(text_of(post.html)),
        facts=facts,
    )


WITH_LINK = "l"


def in_thread(thread_id: int) -> str:
    """Return the fact that a post is in this thread."""
    return f"t{thread_id}"


def in_board(board_id: int) -> str:
    """Return the fact that a post is in this board; the live row is asked whether it still is."""
    return f"b{board_id}"


def by_member(member_id: int) -> str:
    """Return the fact that a member wrote a post."""
    return f"a{member_id}"


def by_guest(name: str) -> str:
    """Return the fact that a guest of this name wrote a post, however it is spelled."""
    return f"g{crc32(fold(name).encode()):x}"


def has_link(html: str) -> bool:
    """Return whether a fragment leads elsewhere."""
    return 'href="http' in html or "<rostra-embed" in html
