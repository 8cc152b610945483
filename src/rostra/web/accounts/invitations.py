"""A member's invitations."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.members import inviting
from rostra.kernel import jobs, mailing, text
from rostra.kernel.errors import Invalid
from rostra.web import sure
from rostra.web.accounts import letters
from rostra.web.accounts.sign_in import answer_with, to
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
@sure.members_only
def invitations(request: RostraRequest) -> HttpResponse:
    """Invite somebody, see what became of it, take it back."""
    member_id = request.viewer.require_member()
    typed, errors, link = "", {}, ""
    if request.method == "POST" and request.POST.get("withdraw"):
        chosen = request.POST["withdraw"]
        if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
            inviting.withdraw(member_id, int(chosen))
        return to("/account/invitations")
    if request.method == "POST":
        typed = text.storable(request.POST.get("email", ""))[:300]
        try:
            with transaction.atomic():
                number, token = inviting.invite(member_id, typed)
                jobs.enqueue(
                    letters.invite, invitation=number, token=token, language=request.language
                )
            link, typed = f"{settings.ROSTRA.base_url}/account/invitation/{token}", ""
        except Invalid as error:
            errors = dict(error.fields)
    context = {
        "rows": inviting.invitations_of(member_id),
        "typed": typed,
        "errors": errors,
        "link": link,
        "is_kept_here": mailing.is_kept_here(),
        "is_closed": settings.ROSTRA.registration == "closed",
    }
    page = render(request, "accounts/invitations.html", context, status=422 if errors else 200)
    return answer_with(page, 0)
