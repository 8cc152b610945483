"""Every address of a page, made in one place; slugs are for the eye, never needed."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from rostra.kernel.text import slug

_THREAD = re.compile(r"(?:[^\s]*/threads/)?([1-9][0-9]{0,17})(?:[./#?].*)?")


def thread(thread_id: int, title: str, page: int = 1) -> str:
    """Return the address of a page of a thread."""
    address = f"/threads/{_named(thread_id, title)}"
    return address if page == 1 else f"{address}/page-{page}"


def thread_named(text: str) -> int:
    """Return the id of a thread by its number or address; 0, which none has, for anything else."""
    found = _THREAD.fullmatch(text.strip())
    return int(found[1]) if found is not None else 0


def board(board_id: int, title: str) -> str:
    """Return the address of a board."""
    return f"/boards/{_named(board_id, title)}"


def member(member_id: int, name: str) -> str:
    """Return the address of a member's page."""
    return f"/members/{_named(member_id, name)}"


def tag(words: str) -> str:
    """Return the address of the threads under a tag, which has no underscores of its own."""
    return f"/tags/{quote(words.replace(' ', '_'))}"


def post(post_id: int) -> str:
    """Return the address of a post that survives every move."""
    return f"/posts/{post_id}"


def conversation(conversation_id: int, page: int | None = None) -> str:
    """Return the address of a conversation: where its reader is, or one page of it."""
    address = f"/conversations/{conversation_id}"
    return address if page is None else f"{address}/page-{page}"


def message(message_id: int) -> str:
    """Return the address of a message in a conversation."""
    return f"/messages/{message_id}"


def document(document_id: int) -> str:
    """Return the address of a document elsewhere, as this forum knows it."""
    return f"/documents/{document_id}"


def claim(claim_id: int) -> str:
    """Return the address of a claim."""
    return f"/claims/{claim_id}"


def waiting(post_id: int) -> str:
    """Return where something that waits for approval is read by who may see it."""
    return f"/posts/{post_id}/waiting"


def notice(about: str, number: int) -> str:
    """Return where a member reads what a notice is about: a statement, their report, an archive."""
    return {
        "statement": f"/statements/{number}",
        "appeal": f"/statements/{number}",
        "held": f"/account/waiting/{number}",
        "report": f"/account/record#report-{number}",
        "takeout": "/account/data",
    }[about]


def is_at(path: str, address: str) -> bool:
    """Return whether a request's decoded path is this address."""
    return path == unquote(address)


def _named(number: int, title: str) -> str:
    words = slug(title)
    return f"{number}.{quote(words)}" if words else str(number)
