"""The page on which a member asks for everything of theirs, and the archive itself."""

from __future__ import annotations

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.takeout import actions, rules
from rostra.forum.takeout.queries import archive_for, takeout_of
from rostra.kernel import jobs
from rostra.web import limits, sure
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest
from rostra.web.takeout.making import make


class _Given(FileResponse):
    block_size = 2**16


@require_http_methods(["GET", "HEAD", "POST"])
@sure.only_when_sure
def data(request: RostraRequest) -> HttpResponse:
    """Say what an archive holds and what became of the one asked for; take the wish for one."""
    error: Expected | None = None
    if request.method == "POST":
        fields(request)
        try:
            _ask(request)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other("/account/data")
    takeout, may = takeout_of(request.viewer)
    context = {
        "takeout": takeout,
        "may": may,
        "size": filesizeformat(takeout.size) if takeout else "",
        "days": rules.KEPT_FOR.days,
        "refusal": refusal_of(error),
    }
    return render(request, "takeout/data.html", context, status=status_of(error))


@limits.gives_files
@require_safe
@sure.only_when_sure
def archive(request: RostraRequest) -> FileResponse:
    """Give a member their archive, and nobody else; no address says whose it is (SEC-085)."""
    found = archive_for(request.viewer)
    answer = _Given(
        found.file,
        as_attachment=True,
        filename=f"own-data-{found.ready_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@transaction.atomic
def _ask(request: RostraRequest) -> None:
    takeout_id = actions.ask(request.viewer, request.language)
    jobs.enqueue(make, takeout_id=takeout_id)
