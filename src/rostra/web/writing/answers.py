"""Saying which reply answers a question."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.threads import composing, rules
from rostra.forum.threads.actions.answers import accept_answer
from rostra.kernel.errors import Invalid
from rostra.reading.front_page import whole_tree_of
from rostra.web import addresses
from rostra.web.errors import STATUS
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: RostraRequest, post_id: int) -> HttpResponse:
    """Mark a reply as the answer, or take that back; a moderator says why."""
    found = composing.written(request.viewer, post_id)
    rules.may_accept(request.viewer, found.thread, found.post).enforce()
    values, errors = {"accepted": "", "reason": ""}, {}
    if request.method == "POST":
        values = fields(request, "accepted", "reason")
        try:
            _accept(request, post_id, values)
        except Invalid as error:
            errors = error.fields
        else:
            return see_other(addresses.post(post_id))
    context = {
        "path": whole_tree_of(request.viewer).path(found.board_id),
        "post": found,
        "is_answer": found.answer_id == post_id,
        "is_foreign": found.starter_id != request.viewer.member_id,
        "values": values,
        "errors": errors,
    }
    status = STATUS[Invalid] if errors else 200
    return render(request, "writing/answer.html", context, status=status)


def _accept(request: RostraRequest, post_id: int, values: dict[str, str]) -> None:
    if values["accepted"] not in ("yes", "no"):
        raise Invalid({"accepted": "not_a_choice"})
    accept_answer(
        request.viewer, post_id, accepted=values["accepted"] == "yes", reason=values["reason"]
    )
