"""Watching threads, boards and claims, and calling them read."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from rostra.forum.claims.actions.watching import watch_claim
from rostra.forum.threads.actions.marks import (
    mark_read,
    mute_tag,
    watch_board,
    watch_thread,
)
from rostra.forum.threads.queries import thread_for
from rostra.forum.threads.tags import tag_of
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound
from rostra.reading.front_page import whole_tree_of
from rostra.web import addresses
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_POST
def thread(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Watch a thread, mute it, or neither."""
    watch_thread(request.viewer, thread_id, fields(request, "level")["level"])
    title = thread_for(request.viewer, thread_id).title
    return see_other(addresses.thread(thread_id, title))


@require_POST
def board(request: RostraRequest, board_id: int) -> HttpResponse:
    """Watch a board, mute it, or neither."""
    watch_board(request.viewer, board_id, fields(request, "level")["level"])
    return see_other(_of_board(request, board_id))


@require_POST
def claim(request: RostraRequest, claim_id: int) -> HttpResponse:
    """Watch a claim, or no longer."""
    watch_claim(request.viewer, claim_id, fields(request, "level")["level"])
    return see_other(addresses.claim(claim_id))


@require_POST
def tag(request: RostraRequest) -> HttpResponse:
    """Mute a tag, or no longer; back to where it was done."""
    typed = fields(request, "tag", "level", "from")
    try:
        words = tag_of(typed["tag"])
    except ValueError as error:
        raise Invalid({"tag": str(error)}) from error
    mute_tag(request.viewer, words, typed["level"])
    return see_other("/account/people" if typed["from"] == "people" else addresses.tag(words))


@require_POST
def all_read(request: RostraRequest) -> HttpResponse:
    """Call read what was written until the page was made, in one board or everywhere."""
    typed = fields(request, "board", "until")
    until = _time(typed["until"])
    if not typed["board"]:
        mark_read(request.viewer, None, until)
        return see_other("/whats-new?show=unread")
    board_id = _number(typed["board"])
    mark_read(request.viewer, board_id, until)
    return see_other(_of_board(request, board_id))


def _of_board(request: RostraRequest, board_id: int) -> str:
    return addresses.board(board_id, whole_tree_of(request.viewer).rows[board_id].title)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise NotFound
    return int(text)


def _time(text: str) -> datetime:
    """Return the time a page was made at; never one to come."""
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise Invalid({"until": "unknown_field"})
    return min(datetime.fromtimestamp(int(text), UTC), clock.now())
