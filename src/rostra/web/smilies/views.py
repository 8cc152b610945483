"""The forum's own smilies on one page: what there is, and a form to add one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.smilies import rules
from rostra.forum.smilies.actions import Arranged, add_smilie, arrange_smilies
from rostra.forum.smilies.queries import SmilieRow, smilies_for
from rostra.forum.smilies.rules import Wish
from rostra.kernel.errors import Invalid
from rostra.web import sure
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, files_in, see_other
from rostra.web.request import RostraRequest

ADD = ("do", "code", "sign", "words", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
@sure.members_only
def index(request: RostraRequest) -> HttpResponse:
    """List the smilies; add one, or switch them on and off and order them."""
    rows = smilies_for(request.viewer)
    typed: dict[str, str] = {}
    error: Expected | None = None
    if request.method == "POST":
        is_adding = request.POST.get("do") == "add"
        names = ADD if is_adding else ("do", "reason", *_names(rows))
        typed = fields(request, *names, files="picture" if is_adding else "")
        try:
            if is_adding:
                _add(request, typed)
            elif typed["do"] == "arrange":
                arrange_smilies(request.viewer, _arranged(rows, typed), reason=typed["reason"])
            else:
                raise Invalid({"form": "not_a_choice"})
            return see_other("/staff/smilies")
        except EXPECTED as refused:
            error = refused
        rows = smilies_for(request.viewer)
    is_arranging = typed.get("do") == "arrange"
    context = {
        "rows": rows,
        "most": rules.MOST,
        "largest": rules.LARGEST,
        "values": dict.fromkeys(ADD, "") if is_arranging else dict.fromkeys(ADD, "") | typed,
        "arranged": typed if is_arranging else {},
        "errors": error.fields if isinstance(error, Invalid) and not is_arranging else {},
        "wrong": error.fields if isinstance(error, Invalid) and is_arranging else {},
        "refusal": refusal_of(error),
    }
    return render(request, "smilies/index.html", context, status=status_of(error))


def _names(rows: list[SmilieRow]) -> list[str]:
    return [f"{what}-{row.id}" for row in rows for what in ("on", "place")]


def _add(request: RostraRequest, typed: dict[str, str]) -> None:
    brought = files_in(request, "picture")
    if len(brought) > 1:
        raise Invalid({"file": "not_a_choice"})
    data = brought[0].read() if brought else b""
    if brought and not data:
        raise Invalid({"file": "file_empty"})
    wish = Wish(typed["code"], typed["sign"], typed["words"])
    add_smilie(request.viewer, wish, data, reason=typed["reason"])


def _arranged(rows: list[SmilieRow], typed: dict[str, str]) -> dict[int, Arranged]:
    """Return what is wished of each smilie; raises Invalid for a place that is no number."""
    found = {}
    for row in rows:
        place = typed[f"place-{row.id}"].strip()
        if not (place.isascii() and place.isdecimal() and len(place) < 6):
            raise Invalid({"smilies": "not_a_whole_number"})
        found[row.id] = Arranged(typed[f"on-{row.id}"] == "1", int(place))
    return found
