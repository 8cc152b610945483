"""Acts that wait for a second person, and confirming them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.seconds.actions import confirm_act
from rostra.kernel.errors import Invalid
from rostra.reading.seconds_page import seconds_page
from rostra.web.act_words import in_words
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: RostraRequest) -> HttpResponse:
    """Show what waits for a second person; confirm one of them."""
    error: Expected | None = None
    values = {"entry": "", "reason": ""}
    if request.method == "POST":
        values = fields(request, "entry", "reason")
        try:
            confirm_act(request.viewer, id_in(values["entry"]), values["reason"])
        except EXPECTED as refused:
            error = refused
        else:
            return see_other("/staff/seconds")
    context = {
        "rows": seconds_page(request.viewer),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "kind_in_words": in_words,
    }
    return render(request, "moderation/seconds.html", context, status=status_of(error))
