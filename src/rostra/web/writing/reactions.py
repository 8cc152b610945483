"""Who reacted to a post, and reacting."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.reactions.actions import react
from rostra.forum.reactions.kinds import KINDS
from rostra.forum.reactions.queries import beside, who_reacted
from rostra.forum.threads import composing, rules
from rostra.reading.front_page import whole_tree_of
from rostra.web import addresses, query
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: RostraRequest, post_id: int) -> HttpResponse:
    """Show who reacted; take a reaction, "" to take one's own back."""
    found = composing.written(request.viewer, post_id)
    if request.method == "POST":
        react(request.viewer, post_id, fields(request, "kind")["kind"])
        if "application/json" not in request.headers.get("Accept", ""):
            return see_other(addresses.post(post_id))
    counts, _, mine = beside([post_id], [], request.viewer.member_id)
    if request.method == "POST":
        return JsonResponse({"mine": mine.get(post_id, ""), "counts": counts.get(post_id, ())})
    rows = who_reacted(post_id, before=query.whole(request, "before"), limit=PAGE + 1)
    return render(
        request,
        "writing/reactions.html",
        {
            "path": whole_tree_of(request.viewer).path(found.board_id),
            "post": found,
            "counts": counts.get(post_id, ()),
            "mine": mine.get(post_id, ""),
            "kinds": list(KINDS),
            "may_react": rules.may_react(request.viewer, found.thread, found.post),
            "rows": rows[:PAGE],
            "older": rows[PAGE - 1].id if len(rows) > PAGE else None,
        },
    )
