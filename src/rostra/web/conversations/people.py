"""Who is in a conversation, and who may write to a member."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.actions.people import (
    invite_members,
    leave_conversation,
    mark_unread,
    open_door,
)
from rostra.forum.conversations.rules import Unreached
from rostra.kernel.errors import Invalid
from rostra.web import addresses
from rostra.web.conversations.names import members_named
from rostra.web.errors import STATUS
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: RostraRequest, conversation_id: int) -> HttpResponse:
    """Ask members into a conversation."""
    viewer = request.viewer
    seat = queries.conversation_for(viewer, conversation_id)
    typed = ""
    error: Expected | None = None
    if request.method == "POST":
        typed = fields(request, "to")["to"]
        try:
            invite_members(viewer, conversation_id, members_named(typed))
            return see_other(addresses.conversation(conversation_id))
        except EXPECTED as refused:
            error = refused
    people = queries.people_in(conversation_id, viewer.require_member())
    there = [one for one in people if not one.has_left]
    if error is None:
        rules.may_invite(viewer, len(there)).enforce()
    context = {
        "seat": seat,
        "people": there,
        "typed": typed,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "unreached": error.names if isinstance(error, Unreached) else (),
        "refusal": refusal_of(error),
        "most": rules.MOST_SEATS,
    }
    return render(request, "conversations/invite.html", context, status=status_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: RostraRequest, conversation_id: int) -> HttpResponse:
    """Leave a conversation."""
    seat = queries.conversation_for(request.viewer, conversation_id)
    if request.method == "POST":
        fields(request)
        leave_conversation(request.viewer, conversation_id)
        return see_other("/conversations")
    return render(request, "conversations/leave.html", {"seat": seat})


@require_POST
def unread(request: RostraRequest, conversation_id: int) -> HttpResponse:
    """Put a conversation among the unread again; back to the list."""
    fields(request)
    mark_unread(request.viewer, conversation_id)
    return see_other("/conversations")


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: RostraRequest) -> HttpResponse:
    """Choose who may write to oneself."""
    member_id = request.viewer.require_member()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            open_door(member_id, fields(request, "opens_to")["opens_to"])
            return see_other("/account/conversations?saved=1")
        except Invalid as error:
            errors = error.fields
    context = {
        "opens_to": queries.door_of(member_id),
        "errors": errors,
        "saved": request.GET.get("saved") == "1",
    }
    status = STATUS[Invalid] if errors else 200
    return render(request, "conversations/door.html", context, status=status)
