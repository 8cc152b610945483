"""A member's own record, and each statement of reasons in it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.reading.record_page import record_page, statement_page
from rostra.web import query
from rostra.web.moderation.kinds import in_words
from rostra.web.request import RostraRequest


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List what was decided about the member, the latest first."""
    page = record_page(request.viewer, before=query.whole(request, "before"))
    return render(request, "moderation/record.html", {"page": page, "kind_in_words": in_words})


@require_safe
def statement(request: RostraRequest, n: int) -> HttpResponse:
    """Show the member a statement of reasons: what, why, by which rule, and what they can do."""
    page = statement_page(request.viewer, n)
    return render(request, "moderation/statement.html", {"page": page, "kind_in_words": in_words})
