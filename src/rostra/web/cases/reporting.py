"""Reporting a post, a thread or a member, as a guest too, and what came of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.cases import rules
from rostra.forum.cases.actions.reporting import item_for, report_item
from rostra.forum.cases.queries import guests_may_report, report_by_key
from rostra.forum.modlog.rulebook import rules_in_force
from rostra.kernel import tries
from rostra.kernel.errors import Invalid
from rostra.kernel.ratelimit import network_of
from rostra.web import addresses
from rostra.web.client import client_address, is_near
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest

OF_ONE_ADDRESS = (tries.Rule(5, 24 * 60 * 60),)  # guests' reports


@require_http_methods(["GET", "HEAD", "POST"])
def post(request: RostraRequest, target_id: int) -> HttpResponse:
    """Report a post."""
    return _report(request, "post", target_id)


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: RostraRequest, target_id: int) -> HttpResponse:
    """Report a thread."""
    return _report(request, "thread", target_id)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: RostraRequest, target_id: int) -> HttpResponse:
    """Report a member."""
    return _report(request, "member", target_id)


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: RostraRequest, target_id: int) -> HttpResponse:
    """Report a claim, or what stands in it."""
    return _report(request, "claim", target_id)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: RostraRequest, target_id: int) -> HttpResponse:
    """Report a community note."""
    return _report(request, "note", target_id)


@require_safe
def receipt(request: RostraRequest, key: str) -> HttpResponse:
    """Tell a guest what came of their report; who has the address may read it."""
    return render(request, "cases/receipt.html", {"report": report_by_key(key)})


def _report(request: RostraRequest, kind: str, target_id: int) -> HttpResponse:
    viewer = request.viewer
    item = item_for(viewer, kind, target_id)
    rules.may_report(viewer, item.subject_id, guests_may=guests_may_report()).enforce()
    error: Expected | None = None
    values = {"rule": "", "line": ""}
    if request.method == "POST":
        values = fields(request, "rule", "line")
        try:
            key = _take(request, kind, target_id, values)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other(f"/reports/{key}" if key else "/account/record?done=reported#reports")
    back = {
        "post": addresses.post(target_id),
        "thread": addresses.thread(target_id, item.title),
        "member": addresses.member(target_id, item.title),
        "claim": addresses.claim(target_id),
        "note": f"/notes/{target_id}",
    }[kind]
    context = {
        "item": item,
        "back": back,
        "rules": rules_in_force(),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "cases/report.html", context, status=status_of(error))


def _take(request: RostraRequest, kind: str, target_id: int, values: dict[str, str]) -> str:
    """Take a report; a guest's counts for their address, and is given back where it was none."""
    address = client_address(request)
    taken = None
    if request.viewer.is_guest and not is_near(address):
        taken = tries.take({f"report:from:{network_of(address)}": OF_ONE_ADDRESS})
    try:
        return report_item(request.viewer, kind, target_id, **values)
    except EXPECTED:
        if taken is not None:
            tries.give_back(taken)
        raise
