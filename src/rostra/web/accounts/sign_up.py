"""Joining: at once, after mail was confirmed, after staff said yes, or by invitation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.members import actions, inviting, joining, queries
from rostra.forum.members.addresses import address_key
from rostra.forum.members.models import Member
from rostra.forum.words.taking import check_texts
from rostra.kernel import jobs, mailing, text, tries
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.web.accounts import allowed, defences, letters, vouching
from rostra.web.accounts.passwords import check_password
from rostra.web.accounts.sign_in import answer_with, enter, to, too_many_words
from rostra.web.accounts.ways import way_to_join
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: RostraRequest) -> HttpResponse:
    """Let a guest join, as the forum is set up to let people in."""
    way = way_to_join()
    if not request.viewer.is_guest:
        return to("/account")
    if way in ("closed", "invitation"):
        page = render(request, "accounts/closed.html", {"way": way})
        return answer_with(page, 0)
    return _form(request, way, token="", invited=None)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: RostraRequest, token: str) -> HttpResponse:
    """Let whoever was invited join; looking at it changes nothing."""
    try:
        invited = inviting.invited_by(token)
    except NotFound:
        return gone(request)
    if settings.ROSTRA.registration == "closed":
        return answer_with(render(request, "accounts/closed.html", {"way": "closed"}), 0)
    if not request.viewer.is_guest:
        raise Refused("invitation_for_guests")
    return _form(request, "invitation", token=token, invited=invited)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: RostraRequest, token: str) -> HttpResponse:
    """Make the account of who confirms their address, with the password chosen before."""
    try:
        link = joining.link_of(token)
    except NotFound:
        return gone(request)
    errors: dict[str, str] = {}
    status, wait, words = 200, 0, ""
    if request.method == "POST":
        try:
            taken = allowed.password_of(request, None, f"application {link.id}")
            member = joining.confirm(token, request.POST.get("password", ""))
            tries.give_back(taken)
            return _begin(request, member)
        except Invalid as error:
            errors, status = error.fields, 422
        except TooMany as many:
            words, status, wait = too_many_words(many), 429, many.seconds
    context = {"link": link, "errors": errors, "error": words}
    return answer_with(render(request, "accounts/confirm-join.html", context, status=status), wait)


def gone(request: RostraRequest) -> HttpResponse:
    """Return the page for a link that holds no more."""
    return answer_with(render(request, "accounts/gone.html", status=404), 0)


def _form(
    request: RostraRequest, way: str, *, token: str, invited: inviting.Invited | None
) -> HttpResponse:
    typed = {
        "name": text.storable(request.POST.get("name", ""))[:100],
        "email": text.storable(request.POST.get("email", invited.email if invited else ""))[:300],
        "answer": text.storable(request.POST.get("answer", ""))[:100],
    }
    errors: dict[str, str] = {}
    words, status, wait = "", 200, 0
    if request.method == "POST":
        try:
            return _take_in(request, way, typed, token)
        except Invalid as error:
            errors, status = error.fields, 422
        except TooMany as many:
            words, status, wait = too_many_words(many), 429, many.seconds
    context: dict[str, Any] = {
        "form": defences.again(request) if request.method == "POST" else defences.fresh(),
        "way": way,
        "typed": typed,
        "errors": errors,
        "error": words,
        "invited": invited,
        "question": settings.ROSTRA.signup_question,
        "trap": defences.TRAP,
        "providers": vouching.configured().values() if way in ("open", "confirmed") else (),
    }
    return answer_with(render(request, "accounts/join.html", context, status=status), wait)


def _take_in(request: RostraRequest, way: str, typed: dict[str, str], token: str) -> HttpResponse:
    """Check everything, then do it; what costs nothing is checked first."""
    has_proof = defences.check(request)
    password = request.POST.get("password", "")
    email = typed["email"].strip()
    if email or way in ("confirmed", "invitation"):
        email = joining.check_email(email)
    name, _ = actions.checked_name(typed["name"])
    check_texts(request.viewer, {"name": name})
    check_password(password, name)
    if email:
        allowed.letter(request, address_key(email))
    slip = defences.use_up(request)
    taken = None
    try:
        taken = allowed.account(request, with_proof=has_proof)
        return _let_in(request, way, name, email, make_password(password), token)
    except (Invalid, TooMany):
        for used in filter(None, (slip, taken)):
            tries.give_back(used)
        raise


@transaction.atomic
def _let_in(
    request: RostraRequest, way: str, name: str, email: str, kept: str, token: str
) -> HttpResponse:
    language = request.language
    if way == "invitation":
        member = inviting.accept(token, name, kept, email=email, language="")
        return _begin(request, member)
    if way == "approved":
        joining.apply(name, kept, email=email, language=language, kind="approve")
        return _wait(request, way, email)
    if way == "confirmed":
        if queries.find_by_email(email) is None:
            number = joining.apply(name, kept, email=email, language=language, kind="confirm")
            jobs.enqueue(letters.confirm_application, application_id=number, language=language)
        else:  # the same answer: only the owner of the address learns of the account (SEC-079)
            jobs.enqueue(letters.has_account, to=email, language=language)
        return _wait(request, way, email)
    member = actions.create_member(name, password_hash=kept)
    if email:
        jobs.enqueue(letters.confirm_address, member_id=member.pk, email=email, language=language)
    return _begin(request, member)


def _wait(request: RostraRequest, way: str, email: str) -> HttpResponse:
    context = {"way": way, "email": email, "is_kept_here": mailing.is_kept_here()}
    return answer_with(render(request, "accounts/wait.html", context), 0)


def _begin(request: RostraRequest, member: Member) -> HttpResponse:
    return enter(request, member, "/", method="password")
