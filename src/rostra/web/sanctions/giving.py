"""The form by which a member is warned or limited, with a preview of what they will read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.sanctions.actions.giving import Ground, limit_member, warn_member
from rostra.forum.threads.composing import written
from rostra.kernel.errors import Invalid, NotFound
from rostra.reading.sanction_page import FormPage, form_page
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest
from rostra.web.sanction_form import BEGUN, FIELDS, Preview, Wanted, preview_of, wanted

FORM = (*FIELDS, "rule", "reason", "do")


@require_http_methods(["GET", "HEAD", "POST"])
def of_post(request: RostraRequest, post_id: int) -> HttpResponse:
    """Warn or limit a member because of a post of theirs."""
    author_id = written(request.viewer, post_id).author_id
    if author_id is None:
        raise NotFound
    return _form(request, author_id, post_id)


@require_http_methods(["GET", "HEAD", "POST"])
def of_member(request: RostraRequest, member_id: int) -> HttpResponse:
    """Warn or limit a member because of no post in particular."""
    return _form(request, member_id, None)


def _form(request: RostraRequest, member_id: int, post_id: int | None) -> HttpResponse:
    page = form_page(request.viewer, member_id, post_id)
    values = {**BEGUN, "rule": "", "reason": "", "what": "warn" if page.may_warn else "limit"}
    error: Expected | None = None
    preview: Preview | None = None
    if request.method == "POST":
        values = fields(request, *FORM)
        try:
            wish = wanted(values, page.post.thread_id if page.post is not None else None)
            ground = Ground(values["rule"], values["reason"], values["facts"], post_id)
            if values["do"] != "give":
                preview = preview_of(request.viewer, member_id, wish, ground)
            else:
                _give(request, page, wish, ground)
                return see_other(f"/staff/members/{member_id}")
        except EXPECTED as refused:
            error = refused
    context: dict[str, Any] = {
        "page": page,
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "preview": preview,
        "rule": next((rule for rule in page.rules if rule.code == values["rule"]), None),
        "address": request.path,
    }
    return render(request, "sanctions/form.html", context, status=status_of(error))


def _give(request: RostraRequest, page: FormPage, asked: Wanted, ground: Ground) -> None:
    if asked.wish is not None:
        limit_member(request.viewer, page.card.id, asked.wish, ground)
    else:
        warn_member(request.viewer, page.card.id, asked.points, asked.days, ground)
