"""How a member wants to be told; and telling them no more, from a letter, without signing in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from rostra.effects.notifications import actions, queries
from rostra.effects.notifications.rules import KINDS, ways_of
from rostra.kernel.errors import NotFound
from rostra.web.forms import fields, see_other
from rostra.web.notifications.subscriptions import read_token
from rostra.web.request import RostraRequest

PAGE = "/account/notifications"


@require_http_methods(["GET", "HEAD", "POST"])
def ways(request: RostraRequest) -> HttpResponse:
    """Choose what is told, and by which way."""
    member_id = request.viewer.require_member()
    if request.method == "POST":
        names = [f"{kind}-{channel}" for kind in KINDS for channel in actions.CHANNELS]
        typed = fields(request, *names, "watches_own", "has_digest")
        channels: dict[str, list[str]] = {
            kind: [channel for channel in actions.CHANNELS if typed[f"{kind}-{channel}"]]
            for kind in KINDS
        }
        actions.choose_ways(
            member_id,
            channels,
            watches_own=bool(typed["watches_own"]),
            has_digest=bool(typed["has_digest"]),
        )
        return see_other(f"{PAGE}?saved=1")
    wish = queries.wishes_of(member_id)
    chosen = {kind: ways_of(wish.channels, kind) for kind in KINDS}
    context = {"chosen": chosen, "wish": wish, "saved": request.GET.get("saved") == "1"}
    return render(request, "notifications/ways.html", context)


@require_POST
def mail_again(request: RostraRequest) -> HttpResponse:
    """Send letters again to an address that gave some back."""
    fields(request)
    actions.try_mail_again(request.viewer.require_member())
    return see_other(f"{PAGE}?saved=1")


# Whoever holds the link may take letters off: the mail program itself asks so, with no cookie and
# no token of a form (RFC 8058). Nothing else can be done with it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: RostraRequest, token: str) -> HttpResponse:
    """Take letters off; looking at the page alone changes nothing."""
    found = read_token(token)
    if found is None:
        raise NotFound
    if request.method == "POST":
        actions.unsubscribe(found.member_id, found.what)
    is_done = request.method == "POST"
    context = {"token": token, "what": found.what, "is_done": is_done}
    return render(request, "notifications/unsubscribe.html", context)
