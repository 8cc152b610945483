"""What staff know of a member: record, notes, and who comes from the same place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostra.forum.members.sessions import Alike
from rostra.forum.sanctions.actions.noting import look_at_networks, withdraw_note, write_note
from rostra.forum.sanctions.rules import may_see_networks
from rostra.kernel import clock
from rostra.kernel.errors import Invalid
from rostra.reading.sanction_page import staff_page
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest


@require_safe
def member(request: RostraRequest, member_id: int) -> HttpResponse:
    """Show what staff know of a member; never to that member."""
    return _page(request, member_id, "", None)


@require_POST
def notes(request: RostraRequest, member_id: int) -> HttpResponse:
    """Write a note about a member, or withdraw one."""
    values = fields(request, "note", "withdraw")
    try:
        if values["withdraw"]:
            withdraw_note(request.viewer, id_in(values["withdraw"]))
        else:
            write_note(request.viewer, member_id, values["note"])
    except EXPECTED as error:
        return _page(request, member_id, values["note"], error)
    return see_other(f"/staff/members/{member_id}#notes")


@require_http_methods(["GET", "HEAD", "POST"])
def networks(request: RostraRequest, member_id: int) -> HttpResponse:
    """Say who comes from where a member does; asked for by a form, because it is put down."""
    may_see_networks(request.viewer, member_id).enforce()
    found: list[Alike] | None = None
    if request.method == "POST":
        fields(request)
        found = look_at_networks(request.viewer, member_id)
    context = {"page": staff_page(request.viewer, member_id), "found": found}
    return render(request, "sanctions/networks.html", context)


def _page(
    request: RostraRequest, member_id: int, note: str, error: Expected | None
) -> HttpResponse:
    context = {
        "page": staff_page(request.viewer, member_id),
        "note": note,
        "now": clock.now(),
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "sanctions/member.html", context, status=status_of(error))
