"""The page of what a member was told."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from rostra.effects.notifications import actions, queries
from rostra.kernel.errors import Invalid, NotFound
from rostra.web import addresses, query
from rostra.web.forms import fields, see_other
from rostra.web.notifications.words import on_page
from rostra.web.request import RostraRequest


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """Show what the member was told, the latest first, one line for what belongs together."""
    told = queries.latest_for(request.viewer, before=query.whole(request, "before"))
    older = told[-1].id if len(told) == queries.LOOKED_AT else None
    lines = [(line, on_page(line)) for line in queries.lines(told)]
    return render(
        request,
        "notifications/index.html",
        {"lines": lines, "newest": told[0].id if told else None, "older": older},
    )


@require_safe
def follow(request: RostraRequest, notification_id: int) -> HttpResponse:
    """Go where something happened; its line is read now."""
    told = queries.one_for(request.viewer, notification_id)
    if told is None:
        raise NotFound
    if request.method == "GET" and not request.headers.get("Sec-Purpose"):
        actions.read_group(request.viewer, told.group)
    if told.group.startswith("claim:"):
        return HttpResponseRedirect(addresses.claim(int(told.group.partition(":")[2])))
    if told.kind == "panel":
        return HttpResponseRedirect("/notes/rate")
    if told.post_id is not None:
        return HttpResponseRedirect(addresses.post(told.post_id))
    if told.message_id is not None:
        return HttpResponseRedirect(addresses.message(told.message_id))
    if told.kind == "notice":
        about, _, number = told.group.partition(":")
        return HttpResponseRedirect(addresses.notice(about, int(number)))
    return HttpResponseRedirect(addresses.member(told.actor_id or 0, told.actor or ""))


@require_POST
def read_all(request: RostraRequest) -> HttpResponse:
    """Call all read that the page showed."""
    request.viewer.require_member()
    newest = fields(request, "newest")["newest"]
    if not newest.isascii() or not newest.isdecimal() or len(newest) > 18:
        raise Invalid({"newest": "unknown_field"})
    actions.read_all(request.viewer, int(newest))
    return see_other("/notifications")
