"""What waits of one's own; one thing that waits, for its author and its moderators."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.holds.queries import hold_of
from rostra.forum.threads.actions.approving import withdraw_held
from rostra.forum.threads.waiting import own_waiting
from rostra.kernel.errors import Invalid, NotFound
from rostra.reading.waiting_page import held_page
from rostra.web import addresses
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import see_other
from rostra.web.hold_words import detail_of, in_words
from rostra.web.request import RostraRequest
from rostra.web.waiting.deciding import FORM, cards_of, decide, typed

LISTED = 20  # more than may wait of one


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List what waits of the member's own."""
    rows = own_waiting(request.viewer.require_member(), limit=LISTED)
    context = {"cards": cards_of(request, rows), "in_words": in_words}
    return render(request, "waiting/own.html", context)


@require_safe
def follow(request: RostraRequest, hold_id: int) -> HttpResponse:
    """Go where the member reads what came of something that waited."""
    held = hold_of(hold_id)
    if held is None or held.author_id is None or held.author_id != request.viewer.member_id:
        raise NotFound
    if held.state == "approved":
        return HttpResponseRedirect(addresses.post(held.post_id))
    return HttpResponseRedirect(addresses.waiting(held.post_id))


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RostraRequest, post_id: int) -> HttpResponse:
    """Show what waits of a post: its author may take it back, its moderators decide."""
    values = dict.fromkeys(FORM, "")
    error: Expected | None = None
    if request.method == "POST":
        values = typed(request)
        held_page(request.viewer, post_id)  # to whom it does not exist nothing else is said
        try:
            if values["do"] == "withdraw":
                withdraw_held(request.viewer, post_id)
            else:
                decide(request, values)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other(addresses.waiting(post_id))
    page = held_page(request.viewer, post_id)
    context = {
        "page": page,
        "card": cards_of(request, [page.row])[0],
        "draft": _draft_of(page.row.kind, page.row.thread_id, page.row.board_id, post_id),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "in_words": in_words,
        "detail_of": detail_of,
    }
    return render(request, "waiting/one.html", context, status=status_of(error))


def _draft_of(kind: str, thread_id: int, board_id: int, post_id: int) -> str:
    """Return where an author finds the words again that were given back."""
    if kind == "thread":
        return f"/boards/{board_id}/start"
    return f"/threads/{thread_id}/reply" if kind == "reply" else f"/posts/{post_id}/edit"
