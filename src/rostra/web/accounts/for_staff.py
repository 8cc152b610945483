"""For those who run the forum: whether mail works, and who waits to be let in."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.access import rules
from rostra.forum.members import joining
from rostra.kernel import jobs, mailing, text
from rostra.kernel.errors import Invalid, Refused
from rostra.web.accounts import letters
from rostra.web.accounts.sign_in import answer_with, to
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: RostraRequest) -> HttpResponse:
    """Say where mail goes, and send a test at once, so that a refusal is seen here."""
    rules.may_manage_access(request.viewer).enforce()
    typed = text.storable(request.POST.get("email", ""))[:300]
    errors: dict[str, str] = {}
    sent = failed = ""
    if request.method == "POST":
        try:
            address = joining.check_email(typed)
            letters.test(address, request.language)
            sent = address
        except Invalid as error:
            errors = error.fields
        except (OSError, smtplib.SMTPException) as refusal:
            failed = text.one_line(str(refusal))[:300] or type(refusal).__name__
    context = {
        "is_kept_here": mailing.is_kept_here(),
        "folder": settings.ROSTRA.data / "mail",
        "server": urlsplit(settings.ROSTRA.mail_url).hostname or "",
        "sender": settings.DEFAULT_FROM_EMAIL,
        "waiting": jobs.dead_of(letters.__name__),
        "typed": typed,
        "errors": errors,
        "sent": sent,
        "failed": failed,
    }
    status = 422 if errors else 502 if failed else 200
    return answer_with(render(request, "accounts/mail.html", context, status=status), 0)


@require_http_methods(["GET", "HEAD", "POST"])
def applications(request: RostraRequest) -> HttpResponse:
    """List who waits; let in or turn away, each a row of the moderation log."""
    rules.may_manage_members(request.viewer).enforce()
    errors: dict[str, str] = {}
    chosen = request.POST.get("id", "")
    reason = text.storable(request.POST.get("reason", ""))[:600]
    number = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else 0
    if request.method == "POST":
        try:
            _decide(request, number, reason, is_in=request.POST.get("do") == "approve")
            return to("/staff/applications")
        except Invalid as error:
            errors = error.fields
        except Refused as error:
            errors = {"id": error.reason}
    context = {
        "rows": joining.waiting(), "errors": errors, "chosen": number, "typed": reason,
    }  # fmt: skip
    page = render(request, "accounts/applications.html", context, status=422 if errors else 200)
    return answer_with(page, 0)


@transaction.atomic
def _decide(request: RostraRequest, number: int, reason: str, *, is_in: bool) -> None:
    by = request.viewer.require_member()
    if is_in:
        member, told = joining.approve(number, by=by, role="administrator", reason=reason)
        if told.email:
            jobs.enqueue(
                letters.confirm_address, member_id=member.pk, email=told.email,
                language=member.language,
            )  # fmt: skip
    else:
        told = joining.refuse(number, by=by, role="administrator", reason=reason)
    if told.email:
        jobs.enqueue(
            letters.decided, to=told.email, name=told.name, is_in=is_in, language=request.language
        )
