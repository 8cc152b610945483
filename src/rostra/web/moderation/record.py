"""A member's own record, and each statement of reasons in it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.appeals.actions import file_appeal
from rostra.kernel.errors import Invalid
from rostra.reading.record_page import record_page, statement_page
from rostra.web import query
from rostra.web.act_words import in_words
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List what was decided about the member, the latest first."""
    page = record_page(request.viewer, before=query.whole(request, "before"))
    done = query.one_of(request, "done", ("", "reported"))
    context = {"page": page, "done": done, "kind_in_words": in_words}
    return render(request, "moderation/record.html", context)


@require_safe
def statement(request: RostraRequest, n: int) -> HttpResponse:
    """Show the member a statement of reasons: what, why, by which rule, and what they can do."""
    return _statement(request, n, "", None)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: RostraRequest, n: int) -> HttpResponse:
    """Appeal against what a statement is about; the form stands below the statement."""
    if request.method != "POST":
        return _statement(request, n, "", None)
    words = fields(request, "text")["text"]
    try:
        file_appeal(request.viewer, n, words)
    except EXPECTED as error:
        return _statement(request, n, words, error)
    return see_other(f"/statements/{n}")


def _statement(request: RostraRequest, n: int, words: str, error: Expected | None) -> HttpResponse:
    context = {
        "page": statement_page(request.viewer, n),
        "kind_in_words": in_words,
        "words": words,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "moderation/statement.html", context, status=status_of(error))
