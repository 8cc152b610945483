"""What links in letters lead to: looking at them changes nothing, a form does (SEC-032, 033)."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.members import queries, recovery
from rostra.forum.members.addresses import address_key
from rostra.forum.members.models import Member
from rostra.kernel import jobs, mailing, text, tries
from rostra.kernel.errors import Invalid, NotFound, TooMany
from rostra.web.accounts import allowed, letters
from rostra.web.accounts.backend import is_password_of
from rostra.web.accounts.passwords import check_password
from rostra.web.accounts.sign_in import answer_with, to, too_many_words
from rostra.web.accounts.sign_up import gone
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_reset(request: RostraRequest) -> HttpResponse:
    """Have a link for a new password sent; the answer is the same whoever has the address."""
    typed = text.storable(request.POST.get("email", ""))[:300].strip()
    words, status, wait, is_sent = "", 200, 0, False
    if request.method == "POST":
        try:
            allowed.letter(request, address_key(typed))
            member = queries.find_by_email(typed)
            jobs.enqueue(
                letters.reset_password, member_id=member.pk if member else None,
                language=request.language,
            )  # fmt: skip
            is_sent = True
        except TooMany as many:
            words, status, wait = too_many_words(many), 429, many.seconds
    context = {
        "typed": typed, "error": words, "is_sent": is_sent, "is_kept_here": mailing.is_kept_here()
    }  # fmt: skip
    return answer_with(render(request, "accounts/ask-reset.html", context, status=status), wait)


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: RostraRequest, token: str) -> HttpResponse:
    """Choose a new password; signing in, with the second factor where there is one, comes after."""
    errors: dict[str, str] = {}
    try:
        asked = recovery.asked(token, "reset")
        if request.method == "POST":
            chosen = request.POST.get("password", "")
            check_password(chosen, asked.name)
            with transaction.atomic():
                member = recovery.reset_password(token, chosen)
                _tell(request, member, member.email, "password_changed")
            return to("/account/login")
    except NotFound:
        return gone(request)
    except Invalid as error:
        errors = error.fields
    context = {"asked": asked, "errors": errors}
    page = render(request, "accounts/reset.html", context, status=422 if errors else 200)
    return answer_with(page, 0)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: RostraRequest, token: str) -> HttpResponse:
    """Confirm a member's address: by that member, signed in or with the password.

    Whoever else owns the mailbox would lend their address to somebody else's account.
    """
    words, status, wait = "", 200, 0
    try:
        asked = recovery.asked(token, "email")
        is_own = request.viewer.member_id == asked.member_id
        if request.method == "POST":
            if is_own or _has_password(request, asked.member_id):
                with transaction.atomic():
                    member, old = recovery.confirm_email(token)
                    if old and old != member.email:
                        _tell(request, member, old, "email_changed")
                return to("/account?done=email" if is_own else "/account/login")
            words, status = "password_not_the_one", 422
    except NotFound:
        return gone(request)
    except TooMany as many:
        status, wait = 429, many.seconds
    context = {
        "asked": asked, "is_own": is_own, "reason": words, "wait": wait,
        "is_somebody_else": request.viewer.member_id is not None and not is_own,
    }  # fmt: skip
    page = render(request, "accounts/confirm-email.html", context, status=status)
    return answer_with(page, wait)


def _has_password(request: RostraRequest, member_id: int) -> bool:
    taken = allowed.password_of(request, member_id, "")
    if not is_password_of(
        Member.objects.filter(id=member_id).first(), request.POST.get("password", "")
    ):
        return False
    tries.give_back(taken)
    return True


def _tell(request: RostraRequest, member: Member, email: str, what: str) -> None:
    jobs.enqueue(
        letters.tell_owner, to=email, name=member.name, what=what, language=request.language
    )
