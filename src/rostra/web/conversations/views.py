"""The list of conversations, and one of them."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.effects.notifications.actions import read_group
from rostra.effects.notifications.rules import group_of_conversation
from rostra.effects.search.parse import LONGEST
from rostra.forum.conversations import queries
from rostra.forum.conversations.actions.people import note_read
from rostra.forum.threads.submissions import fresh_key
from rostra.kernel.paging import page_of
from rostra.reading.conversation_list import conversation_list
from rostra.reading.conversation_page import ConversationPage, conversation_page
from rostra.web import addresses, query
from rostra.web.conversations.articles import articles
from rostra.web.request import RostraRequest

log = logging.getLogger(__name__)

SHOWS = ("all", "unread")
SEEN_AS = (None, "document", "empty")  # what browsers say of a page that somebody looks at


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List the member's conversations, the liveliest first, or those that hold some words."""
    show = query.one_of(request, "show", SHOWS)
    text = query.words(request, "q", LONGEST)
    page = conversation_list(
        request.viewer,
        text=text,
        unread_only=show == "unread",
        before=query.key_of(request, "older", "latest"),
    )
    context = {"page": page, "show": show, "text": text, "key_text": query.key_text}
    return render(request, "conversations/index.html", context)


@require_safe
def show(request: RostraRequest, conversation_id: int, number: int | None = None) -> HttpResponse:
    """Show a conversation: one page of it, or the one where its reader is."""
    page = conversation_page(request.viewer, conversation_id, number)
    answer = render(
        request,
        "conversations/show.html",
        {"page": page, "articles": articles(request.viewer, page.messages), "key": fresh_key()},
    )
    _note_read(request, page)
    return answer


@require_safe
def message(request: RostraRequest, message_id: int) -> HttpResponse:
    """Go to a message where it stands."""
    found = queries.message_for(request.viewer, message_id)
    page = page_of(found.number, request.viewer.per_page)
    address = addresses.conversation(found.conversation_id, page)
    return HttpResponseRedirect(f"{address}#message-{found.number}")


def _note_read(request: RostraRequest, page: ConversationPage) -> None:
    """Note how far the reader has come; a page that is fetched ahead is not read yet."""
    said = request.META.get
    if request.method != "GET" or said("HTTP_SEC_PURPOSE"):
        return
    if said("HTTP_SEC_FETCH_DEST") not in SEEN_AS or not page.seat.is_unread or not page.messages:
        return
    try:
        note_read(request.viewer, page.seat.id, page.messages[-1].message.number)
        read_group(request.viewer, group_of_conversation(page.seat.id))
    except DatabaseError:
        log.warning("could not note what was read", exc_info=True)
