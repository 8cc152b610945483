"""Whose posts wait whatever they say: groups, boards, a thread, newcomers for some hours."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.holds.actions import let_wait, wait_no_longer
from rostra.forum.holds.queries import has_caution
from rostra.forum.holds.rules import may_caution
from rostra.forum.threads.actions.approving import let_thread_wait
from rostra.forum.threads.queries import thread_for
from rostra.kernel.errors import Invalid
from rostra.reading.cautions_page import cautions_page
from rostra.web import addresses
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.hold_words import in_words
from rostra.web.request import RostraRequest

FORM = ("do", "scope", "target", "hours", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: RostraRequest) -> HttpResponse:
    """Show whose posts wait, and have those of more wait, or of fewer."""
    values = dict.fromkeys(FORM, "")
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *FORM)
        try:
            _change(request, values)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other("/staff/cautions")
    context = {
        "page": cautions_page(request.viewer),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "in_words": in_words,
    }
    return render(request, "waiting/cautions.html", context, status=status_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Have all further posts in a thread wait, or no longer."""
    found = thread_for(request.viewer, thread_id)
    may_caution(request.viewer, "thread", found.board_id, moderates_everything=False).enforce()
    waits = has_caution("thread", thread_id)
    reason = ""
    error: Expected | None = None
    if request.method == "POST":
        reason = fields(request, "reason")["reason"]
        try:
            let_thread_wait(request.viewer, thread_id, waits=not waits, reason=reason)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other(addresses.thread(found.id, found.title))
    context = {
        "thread": found,
        "waits": waits,
        "reason": reason,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "waiting/thread.html", context, status=status_of(error))


def _change(request: RostraRequest, values: dict[str, str]) -> None:
    viewer, reason, target = request.viewer, values["reason"], id_in(values["target"])
    match values["do"], values["scope"]:
        case "set", "group" | "threads" | "board" as scope:
            let_wait(viewer, scope, target, reason=reason)
        case "set", "newcomers":
            let_wait(viewer, "newcomers", hours=id_in(values["hours"]), reason=reason)
        case "lift", "group" | "threads" | "board" as scope:
            wait_no_longer(viewer, scope, target, reason=reason)
        case "lift", "newcomers":
            wait_no_longer(viewer, "newcomers", reason=reason)
        case "lift", "thread":
            let_thread_wait(viewer, target, waits=False, reason=reason)
        case _:
            raise Invalid({"scope": "not_a_choice"})
