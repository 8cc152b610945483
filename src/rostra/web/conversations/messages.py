"""Beginning a conversation, writing in it, and changing what one wrote."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.actions.messages import (
    NEW,
    edit_message,
    send_message,
    start_conversation,
)
from rostra.forum.conversations.rules import Unreached
from rostra.forum.conversations.standing import held_to
from rostra.forum.members.names import tidy
from rostra.forum.threads.composing import draft_for
from rostra.forum.threads.submissions import Sent
from rostra.kernel import clock
from rostra.kernel.errors import Invalid
from rostra.web import addresses
from rostra.web.conversations.names import members_named
from rostra.web.form_page import EXPECTED, Expected, begun, form_page
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: RostraRequest) -> HttpResponse:
    """Begin a conversation; `to` names members to begin it with."""
    rules.may_start(request.viewer).enforce()
    if request.method != "POST":
        values = begun(request, NEW)
        asked = tidy(request.GET.get("to", "")[:200])
        return _new_page(request, {**values, "to": asked or values.get("to", "")})
    values = fields(request, "to", "title", "source", "key", "sure", "do")
    if values["do"] == "preview":
        return _new_page(request, values)
    try:
        return see_other(addresses.conversation(_started(request, values)))
    except EXPECTED as error:
        return _new_page(request, values, error)


def _started(request: RostraRequest, values: dict[str, str]) -> int:
    """Begin the conversation of a form; return it. All that is wrong is said at once."""
    to: list[int] = []
    wrong: Invalid | None = None
    try:
        to = members_named(values["to"])
    except Invalid as error:
        wrong = error  # what else is wrong is found with nobody named
    try:
        sent = Sent(values["key"], values["sure"] == "1")
        return start_conversation(
            request.viewer, to, values["title"], values["source"], sent=sent
        ).conversation_id
    except Invalid as error:
        if wrong is None:
            raise
        wrong.fields = {**error.fields, **wrong.fields}
        raise wrong from error


def _new_page(
    request: RostraRequest, values: dict[str, str], error: Expected | None = None
) -> HttpResponse:
    return form_page(
        request, "conversations/new.html", NEW, values, _context(request, error), error
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: RostraRequest, conversation_id: int) -> HttpResponse:
    """Write in a conversation."""
    viewer = request.viewer
    seat = queries.conversation_for(viewer, conversation_id)
    place, error = f"c{conversation_id}", None
    if request.method != "POST":
        values = begun(request, place)
    else:
        values = fields(request, "source", "key", "sure", "do")
        if values["do"] != "preview":
            try:
                message = send_message(
                    viewer,
                    conversation_id,
                    values["source"],
                    sent=Sent(values["key"], values["sure"] == "1"),
                )
                return see_other(addresses.message(message.pk))
            except EXPECTED as refused:
                error = refused
    context = {"seat": seat, **_context(request, error)}
    return form_page(request, "conversations/reply.html", place, values, context, error)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: RostraRequest, message_id: int) -> HttpResponse:
    """Change a message that nobody has read."""
    viewer = request.viewer
    message = queries.message_for(viewer, message_id)
    place, error = f"m{message_id}", None
    if request.method != "POST":
        read = queries.read_by_others(message.conversation_id, message.author_id)
        is_read = read >= message.number
        rules.may_edit(viewer, message, is_read=is_read, now=clock.now()).enforce()
        draft = draft_for(viewer, place)
        values = {"source": draft.source if draft is not None else message.source}
    else:
        values = fields(request, "source", "do")
        if values["do"] != "preview":
            try:
                edit_message(viewer, message_id, values["source"])
                return see_other(addresses.message(message_id))
            except EXPECTED as refused:
                error = refused
    context = {"message": message, **_context(request, error)}
    return form_page(request, "conversations/edit.html", place, values, context, error)


def _context(request: RostraRequest, error: Expected | None) -> dict[str, Any]:
    """Return the names an error is about, and where a newcomer stands, whose limits are told."""
    held = held_to(request.viewer)
    return {
        "unreached": error.names if isinstance(error, Unreached) else (),
        "standing": held.standing if held.rung == "new" else None,
        "pace": held.pace,
    }
