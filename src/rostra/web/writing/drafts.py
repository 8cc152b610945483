"""For the composer of an open page: the preview, and the draft on the server."""

from __future__ import annotations

import re

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostra.content.markup.smilies import codes_like
from rostra.forum.smilies.queries import own_smilies
from rostra.forum.threads import composing
from rostra.forum.threads.actions.drafts import save_draft
from rostra.kernel.errors import Invalid
from rostra.web import query
from rostra.web.form_page import MORE, preview_of
from rostra.web.forms import fields
from rostra.web.request import RostraRequest

OFFERED = 8
_PLACE = re.compile(r"[tbpcnm][1-9][0-9]{0,17}")


@require_POST
def preview(request: RostraRequest) -> HttpResponse:
    """Return a source as it will be shown."""
    request.viewer.require_member()
    form = fields(request, "source", "place")
    place = _place(form["place"]) if form["place"] else ""
    if place.startswith("p"):
        composing.written(request.viewer, int(place[1:]))
    return HttpResponse(preview_of(request, form["source"], place))


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: RostraRequest) -> HttpResponse:
    """Give the draft for a place, or keep one."""
    request.viewer.require_member()
    if request.method == "POST":
        form = fields(request, "place", "title", "source", *MORE)
        save_draft(
            request.viewer, _place(form["place"]), title=form["title"], source=form["source"],
            more={name: form[name] for name in MORE},
        )  # fmt: skip
        return HttpResponse(status=204)
    kept = composing.draft_for(request.viewer, _place(request.GET.get("place", "")))
    return JsonResponse({"title": kept.title, "source": kept.source} if kept else {})


@require_safe
def smilies(request: RostraRequest) -> HttpResponse:
    """Give the smilies that may be meant by what is typed so far, the forum's own first: JSON."""
    begun = query.words(request, "q", 32)
    own = own_smilies(request.viewer.boards_version)
    found = [
        (code, ref.sign, f"/smilies/{ref.key}" if ref.key else "")
        for code, ref in own.items()
        if begun.lower() in code
    ]
    found += [(code, sign, "") for code, sign in codes_like(begun, OFFERED)]
    return JsonResponse({"smilies": found[:OFFERED]})


def _place(text: str) -> str:
    if not _PLACE.fullmatch(text):
        raise Invalid({"place": "not_a_choice"})
    return text
