"""Where reported messages were listed; they are cases like all others now."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from rostra.forum.conversations import rules
from rostra.web.request import RostraRequest


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """Send whoever moderates on to the cases."""
    rules.may_see_reports(request.viewer).enforce()
    return HttpResponsePermanentRedirect("/staff/cases?kind=message")
