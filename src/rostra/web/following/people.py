"""Whom a member follows, whom they ignore, and what they mute."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from rostra.forum.members.queries import card_of
from rostra.forum.members.ties import set_tie, ties_of
from rostra.forum.threads.marks import muted_tags
from rostra.web import addresses
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_POST
def tie(request: RostraRequest, member_id: int) -> HttpResponse:
    """Follow or ignore a member, or neither; back to where it was done."""
    typed = fields(request, "kind", "from")
    set_tie(request.viewer.require_member(), member_id, typed["kind"])
    if typed["from"] == "people":
        return see_other("/account/people")
    return see_other(addresses.member(member_id, card_of(member_id).name))


@require_safe
def own(request: RostraRequest) -> HttpResponse:
    """List both, and the tags they mute."""
    member_id = request.viewer.require_member()
    context = {"lists": ties_of(member_id), "tags": muted_tags(member_id)}
    return render(request, "following/people.html", context)
