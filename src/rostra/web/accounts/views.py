from zoneinfo import available_timezones

from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.members import actions
from rostra.forum.members.looks import Look
from rostra.kernel.errors import Invalid, NotFound
from rostra.web.accounts.passwords import check_password
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: RostraRequest, token: str) -> HttpResponse:
    """Let the first administrator in by the one-time link of the console; gone once used."""
    if not actions.is_setup_token(token):
        raise NotFound
    errors: dict[str, str] = {}
    name = request.POST.get("name", "")
    if request.method == "POST":
        password = request.POST.get("password", "")
        try:
            check_password(password, name)
            member = actions.become_administrator(token, name, password)
        except Invalid as error:
            errors = error.fields
        else:
            login(request, member, backend="rostra.web.accounts.backend.NameBackend")
            return HttpResponse(status=303, headers={"Location": "/"})
    return render(
        request,
        "accounts/setup.html",
        {"errors": errors, "name": name},
        status=422 if errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: RostraRequest) -> HttpResponse:
    """Let a member choose language and posts a page."""
    member_id = request.viewer.require_member()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.choose_reading(
                member_id,
                language=request.POST.get("language", ""),
                per_page=request.POST.get("per_page", ""),
                look=Look(
                    theme=request.POST.get("theme", ""),
                    density=request.POST.get("density", ""),
                    time_zone=request.POST.get("time_zone", ""),
                    hides_signatures=bool(request.POST.get("hides_signatures")),
                ),
            )
        except Invalid as error:
            errors = error.fields
        else:
            return HttpResponse(status=303, headers={"Location": "/account/reading?saved=1"})
    return render(
        request,
        "accounts/reading.html",
        {
            "errors": errors,
            "saved": request.GET.get("saved") == "1",
            "language_now": request.language,
            "time_zones": sorted(available_timezones()),
        },
        status=422 if errors else 200,
    )
