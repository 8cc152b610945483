"""The form by which a member is warned or limited, with a preview of what they will read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.sanctions import queries
from rostra.forum.sanctions.actions.giving import (
    Ground,
    check_limit,
    check_warning,
    limit_member,
    warn_member,
)
from rostra.forum.sanctions.rules import Wish
from rostra.forum.threads.composing import written
from rostra.kernel.errors import Invalid, NotFound
from rostra.reading.sanction_page import FormPage, form_page
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest
from rostra.web.sanction_form import BEGUN, FIELDS, Wanted, wanted

FORM = (*FIELDS, "rule", "reason", "do")


class Preview(NamedTuple):
    """What the member will read, and what follows by itself.

    wish: of a limit, with seconds; after: the points that will count then.
    """

    until: datetime | None
    facts: str
    points: int = 0
    wish: Wish | None = None
    after: int = 0
    steps: tuple[tuple[Wish, int | None], ...] = ()  # each with its days


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
                preview = _preview(request, page, wish, ground)
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


def _preview(request: RostraRequest, page: FormPage, asked: Wanted, ground: Ground) -> Preview:
    viewer, member_id = request.viewer, page.card.id
    if asked.wish is not None:
        limit = check_limit(viewer, member_id, asked.wish, ground)
        wish = Wish(
            limit.kind,
            verbs=tuple(limit.verbs.split()),
            board_id=limit.board_id,
            thread_id=limit.thread_id,
            a_day=limit.a_day,
            wait=limit.wait,
        )
        return Preview(limit.until, limit.facts, wish=wish)
    warned = check_warning(viewer, member_id, asked.points, asked.days, ground)
    after, steps = queries.what_follows(viewer, member_id, warned.points, warned.board_id)
    follows = tuple((Wish(step.kind, wait=step.wait), step.days) for step in steps)
    return Preview(warned.until, warned.facts, warned.points, after=after, steps=follows)


def _give(request: RostraRequest, page: FormPage, asked: Wanted, ground: Ground) -> None:
    if asked.wish is not None:
        limit_member(request.viewer, page.card.id, asked.wish, ground)
    else:
        warn_member(request.viewer, page.card.id, asked.points, asked.days, ground)
