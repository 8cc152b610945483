"""What a member says of themselves, and where they stand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.members.queries import profile_of
from rostra.forum.threads.actions.profiles import write_profile
from rostra.kernel.errors import Invalid, Refused
from rostra.reading.activity_page import activity_page
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: RostraRequest) -> HttpResponse:
    """Write about oneself, and what stands below one's posts."""
    member_id = request.viewer.require_member()
    kept = profile_of(member_id)
    typed = {"about": kept.about, "signature": kept.signature}
    errors: dict[str, str] = {}
    refusal = ""
    if request.method == "POST":
        typed = fields(request, "about", "signature")
        try:
            write_profile(request.viewer, **typed)
            return see_other("/account/profile?saved=1")
        except Invalid as error:
            errors = error.fields
        except Refused as error:
            refusal = error.reason
    context = {
        "typed": typed,
        "errors": errors,
        "refusal": refusal,
        "saved": request.GET.get("saved") == "1",
    }
    status = 422 if errors else 403 if refusal else 200
    return render(request, "members/profile.html", context, status=status)


@require_safe
def activity(request: RostraRequest) -> HttpResponse:
    """Show a member what they did lately, what is unfinished, and which limits hold for them."""
    return render(request, "members/activity.html", {"page": activity_page(request.viewer)})
