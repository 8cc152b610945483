"""Signing in, joining and connecting by a provider elsewhere."""

from __future__ import annotations

import logging

from django.db import transaction
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.members import identities
from rostra.forum.members.models import Member
from rostra.forum.words.taking import check_texts
from rostra.kernel import jobs, text, tries
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.web import query, sure
from rostra.web.accounts import allowed, letters, vouching
from rostra.web.accounts.providers import Provider
from rostra.web.accounts.sign_in import answer_with, enter, to, too_many_words
from rostra.web.accounts.vouched import Declined, Failed
from rostra.web.accounts.ways import way_to_join
from rostra.web.request import RostraRequest

log = logging.getLogger(__name__)


def begin(request: RostraRequest, key: str) -> HttpResponse:
    """Send the browser to the provider; a page does it, as our forms may lead nowhere else."""
    provider = _provider(key)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    member_id = request.viewer.member_id
    if member_id is not None and not sure.is_sure(request):
        return to("/account/confirm?next=/account/providers")
    back = query.local_path(request.POST.get("next", ""))
    try:
        address = vouching.begin(request, provider, member_id=member_id, back=back)
    except Failed as error:
        return _failed(request, provider, error)
    return answer_with(
        render(request, "account/elsewhere.html", {"address": address, "name": provider.name}), 0
    )


@require_safe
def back(request: RostraRequest, key: str) -> HttpResponse:
    """Take what the provider says: sign in, connect, or go on to choose a name."""
    provider = _provider(key)
    try:
        vouched, begun = vouching.finish(request, provider)
    except Failed as error:
        return _failed(request, provider, error)
    if begun["member"] != request.viewer.member_id:
        return _failed(request, provider, Failed("somebody else is here now"))
    if begun["member"] is not None:
        with transaction.atomic():
            identities.connect(begun["member"], vouched.issuer, vouched.subject)
            _tell(request, begun["member"], "provider_added")
        return to("/account/providers")
    member = identities.find(vouched.issuer, vouched.subject)
    if member is not None:
        return enter(request, member, query.local_path(str(begun["back"])))
    if (way := way_to_join()) not in ("open", "confirmed"):
        return answer_with(render(request, "accounts/closed.html", {"way": way}), 0)
    request.session["vouched"] = vouching.kept_for_joining(vouched)
    return to("/account/with")


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: RostraRequest) -> HttpResponse:
    """Let whom a provider vouches for choose a name."""
    kept = request.session.get("vouched")
    if not request.viewer.is_guest or not isinstance(kept, dict):
        return to("/account/login")
    typed = text.storable(request.POST.get("name", str(kept["name"])))[:100]
    errors: dict[str, str] = {}
    words, status, wait = "", 200, 0
    if (way := way_to_join()) not in ("open", "confirmed"):
        return answer_with(render(request, "accounts/closed.html", {"way": way}), 0)
    if request.method == "POST":
        try:
            check_texts(request.viewer, {"name": typed})
            taken = allowed.account(request, with_proof=True)
            try:
                member = identities.join(
                    kept["issuer"], kept["subject"], typed, email=kept["email"],
                    needs_email=way == "confirmed",
                )  # fmt: skip
            except Invalid:
                tries.give_back(taken)
                raise
            del request.session["vouched"]
            return enter(request, member, "/")
        except Invalid as error:
            errors, status = error.fields, 422
        except TooMany as many:
            words, status, wait = too_many_words(many), 429, many.seconds
    context = {"typed": typed, "errors": errors, "error": words, "email": kept["email"]}
    return answer_with(render(request, "account/with.html", context, status=status), wait)


@require_http_methods(["GET", "HEAD", "POST"])
@sure.only_when_sure
def own(request: RostraRequest) -> HttpResponse:
    """Show by whom a member is vouched for; connect another, end one."""
    member_id = request.viewer.require_member()
    reason = ""
    if request.method == "POST":
        chosen = request.POST.get("id", "")
        if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
            try:
                with transaction.atomic():
                    if identities.disconnect(member_id, int(chosen)):
                        _tell(request, member_id, "provider_removed")
            except Refused as error:
                reason = error.reason
        if not reason:
            return to("/account/providers")
    rows = identities.identities_of(member_id)
    there = {row.issuer for row in rows}
    names = {provider.issuer: provider.name for provider in vouching.configured().values()}
    context = {
        "rows": [(row, names.get(row.issuer, row.issuer)) for row in rows],
        "others": [one for one in vouching.configured().values() if one.issuer not in there],
        "reason": reason,
    }
    page = render(request, "account/providers.html", context, status=422 if reason else 200)
    return answer_with(page, 0)


def _provider(key: str) -> Provider:
    found = vouching.configured().get(key)
    if found is None:
        raise NotFound
    return found


def _failed(request: RostraRequest, provider: Provider, error: Failed) -> HttpResponse:
    log.warning("%s: %s", provider.key, error)
    context = {"name": provider.name, "is_declined": isinstance(error, Declined)}
    page = render(request, "account/not-vouched.html", context, status=403)
    return answer_with(page, 0)


def _tell(request: RostraRequest, member_id: int, what: str) -> None:
    member = Member.objects.get(id=member_id)
    jobs.enqueue(
        letters.tell_owner, to=member.email, name=member.name, what=what, language=request.language
    )
