"""Taking a message back, and showing one to the staff."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.actions.messages import withdraw_message
from rostra.forum.conversations.actions.reporting import report_message
from rostra.forum.conversations.reports import has_reported
from rostra.kernel.errors import Invalid
from rostra.web import addresses
from rostra.web.errors import STATUS
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
    """Show a message to the staff, with a line that says why."""
    viewer = request.viewer
    message = queries.message_for(viewer, message_id)
    rules.may_report(viewer, message).enforce()
    typed = ""
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = fields(request, "line")["line"]
        try:
            report_message(viewer, message_id, typed)
            return see_other(f"/messages/{message_id}/report")
        except Invalid as error:
            errors = error.fields
    context = {
        "message": message,
        "is_done": has_reported(viewer, message_id),
        "typed": typed,
        "errors": errors,
        "around": rules.AROUND,
    }
    status = STATUS[Invalid] if errors else 200
    return render(request, "conversations/report.html", context, status=status)
