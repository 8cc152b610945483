"""Setting up notes, as an administrator: the calibration set, what the gates say, a pause."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.notes import queries, rules
from rostra.forum.notes.actions.writing import drop_calibration, pause, set_calibration
from rostra.forum.notes.rules import Draft
from rostra.kernel.errors import Invalid
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.note_words import WHYS, in_words
from rostra.web.request import RostraRequest

FIELDS = ("do", "note", "post", "why", "text", "sources", "expected", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: RostraRequest) -> HttpResponse:
    """Show and set up how notes work here."""
    viewer = request.viewer
    run, mode, is_paused = queries.gates_for(viewer)
    values = dict.fromkeys(FIELDS, "")
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *FIELDS)
        try:
            _do(request, values)
            return see_other("/staff/notes")
        except EXPECTED as refused:
            error = refused
    context = {
        "run": run,
        "mode": mode,
        "is_paused": is_paused,
        "notes": queries.calibration_notes(viewer),
        "wanted": rules.CALIBRATION,
        "values": values,
        "whys": WHYS,
        "in_words": in_words,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "notes/staff.html", context, status=status_of(error))


def _do(request: RostraRequest, values: dict[str, str]) -> None:
    viewer, what = request.viewer, values["do"]
    if what == "drop":
        drop_calibration(viewer, id_in(values["note"]))
    elif what in ("pause", "resume"):
        pause(viewer, paused=what == "pause", reason=values["reason"])
    elif what == "add":
        post_id = id_in(values["post"].strip().rstrip("/").rpartition("/")[2])
        draft = Draft(values["why"], values["text"], values["sources"].splitlines())
        set_calibration(viewer, post_id, draft, expected=values["expected"])
    else:
        raise Invalid({"form": "unknown_field"})
