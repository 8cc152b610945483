"""Reported messages, for those who moderate."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.conversations import reports
from rostra.forum.conversations.actions.reporting import close_report
from rostra.kernel.errors import Invalid
from rostra.web import query
from rostra.web.forms import fields, see_other
from rostra.web.fragments import filled, worded
from rostra.web.request import RostraRequest

PER_PAGE = 20
SHOWS = ("open", "closed")


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: RostraRequest) -> HttpResponse:
    """List reports, each with the message and what stands around it; note one as dealt with."""
    if request.method == "POST":
        number = fields(request, "report")["report"]
        if not number.isascii() or not number.isdecimal() or len(number) > 18:
            raise Invalid({"report": "not_a_choice"})
        close_report(request.viewer, int(number))
        return see_other("/staff/messages")
    show = query.one_of(request, "show", SHOWS)
    found = reports.reports_for(
        request.viewer,
        closed=show == "closed",
        before=query.whole(request, "before"),
        limit=PER_PAGE + 1,
    )
    shown = found[:PER_PAGE]
    fragments = [worded(message.html) for one in shown for message in one.messages]
    words = iter(filled(request.viewer, fragments))
    rows = [(one.report, [(message, next(words)) for message in one.messages]) for one in shown]
    older = shown[-1].report.id if len(found) > len(shown) else None
    return render(
        request, "conversations/reports.html", {"rows": rows, "show": show, "older": older}
    )
