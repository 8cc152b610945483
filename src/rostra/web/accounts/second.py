"""The second step of a sign-in; apps, passkeys and recovery codes of a member."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rostra.forum.members.models import Member
from rostra.kernel import jobs
from rostra.kernel.errors import TooMany
from rostra.web import query, sure
from rostra.web.accounts import codes, letters, passkeys
from rostra.web.accounts.sign_in import BACKEND, answer_with, to, too_many_words
from rostra.web.request import RostraRequest


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: RostraRequest) -> HttpResponse:
    """Ask for the second factor of who has shown the first."""
    stage = request._login_stage  # type: ignore[attr-defined]
    member: Member = stage.login.user
    error, status, wait = "", 200, 0
    if request.method == "POST":
        try:
            used = _used(request, member)
        except TooMany as many:
            error, status, wait = too_many_words(many), 429, many.seconds
        else:
            if used is not None:
                used.user = member
                post_authentication(request, used)
                member.backend = BACKEND
                answer: HttpResponse = stage.exit()
                answer.status_code = 303 if answer.status_code == 302 else answer.status_code
                return answer
            error, status = _("That code is not right, or was used already."), 422
    kinds = set(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    context: dict[str, Any] = {
        "error": error,
        "has_codes": bool(kinds & {"totp", "recovery_codes"}),
        "passkey": passkeys.begin(request, "second", member),
    }
    return answer_with(render(request, "account/code.html", context, status=status), wait)


def _used(request: RostraRequest, member: Member) -> Authenticator | None:
    if "credential" in request.POST:
        return passkeys.finish(request, "second", member)
    return codes.check(member, request.POST.get("code", "")[:40])


@require_POST
def passkey(request: RostraRequest) -> HttpResponse:
    """Sign in by a passkey alone: a challenge first, then the answer to it."""
    if "credential" not in request.POST:
        return JsonResponse({"options": passkeys.begin(request, "login", None)})
    used = passkeys.finish(request, "login", None)
    if used is None:
        words = _("This passkey is not known here, or took too long.")
        context = {"back": "/", "login": "", "error": words, "providers": []}
        return answer_with(render(request, "account/login.html", context, status=422), 0)
    member = used.user
    member.backend = BACKEND
    back = query.local_path(request.POST.get("next", ""))
    begun = Login(user=member, email_verification="none", redirect_url=back)
    answer: HttpResponse = perform_passwordless_login(request, used, begun)
    return answer


@require_http_methods(["GET", "HEAD"])
@sure.members_only
def factors(request: RostraRequest) -> HttpResponse:
    """Show a member's second factors."""
    return _factors_page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@sure.only_when_sure
def add_app(request: RostraRequest) -> HttpResponse:
    """Let a member take up an authenticator app."""
    member = _member(request)
    error = ""
    if request.method == "POST":
        secret = str(request.session.get("app_secret", ""))
        typed = "".join(request.POST.get("code", "").split())[:10]
        if secret and codes.add_app(member, secret, typed):
            del request.session["app_secret"]
            return _added(request, member, "app_added")
        error = _("That is not the code the app shows now.")
    secret = str(request.session.get("app_secret") or codes.new_secret())
    request.session["app_secret"] = secret
    address = codes.address_of(member, secret)
    context = {"secret": secret, "picture": codes.picture_of(address), "error": error}
    page = render(request, "account/app.html", context, status=422 if error else 200)
    return answer_with(page, 0)


@require_http_methods(["GET", "HEAD", "POST"])
@sure.only_when_sure
def add_passkey(request: RostraRequest) -> HttpResponse:
    """Let a member take up a passkey."""
    member = _member(request)
    error = ""
    name = request.POST.get("name", "")[:60]
    if request.method == "POST":
        if passkeys.finish_adding(request, member, name or _("Passkey")) is not None:
            return _added(request, member, "passkey_added")
        error = _("The browser's answer was not the one we asked for. Try again.")
    context = {"options": passkeys.begin_adding(request, member), "name": name, "error": error}
    page = render(request, "account/passkey.html", context, status=422 if error else 200)
    return answer_with(page, 0)


@require_POST
@sure.only_when_sure
def remove(request: RostraRequest) -> HttpResponse:
    """Remove an app or a passkey."""
    member = _member(request)
    chosen = request.POST.get("id", "")
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
        kind = codes.remove(member.pk, int(chosen))
        if kind:
            _tell(request, member, "passkey_removed" if kind == "webauthn" else "app_removed")
    return to("/account/second-factor")


@require_POST
@sure.only_when_sure
def new_recovery_codes(request: RostraRequest) -> HttpResponse:
    """Make new recovery codes and show them, this once."""
    member = _member(request)
    if not codes.has_second_factor(member.pk):
        return to("/account/second-factor")
    made = codes.fresh_recovery_codes(member)
    _tell(request, member, "codes_made")
    return _factors_page(request, made)


def _added(request: RostraRequest, member: Member, what: str) -> HttpResponse:
    sure.renew(request)
    _tell(request, member, what)
    is_first = codes.recovery_codes_left(member.pk) is None
    return _factors_page(request, codes.fresh_recovery_codes(member) if is_first else [])


def _factors_page(request: RostraRequest, fresh: list[str] | None = None) -> HttpResponse:
    member_id = request.viewer.require_member()
    rows = Authenticator.objects.filter(user_id=member_id, type__in=("totp", "webauthn"))
    context = {
        "factors": [
            {
                "id": row.pk,
                "name": row.wrap().name if row.type == "webauthn" else _("Authenticator app"),
                "created_at": row.created_at,
                "last_used_at": row.last_used_at,
            }
            for row in rows.order_by("created_at", "id")
        ],
        "codes_left": codes.recovery_codes_left(member_id),
        "fresh": fresh or [],
    }
    return answer_with(render(request, "account/second-factor.html", context), 0)


def _member(request: RostraRequest) -> Member:
    return Member.objects.get(id=request.viewer.require_member())


def _tell(request: RostraRequest, member: Member, what: str) -> None:
    jobs.enqueue(
        letters.tell_owner, to=member.email, name=member.name, what=what, language=request.language
    )
