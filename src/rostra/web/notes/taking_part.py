"""Rating and writing notes, as a member."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.claims.queries import claims_in
from rostra.forum.notes import queries, rules
from rostra.forum.notes.actions.raters import enrol, leave
from rostra.forum.notes.actions.rating import answer, rate
from rostra.forum.notes.actions.writing import (
    ask_review,
    remove_note,
    restore_note,
    withdraw_note,
    write_note,
)
from rostra.forum.notes.rules import Draft
from rostra.forum.threads.composing import written
from rostra.kernel.errors import Invalid, NotFound
from rostra.reading.note_page import NoteShown, note_page
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.note_words import WHYS, in_words
from rostra.web.request import RostraRequest

METHODS = ["GET", "HEAD", "POST"]
TICKED = tuple(f"reason-{name}" for name in (*rules.HELPFUL, *rules.UNHELPFUL))
ACTS = ("withdraw", "review", "remove", "restore", "rate")


@require_http_methods(METHODS)
def join(request: RostraRequest) -> HttpResponse:
    """Say what rating means, and take somebody in who agrees."""
    request.viewer.require_member()
    error: Expected | None = None
    if request.method == "POST":
        try:
            enrol(request.viewer, agrees=fields(request, "agrees")["agrees"] == "1")
            return see_other("/notes/rate")
        except EXPECTED as refused:
            error = refused
    return _page(request, "notes/join.html", error, rater=queries.rater_for(request.viewer))


@require_http_methods(METHODS)
def leave_notes(request: RostraRequest) -> HttpResponse:
    """Rate no more: everything that was inferred is erased."""
    request.viewer.require_member()
    if request.method == "POST":
        fields(request)
        leave(request.viewer)
        return see_other("/notes")
    return _page(request, "notes/leave.html", None, rater=queries.rater_for(request.viewer))


@require_http_methods(METHODS)
def rate_next(request: RostraRequest) -> HttpResponse:
    """Ask the next question: of the calibration set first, then what a panel wants to know."""
    viewer = request.viewer
    viewer.require_member()
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, "note", "seat", "value", *TICKED)
        try:
            if values["seat"]:
                answer(viewer, id_in(values["seat"]), values["value"], _ticked(values))
            else:
                rate(viewer, id_in(values["note"]), values["value"], _ticked(values))
            return see_other("/notes/rate")
        except EXPECTED as refused:
            error = refused
    rater = queries.rater_for(viewer)
    if rater is None:
        return see_other("/notes/join")
    question, left = queries.calibration_for(viewer)
    seat = None if question else queries.seat_for(viewer)
    return _page(
        request, "notes/rate.html", error, rater=rater, left=left, seat=seat[0] if seat else None,
        question=seat[1] if seat else question,
    )  # fmt: skip


@require_http_methods(METHODS)
def write(request: RostraRequest, post_id: int) -> HttpResponse:
    """Propose a note below a post."""
    viewer = request.viewer
    post = written(viewer, post_id)
    viewer.require_member()
    error: Expected | None = None
    values = {"why": "", "text": "", "sources": "", "claim": ""}
    if request.method == "POST":
        values = fields(request, *values)
        lines = values["sources"].splitlines()
        draft = Draft(values["why"], values["text"], lines, id_in(values["claim"] or "0"))
        try:
            return see_other(f"/notes/{write_note(viewer, post_id, draft)}")
        except EXPECTED as refused:
            error = refused
    may = rules.may_write(viewer, queries.rater_for(viewer), queries.decided_count())
    return _page(
        request, "notes/write.html", error, post=post, values=values, may_write=may, whys=WHYS,
        claims=claims_in(viewer, post.thread_id, post.thread) if may else [],
    )  # fmt: skip


@require_http_methods(METHODS)
def act(request: RostraRequest, note_id: int, act: str) -> HttpResponse:
    """Take a note back, have it looked at again, remove it, bring it back, rate it."""
    viewer = request.viewer
    page = note_page(viewer, note_id)
    viewer.require_member()
    error: Expected | None = None
    values = {"reason": ""}
    if request.method == "POST":
        try:
            if act == "rate":
                values = fields(request, "value", *TICKED)
                rate(viewer, note_id, values["value"], _ticked(values))
            elif act in ("remove", "restore"):
                values = fields(request, "reason")
                change = remove_note if act == "remove" else restore_note
                change(viewer, note_id, reason=values["reason"])
            else:
                fields(request)
                (withdraw_note if act == "withdraw" else ask_review)(viewer, note_id)
            gone = act == "withdraw"
            return see_other(
                f"/posts/{page.of.note.post_id}/notes" if gone else f"/notes/{note_id}"
            )
        except EXPECTED as refused:
            error = refused
    elif act == "rate":
        return see_other(f"/notes/{note_id}")
    else:
        _allowed(act, page)
    if act == "rate":
        return _page(request, "notes/note.html", error, page=page)
    return _page(request, "notes/act.html", error, page=page, act=act, values=values)


def _allowed(act: str, page: NoteShown) -> None:
    """Raise Refused, or NotFound, where there is nothing to confirm."""
    if act in ("remove", "restore"):
        if not page.may_remove:
            raise NotFound
    else:
        (page.may_withdraw if act == "withdraw" else page.may_ask_review).enforce()


def _page(
    request: RostraRequest, template: str, error: Expected | None, **context: Any
) -> HttpResponse:
    whole = {
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "in_words": in_words,
        "helpful": rules.HELPFUL,
        "unhelpful": rules.UNHELPFUL,
        **context,
    }
    return render(request, template, whole, status=status_of(error))


def _ticked(values: dict[str, str]) -> list[str]:
    return [name.removeprefix("reason-") for name in TICKED if values.get(name)]
