"""A member's own account: what there is, and changing it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from rostra.forum.members import joining, queries, recovery, sessions
from rostra.forum.members.addresses import address_key
from rostra.forum.members.models import Member
from rostra.forum.words.taking import check_texts
from rostra.kernel import jobs, mailing, text
from rostra.kernel.errors import Invalid, TooMany
from rostra.web import sure
from rostra.web.accounts import allowed, codes, letters, vouching
from rostra.web.accounts.passwords import check_password
from rostra.web.accounts.sign_in import answer_with, to, too_many_words
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD"])
@sure.members_only
def overview(request: RostraRequest) -> HttpResponse:
    """Show what a member can see to."""
    member = _member(request)
    return _page(
        request,
        "overview",
        {
            "member": member,
            "pending": recovery.pending_email(member.pk),
            "has_second_factor": codes.has_second_factor(member.pk),
            "session_count": len(sessions.sessions_of(member.pk, None)),
            "has_providers": bool(vouching.configured()),
            "is_kept_here": mailing.is_kept_here(),
            "done": request.GET.get("done", ""),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sure.only_when_sure
def password(request: RostraRequest) -> HttpResponse:
    """Change the password: every other session ends, the owner is told (SEC-076)."""
    member = _member(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        chosen = request.POST.get("password", "")
        try:
            check_password(chosen, member.name)
        except Invalid as error:
            errors = error.fields
        else:
            with transaction.atomic():
                key = request.session.session_key
                member = recovery.change_password(member.pk, chosen, keep_session=key)
                _tell(request, member, "password_changed")
                request.user = member  # not looked up by a session that no longer fits
                update_session_auth_hash(request, member)
                rotate_token(request)
            return to("/account?done=password")
    return _page(request, "password", {"errors": errors}, 422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sure.only_when_sure
def email(request: RostraRequest) -> HttpResponse:
    """Name another address; it counts once its owner has confirmed it."""
    member = _member(request)
    typed = text.storable(request.POST.get("email", ""))[:300]
    errors: dict[str, str] = {}
    words, wait = "", 0
    if request.method == "POST" and request.POST.get("do") == "remove":
        _remove_email(request, member)
        return to("/account?done=email")
    if request.method == "POST":
        try:
            address = joining.check_email(typed)
            allowed.letter(request, address_key(address))
            with transaction.atomic():
                if recovery.is_email_free(address, member_id=member.pk):
                    jobs.enqueue(
                        letters.confirm_address, member_id=member.pk, email=address,
                        language=request.language,
                    )  # fmt: skip
                else:
                    jobs.enqueue(letters.has_account, to=address, language=request.language)
            return to("/account?done=letter")
        except Invalid as error:
            errors = error.fields
        except TooMany as many:
            words, wait = too_many_words(many), many.seconds
    context = {"member": member, "typed": typed, "errors": errors, "error": words}
    status = 429 if wait else 422 if errors else 200
    return _page(request, "email", context, status, wait)


@transaction.atomic
def _remove_email(request: RostraRequest, member: Member) -> None:
    old = recovery.drop_email(member.pk)
    jobs.enqueue(
        letters.tell_owner, to=old, name=member.name, what="email_removed",
        language=request.language,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@sure.only_when_sure
def name(request: RostraRequest) -> HttpResponse:
    """Change one's name; the old one is shown on one's page and rests for 180 days."""
    member = _member(request)
    typed = text.storable(request.POST.get("name", member.name))[:100]
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            check_texts(request.viewer, {"name": typed})
            with transaction.atomic():
                recovery.rename(member.pk, typed)
                _tell(request, member, "name_changed")
            return to("/account?done=name")
        except Invalid as error:
            errors = error.fields
    context = {
        "typed": typed,
        "errors": errors,
        "former": queries.former_names(member.pk),
    }
    return _page(request, "name", context, 422 if errors else 200)


@require_http_methods(["GET", "HEAD"])
@sure.members_only
def own_sessions(request: RostraRequest) -> HttpResponse:
    """List where a member is signed in."""
    member_id = request.viewer.require_member()
    rows = sessions.sessions_of(member_id, request.session.session_key)
    return _page(request, "sessions", {"rows": rows})


@require_POST
@sure.members_only
def end_session(request: RostraRequest) -> HttpResponse:
    """End one session, or all others. Ending needs no fresh proof: it only takes away."""
    member = _member(request)
    if request.POST.get("all"):
        with transaction.atomic():
            sessions.end_sessions(member.pk, but=request.session.session_key)
            _tell(request, member, "signed_out")
    else:
        sessions.end_session(member.pk, request.POST.get("ref", "")[:40])
    return to("/account/sessions")


def _member(request: RostraRequest) -> Member:
    return Member.objects.get(id=request.viewer.require_member())


def _tell(request: RostraRequest, member: Member, what: str) -> None:
    jobs.enqueue(
        letters.tell_owner, to=member.email, name=member.name, what=what, language=request.language
    )


def _page(
    request: RostraRequest, page: str, context: dict[str, Any], status: int = 200, wait: int = 0
) -> HttpResponse:
    made = render(request, f"accounts/{page}.html", context, status=status)
    return answer_with(made, wait)
