"""The queue of cases, and one case: claimed, talked about, handed over, decided."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.access.viewer import Viewer
from rostra.forum.cases import queries
from rostra.forum.cases.actions import working
from rostra.forum.cases.actions.deciding import Sanction, Verdict, decide_case
from rostra.forum.cases.queries import Asked
from rostra.forum.modlog.rulebook import rules_in_force
from rostra.forum.sanctions.actions.giving import Ground
from rostra.forum.threads.listing import Key
from rostra.kernel.errors import Invalid
from rostra.reading.case_page import case_page
from rostra.reading.front_page import whole_tree_of
from rostra.web import query
from rostra.web.cases.words import in_words
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.fragments import filled, worded
from rostra.web.request import RostraRequest
from rostra.web.sanction_form import BEGUN, FIELDS, Preview, preview_of, wanted

PER_PAGE = 30
SHOWS = ("waiting", "mine", "done")
KINDS = ("", "post", "thread", "member", "message", "claim", "note")
FORM = ("do", "version", "rule", "reason", "of", "note", "to", *FIELDS)


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List cases: those that wait the longest first, those that are done newest first."""
    show = query.one_of(request, "show", SHOWS)
    kind = query.one_of(request, "kind", KINDS) if request.GET.get("kind") else ""
    viewer = request.viewer
    asked = Asked(
        show=show,
        kind=kind,
        rule=query.words(request, "rule", 8),
        board_id=query.whole(request, "board"),
    )
    after = query.key_of(request, "after", "latest")
    found = queries.queue(viewer, asked, after=after, limit=PER_PAGE + 1)
    rows = found[:PER_PAGE]
    further = None
    if len(found) > PER_PAGE:
        at = rows[-1].decided_at if show == "done" else rows[-1].opened_at
        further = query.key_text(Key(at or rows[-1].opened_at, rows[-1].id))
    moderated = viewer.grants.get("moderate", frozenset())
    tree = whole_tree_of(viewer)
    typed = {"kind": kind, "rule": asked.rule, "board": str(asked.board_id or "")}
    context = {
        "rows": rows,
        "show": show,
        "further": further,
        "rules": rules_in_force(),
        "boards": {at: row.title for at, row in tree.rows.items() if at in moderated},
        "kinds": KINDS[1:],
        "typed": typed,
        "query": urlencode({name: value for name, value in typed.items() if value}),
        "in_words": in_words,
    }
    return render(request, "cases/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: RostraRequest, case_id: int) -> HttpResponse:
    """Show a case, and do with it what its forms ask for."""
    values = {**dict.fromkeys(FORM, ""), **BEGUN}
    error: Expected | None = None
    preview: Preview | None = None
    if request.method == "POST":
        values = fields(request, *FORM)
        try:
            if values["do"] == "preview":
                preview = _preview(request.viewer, case_id, values)
            else:
                _do(request, case_id, values)
                return see_other(f"/staff/cases/{case_id}")
        except EXPECTED as refused:
            error = refused
    page = case_page(request.viewer, case_id)
    fragments = filled(request.viewer, [worded(message.html) for message in page.messages])
    context: dict[str, Any] = {
        "page": page,
        "messages": list(zip(page.messages, fragments, strict=True)),
        "values": values,
        "preview": preview,
        "rule": next((rule for rule in page.rules if rule.code == values["rule"]), None),
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "in_words": in_words,
    }
    return render(request, "cases/case.html", context, status=status_of(error))


def _do(request: RostraRequest, case_id: int, values: dict[str, str]) -> None:
    viewer, version = request.viewer, _number(values["version"]) or 0
    match values["do"]:
        case "claim":
            working.claim_case(viewer, case_id, version)
        case "release":
            working.release_case(viewer, case_id, version)
        case "hand_over":
            working.hand_over_case(viewer, case_id, version, values["to"].strip())
        case "note":
            working.add_note(viewer, case_id, values["note"])
        case "remove" | "lock" | "settle" | "dismiss" | "duplicate" as decision:
            verdict = Verdict(
                decision,
                values["rule"],
                values["reason"],
                _number(values["of"]),
                _sanction(viewer, case_id, values),
            )
            decide_case(viewer, case_id, version, verdict)
        case _:
            raise Invalid({"decision": "not_a_choice"})


def _preview(viewer: Viewer, case_id: int, values: dict[str, str]) -> Preview:
    """Return what whom the case is about would read of the warning or limit in the form."""
    case = queries.shown_case(viewer, case_id)
    if case.subject_id is None or not values["what"]:
        raise Invalid({"what": "not_a_choice"})
    post_id = case.target_id if case.kind == "post" else None
    ground = Ground(values["rule"], values["reason"], values["facts"], post_id)
    return preview_of(viewer, case.subject_id, wanted(values, case.thread_id), ground)


def _sanction(viewer: Viewer, case_id: int, values: dict[str, str]) -> Sanction | None:
    """Return what the form asks for beside the decision; nothing where it says nothing."""
    if not values["what"]:
        return None
    asked = wanted(values, queries.shown_case(viewer, case_id).thread_id)
    return Sanction(asked.points, asked.days, asked.wish, values["facts"])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
