from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.forum.access import rules
from rostra.kernel.errors import Invalid
from rostra.reading.access_page import access_page
from rostra.web import query
from rostra.web.client import is_proxy_unknown
from rostra.web.request import RostraRequest


@require_safe
def access(request: RostraRequest) -> HttpResponse:
    """Say why a member may or may not do what in a board."""
    rules.may_manage_access(request.viewer).enforce()
    member = query.words(request, "member")
    errors: dict[str, str] = {}
    try:
        page = access_page(request.viewer, member, query.whole(request, "board"))
    except Invalid as error:
        errors = error.fields
        page = access_page(request.viewer, member, None)
    return render(
        request,
        "staff/access.html",
        {
            "page": page,
            "errors": errors,
            "is_open_to_listeners": not settings.IS_HTTPS,
            "is_proxy_unknown": is_proxy_unknown(request),
        },
        status=422 if errors else 200,
    )
