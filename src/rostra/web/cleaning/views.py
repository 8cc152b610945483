"""The page from which all that a spammer left is taken away, and put back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.cleaning.actions import Wishes, clean_member, undo_cleaning
from rostra.kernel.errors import Invalid
from rostra.reading.cleaning_page import cleaning_page
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest

TICKED = ("posts", "profile", "suspend")
FORM = ("do", *TICKED, "rule", "reason", "entry", "why")


@require_http_methods(["GET", "HEAD", "POST"])
def clean(request: RostraRequest, member_id: int) -> HttpResponse:
    """Show all that would go, take it away, or put back what was taken."""
    values = {**dict.fromkeys(FORM, ""), **dict.fromkeys(TICKED, "1"), "rule": "R5"}
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *FORM)
        try:
            _do(request, member_id, values)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other(f"/members/{member_id}/clean")
    context = {
        "page": cleaning_page(request.viewer, member_id),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "cleaning/clean.html", context, status=status_of(error))


def _do(request: RostraRequest, member_id: int, values: dict[str, str]) -> None:
    match values["do"]:
        case "clean":
            ticked = {name: bool(values[name]) for name in TICKED}
            wishes = Wishes(values["rule"], values["reason"], **ticked)
            clean_member(request.viewer, member_id, wishes)
        case "undo":
            try:
                undo_cleaning(request.viewer, id_in(values["entry"]), values["why"])
            except Invalid as error:  # the page has two reasons: this one is its own field
                raise Invalid({"why": error.fields.get("reason", "not_a_choice")}) from error
        case _:
            raise Invalid({"chosen": "not_a_choice"})
