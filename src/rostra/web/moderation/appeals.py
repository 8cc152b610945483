"""Appeals, for those who decide them."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.access.rules import may_moderate_anywhere
from rostra.forum.appeals import queries
from rostra.forum.appeals.actions import decide_appeal
from rostra.forum.appeals.rules import Outcome
from rostra.kernel.errors import Invalid
from rostra.reading.appeal_page import appeal_page
from rostra.web import query
from rostra.web.act_words import in_words
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest

PER_PAGE = 30


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List open appeals, those that were filed against the oldest acts first."""
    may_moderate_anywhere(request.viewer).enforce()
    found = queries.appeals_for(
        request.viewer, after=query.whole(request, "after"), limit=PER_PAGE + 1
    )
    rows = found[:PER_PAGE]
    further = rows[-1].log_n if len(found) > PER_PAGE else None
    return render(request, "moderation/appeals.html", {"rows": rows, "further": further})


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RostraRequest, n: int) -> HttpResponse:
    """Show an appeal beside the act it is against; decide it."""
    may_moderate_anywhere(request.viewer).enforce()
    values = {"outcome": "", "reason": ""}
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, "outcome", "reason")
        try:
            decide_appeal(request.viewer, n, cast("Outcome", values["outcome"]), values["reason"])
        except EXPECTED as refused:
            error = refused
        else:
            return see_other(f"/staff/appeals/{n}")
    context = {
        "page": appeal_page(request.viewer, n),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "kind_in_words": in_words,
    }
    return render(request, "moderation/appeal.html", context, status=status_of(error))
