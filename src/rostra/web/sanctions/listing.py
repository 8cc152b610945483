"""What holds of sanctions, and one of them: lifted, or ending sooner."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.sanctions import queries
from rostra.forum.sanctions.actions.easing import shorten_limit, take_back_sanction
from rostra.forum.sanctions.queries import Asked, LimitRow
from rostra.kernel import clock
from rostra.kernel.errors import Invalid
from rostra.reading.sanction_page import list_page
from rostra.web import query
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest

KINDS = ("", "warn", "limit", "read_only", "suspend", "ban")


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List what holds now of who may do what, the latest first."""
    asked = Asked(
        kind=query.one_of(request, "kind", KINDS),
        rule=query.words(request, "rule", 8),
        board_id=query.whole(request, "board"),
    )
    page = list_page(request.viewer, asked, before=query.whole(request, "before"))
    typed = {"kind": asked.kind, "rule": asked.rule, "board": str(asked.board_id or "")}
    context = {
        "page": page,
        "typed": typed,
        "query": urlencode({name: value for name, value in typed.items() if value}),
    }
    return render(request, "sanctions/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RostraRequest, n: int) -> HttpResponse:
    """Show a warning or a limit, take it back, or have a limit end sooner."""
    found = queries.sanction_for(request.viewer, n)
    values = {"reason": "", "days": ""}
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, "reason", "days", "do")
        try:
            _ease(request, n, values)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other(f"/staff/sanctions/{n}")
    context = {
        "row": found,
        "is_limit": isinstance(found, LimitRow),
        "holds": found.holds(clock.now()),
        "may": queries.may_sanction_now(request.viewer, found.member_id, found.board_id),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "sanctions/one.html", context, status=status_of(error))


def _ease(request: RostraRequest, n: int, values: dict[str, str]) -> None:
    match values["do"]:
        case "take_back":
            take_back_sanction(request.viewer, n, values["reason"])
        case "shorten":
            days = values["days"].strip()
            is_number = days.isascii() and days.isdecimal() and len(days) < 6
            shorten_limit(request.viewer, n, int(days) if is_number else None, values["reason"])
        case _:
            raise Invalid({"do": "not_a_choice"})
