"""Taking a message back, and showing one to the staff."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.actions.messages import withdraw_message
from rostra.forum.conversations.reports import has_reported
from rostra.forum.modlog.rulebook import rules_in_force
from rostra.kernel.errors import Invalid
from rostra.web import addresses
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: RostraRequest, message_id: int) -> HttpResponse:
    """Take one's own message back."""
    message = queries.message_for(request.viewer, message_id)
    if request.method == "POST":
        fields(request)
        withdraw_message(request.viewer, message_id)
        return see_other(addresses.message(message_id))
    rules.may_withdraw(request.viewer, message).enforce()
    return render(request, "conversations/withdraw.html", {"message": message})


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: RostraRequest, message_id: int) -> HttpResponse:
    """Show a message to the staff, with the rule it breaks and a line that says why."""
    viewer = request.viewer
    message = queries.message_for(viewer, message_id)
    rules.may_report(viewer, message).enforce()
    values = {"rule": "", "line": ""}
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, "rule", "line")
        try:
            report_item(viewer, "message", message_id, **values)
            return see_other(f"/messages/{message_id}/report")
        except EXPECTED as refused:
            error = refused
    context = {
        "message": message,
        "is_done": has_reported(viewer, message_id),
        "rules": rules_in_force(),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "conversations/report.html", context, status=status_of(error))
