"""Signing in and out, and showing again who one is."""

from __future__ import annotations

from typing import Any

from allauth.account.internal import flows
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rostra.forum.members import queries
from rostra.forum.members.addresses import address_key
from rostra.forum.members.models import Member
from rostra.forum.members.names import name_key
from rostra.kernel import clock, tries
from rostra.kernel.errors import TooMany
from rostra.web import query, sure
from rostra.web.accounts import allowed, closed, passkeys, vouching
from rostra.web.accounts.backend import is_password_of, is_right
from rostra.web.request import RostraRequest

BACKEND = "rostra.web.accounts.backend.NameBackend"
LONGEST_LOGIN = 254


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: RostraRequest) -> HttpResponse:
    """Let a member in by name or address of mail and password.

    Whose account was closed reads why, and can appeal: it is all that is left to them.
    """
    back = query.local_path(request.POST.get("next", "") or request.GET.get("next", ""))
    if not request.viewer.is_guest:
        return to(back)
    if request.method != "POST":
        return _login_page(request, back)
    spelled = request.POST.get("login", "")[:LONGEST_LOGIN].replace("\0", "").strip()
    member = queries.find_by_login(spelled)
    try:
        taken = allowed.password_of(request, member.pk if member else None, _folded(spelled))
    except TooMany as error:
        return _login_page(request, back, spelled, too_many_words(error), 429, error.seconds)
    is_known = is_right(member, request.POST.get("password", ""))
    if is_known and member is not None and not member.is_active:
        shut = closed.why(request, member.pk)
        if shut is not None:
            tries.give_back(taken)
            return answer_with(shut, 0)
    if not is_known or member is None or not member.is_active:
        words = _("Name or password is wrong.")
        return _login_page(request, back, spelled, words, 422)
    tries.give_back(taken)
    return enter(request, member, back, method="password")


def enter(request: HttpRequest, member: Member, back: str, *, method: str = "") -> HttpResponse:
    """Go on with a sign-in whose first step is done: allauth asks for the second where there is."""
    member.backend = BACKEND
    if member.suspended_until is not None and member.suspended_until > clock.now():
        back = "/account/record"  # which is what is left to them, and says why
    begun = Login(user=member, email_verification="none", redirect_url=back)
    answer: HttpResponse
    if method == "password":
        answer = flows.login.perform_password_login(request, {"username": member.name}, begun)
    else:
        answer = flows.login.perform_login(request, begun)
    if answer.status_code == 302:
        answer.status_code = 303
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def logout(request: RostraRequest) -> HttpResponse:
    """End this session; asked by a form, so that no link can."""
    if request.method == "POST":
        flows.logout.logout(request, show_message=False)
        return to("/")
    return render(request, "account/logout.html")


@require_http_methods(["GET", "HEAD", "POST"])
@sure.members_only
def confirm(request: RostraRequest) -> HttpResponse:
    """Ask a member for the password, or a passkey, before something that matters."""
    back = query.local_path(request.POST.get("next", "") or request.GET.get("next", ""), "/account")
    member = Member.objects.get(id=request.viewer.require_member())
    error, status, wait = "", 200, 0
    if request.method == "POST":
        try:
            if _shows_who_they_are(request, member):
                sure.renew(request)
                return to(back)
            error, status = _("That was not right."), 422
        except TooMany as many:
            error, status, wait = too_many_words(many), 429, many.seconds
    return answer_with(
        render(
            request,
            "account/confirm.html",
            {
                "back": back,
                "error": error,
                "has_password": member.has_usable_password(),
                "passkey": passkeys.begin(request, "confirm", member),
            },
            status=status,
        ),
        wait,
    )


def _shows_who_they_are(request: RostraRequest, member: Member) -> bool:
    if "credential" in request.POST:
        return passkeys.finish(request, "confirm", member) is not None
    taken = allowed.password_of(request, member.pk, "")
    if not is_password_of(member, request.POST.get("password", "")):
        return False
    tries.give_back(taken)
    return True


def to(path: str) -> HttpResponse:
    """Return the answer after a form: see there."""
    return HttpResponse(status=303, headers={"Location": path})


def answer_with(answer: HttpResponse, wait: int) -> HttpResponse:
    """Return an answer that is not kept anywhere, and says when to come again."""
    answer.headers["Cache-Control"] = "private, no-store"
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def too_many_words(error: TooMany) -> str:
    """Return in words when to try again."""
    if error.seconds < 120:
        said = ngettext(
            "Too many tries. Wait %(n)s second.", "Too many tries. Wait %(n)s seconds.",
            error.seconds,
        )  # fmt: skip
        return said % {"n": error.seconds}
    minutes = -(-error.seconds // 60)
    return ngettext(
        "Too many tries. Wait %(n)s minute.", "Too many tries. Wait %(n)s minutes.", minutes
    ) % {"n": minutes}


def _login_page(
    request: RostraRequest,
    back: str,
    spelled: str = "",
    error: str = "",
    status: int = 200,
    wait: int = 0,
) -> HttpResponse:
    context: dict[str, Any] = {
        "back": back, "login": spelled, "error": error, "providers": vouching.configured().values(),
    }  # fmt: skip
    return answer_with(render(request, "account/login.html", context, status=status), wait)


def _folded(spelled: str) -> str:
    """Return what stands for a login that is nobody's, however it is spelled."""
    return address_key(spelled) if "@" in spelled else name_key(spelled[:100])
