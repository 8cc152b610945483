"""Why an account was closed, for whose it is: they have no session to read it by, or to appeal.

Who gives the password is shown it in place of being let in. The form they appeal by carries a
signed slip that is good for nothing but that one appeal.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.access.queries import viewer_for
from rostra.forum.appeals.actions import file_appeal
from rostra.forum.members.queries import account_for
from rostra.forum.modlog.statements import latest_about
from rostra.kernel.errors import Invalid
from rostra.reading.record_page import statement_page
from rostra.web.act_words import in_words
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest

SALT = "rostra.closed"


def why(request: RostraRequest, member_id: int) -> HttpResponse | None:
    """Return the page that says why a member's account is closed; None where nothing says so.

    For who has shown that they know the password.
    """
    n = latest_about(member_id, "member.close")
    return None if n is None else _page(request, member_id, n, "", None)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: RostraRequest) -> HttpResponse:
    """Take an appeal against the closing of an account; say to who comes by a link where to go."""
    if request.method != "POST":
        filed = request.GET.get("filed") == "1"
        return render(request, "account/closed-filed.html", {"filed": filed})
    values = fields(request, "slip", "text")
    try:
        member_id, n = signing.loads(values["slip"], salt=SALT)
    except signing.BadSignature:
        return see_other("/account/closed")  # no slip of ours: the password is asked for again
    try:
        file_appeal(viewer_for(account_for(member_id)), n, values["text"])
    except EXPECTED as error:
        return _page(request, member_id, n, values["text"], error)
    return see_other("/account/closed?filed=1")


def _page(
    request: RostraRequest, member_id: int, n: int, words: str, error: Expected | None
) -> HttpResponse:
    context = {
        "page": statement_page(viewer_for(account_for(member_id)), n),
        "slip": signing.dumps([member_id, n], salt=SALT),
        "words": words,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "kind_in_words": in_words,
    }
    status = 403 if error is None else status_of(error)
    return render(request, "account/closed.html", context, status=status)
