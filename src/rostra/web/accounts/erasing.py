"""Being erased: a member's own page, and the one for those who see to it."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.access.queries import ranks
from rostra.forum.erasure import actions, queries, rules
from rostra.forum.members.models import Member
from rostra.forum.members.queries import id_of_name
from rostra.kernel import jobs
from rostra.kernel.errors import Invalid, NotFound
from rostra.web import sure
from rostra.web.accounts import letters
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest

DAYS = rules.THOUGHT_OVER.days


@require_http_methods(["GET", "HEAD", "POST"])
@sure.only_when_sure
def erase(request: RostraRequest) -> HttpResponse:
    """Say what being erased means, take the wish, or take it back."""
    member_id = request.viewer.require_member()
    values, error = fields(request, "do", "choice", "posts"), None
    if request.method == "POST":
        try:
            _ask(request, member_id, values)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other("/account/erase")
    may = rules.may_ask(request.viewer, ranks([member_id])[member_id])
    context = {"wish": queries.wish_of(member_id), "may": may, "days": DAYS, **_said(values, error)}
    return render(request, "accounts/erase.html", context, status=status_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
def erasures(request: RostraRequest) -> HttpResponse:
    """List who asked; agree to a list of posts, enter who asked by letter."""
    rules.may_see_to(request.viewer).enforce()
    values, error = fields(request, "do", "member", "name", "choice", "reason"), None
    if request.method == "POST":
        try:
            _see_to(request, values)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other("/staff/erasures")
    context = {"rows": queries.wishes(), "days": DAYS, **_said(values, error)}
    return render(request, "accounts/erasures.html", context, status=status_of(error))


@transaction.atomic
def _ask(request: RostraRequest, member_id: int, values: dict[str, str]) -> None:
    is_asked = values["do"] != "keep"
    if is_asked:
        actions.ask(request.viewer, values["choice"], values["posts"])
    else:
        actions.take_back(request.viewer)
    member = Member.objects.get(id=member_id)
    jobs.enqueue(
        letters.tell_owner, to=member.email, name=member.name, language=request.language,
        what="erasure_asked" if is_asked else "erasure_taken_back",
    )  # fmt: skip


def _see_to(request: RostraRequest, values: dict[str, str]) -> None:
    if values["do"] == "agree":
        actions.agree(request.viewer, id_in(values["member"]))
        return
    try:
        member_id = id_of_name(values["name"].strip())
    except NotFound:
        raise Invalid({"name": "no_such_member"}) from None
    actions.ask_for(request.viewer, member_id, values["choice"], reason=values["reason"])


def _said(values: dict[str, str], error: Expected | None) -> dict[str, object]:
    return {
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
