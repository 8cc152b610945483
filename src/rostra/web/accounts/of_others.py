"""Members as those see them who see to accounts: finding one, and what can be done about it."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.access import accounts
from rostra.forum.members.queries import mail_of
from rostra.forum.sanctions.actions.noting import look_up_address
from rostra.kernel import jobs
from rostra.kernel.errors import Invalid
from rostra.reading.accounts_page import account_page, accounts_page, found_account
from rostra.web import query, sure
from rostra.web.accounts import letters
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest

# What a member is told by mail, for each of what can be done.
TOLD = {"rename": "staff_renamed", "sign_out": "staff_signed_out", "reset": "staff_reset"}


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: RostraRequest) -> HttpResponse:
    """List accounts by name; find one by its address, by a form because it is put down."""
    beginning, typed = query.words(request, "name", 60), ""
    error: Expected | None = None
    page = accounts_page(request.viewer, beginning, after=query.words(request, "after", 200))
    if request.method == "POST":
        typed = fields(request, "email")["email"]
        try:
            found = look_up_address(request.viewer, typed)  # put down, whatever comes of it
            if found is None:
                error = Invalid({"email": "nobodys_address"})
                page = accounts_page(request.viewer, beginning)
            else:
                page = found_account(request.viewer, found)
        except EXPECTED as refused:
            error = refused
    context = {
        "page": page,
        "beginning": beginning,
        "typed": typed,
        "is_found": request.method == "POST" and error is None,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "accounts/of-others.html", context, status=status_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
@sure.members_only
def one(request: RostraRequest, member_id: int) -> HttpResponse:
    """Show an account and do what can be done about it, with a reason."""
    page = account_page(request.viewer, member_id)
    if request.method != "POST" and not sure.is_sure(request):
        return sure.ask_again(request)
    values = {"name": page.account.line.name, "reason": "", "do": ""}
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *values)
        try:
            sure.be_sure(request)
            _do(request, member_id, values)
            return see_other(f"/staff/members/{member_id}/account")
        except EXPECTED as refused:
            error = refused
    context = {
        "page": page,
        "values": values,
        "to_confirm": sure.to_confirm(request, error),
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "accounts/of-another.html", context, status=status_of(error))


@transaction.atomic
def _do(request: RostraRequest, member_id: int, values: dict[str, str]) -> None:
    viewer, reason = request.viewer, values["reason"]
    match values["do"]:
        case "rename":
            accounts.rename_member(viewer, member_id, values["name"], reason=reason)
        case "sign_out":
            accounts.sign_out_member(viewer, member_id, reason=reason)
        case "reset":
            accounts.reset_second_factor(viewer, member_id, reason=reason)
        case "close" | "open":
            is_open = values["do"] == "open"
            accounts.set_account_open(viewer, member_id, is_open=is_open, reason=reason)
        case _:
            raise Invalid({"do": "not_a_choice"})
    told = mail_of(member_id) if values["do"] in TOLD else None
    if told is not None:
        jobs.enqueue(
            letters.tell_owner, to=told.email, name=told.name, what=TOLD[values["do"]],
            language=told.language,
        )  # fmt: skip
