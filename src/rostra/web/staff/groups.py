"""Groups: what their people may do beyond boards, and who is in them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.access import rules
from rostra.forum.access.actions import save_group, set_membership
from rostra.forum.access.viewer import CAPABILITIES
from rostra.forum.members.queries import (
    GroupRow,
    groups,
    id_of_name,
    needs_second_factor,
    page_of_group,
)
from rostra.kernel.errors import Invalid, NotFound
from rostra.web import query
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest
from rostra.web.staff.words import in_words

PER_PAGE = 50
FORM = ("name", "second_factor", "member", "reason", "do", *CAPABILITIES)


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List the groups."""
    rules.may_manage_access(request.viewer).enforce()
    return render(request, "staff/groups.html", {"groups": groups(), "in_words": in_words})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: RostraRequest) -> HttpResponse:
    """Make a group."""
    rules.may_manage_access(request.viewer).enforce()
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: RostraRequest, group_id: int) -> HttpResponse:
    """Change a group, put members into it and take them out."""
    rules.may_manage_access(request.viewer).enforce()
    found = next((group for group in groups() if group.id == group_id), None)
    if found is None:
        raise NotFound
    return _form(request, found)


def _form(request: RostraRequest, group: GroupRow | None) -> HttpResponse:
    error: Expected | None = None
    values = dict.fromkeys(FORM, "")
    if group is not None:
        values |= {"name": group.name, **dict.fromkeys(group.capabilities, "1")}
        values["second_factor"] = "1" if needs_second_factor(group.id) else ""
    if request.method == "POST":
        values = fields(request, *FORM)
        try:
            return see_other(_do(request, group, values))
        except EXPECTED as refused:
            error = refused
    people = []
    after = _after(request)
    if group is not None and group.kind == "chosen":
        people = page_of_group(group.id, after=after, limit=PER_PAGE + 1)
    context = {
        "in_words": in_words,
        "group": group,
        "people": people[:PER_PAGE],
        "further": people[PER_PAGE - 1] if len(people) > PER_PAGE else None,
        "capabilities": CAPABILITIES,
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "staff/edit_group.html", context, status=status_of(error))


def _do(request: RostraRequest, group: GroupRow | None, values: dict[str, str]) -> str:
    """Do what a button of the form says; return the address to go on at."""
    viewer, reason = request.viewer, values["reason"]
    if values["do"] in ("join", "leave") and group is not None:
        try:
            member_id = id_of_name(values["member"])
        except NotFound:
            raise Invalid({"member": "no_such_member"}) from None
        set_membership(viewer, group.id, member_id, is_in=values["do"] == "join", reason=reason)
        return f"/staff/groups/{group.id}"
    made = save_group(
        viewer,
        group.id if group is not None else None,
        values["name"],
        capabilities=[one for one in CAPABILITIES if values[one] == "1"],
        needs_second_factor=values["second_factor"] == "1",
        reason=reason,
    )
    return f"/staff/groups/{made.pk}"


def _after(request: RostraRequest) -> tuple[str, int] | None:
    member_id = query.whole(request, "after")
    return (query.words(request, "name"), member_id) if member_id is not None else None
