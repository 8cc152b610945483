"""Open data about notes: what the last release holds, as a page and as JSON, and its files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from rostra.forum.notes import releases, rules
from rostra.web import limits
from rostra.web.request import RostraRequest

PART = 2**16  # bytes read at once
WORDS = {
    "notes": _("Notes, with their sources"),
    "note_status_history": _("What became of each note, and what panels answered"),
    "score_runs": _("Nightly runs, and which gates were met"),
    "ratings": _("Ratings, under ids of chance"),
    "scores": _("What the forum computes from these ratings, of each note"),
}


@require_safe
def page(request: RostraRequest) -> HttpResponse:
    """Say what is published of notes, and list the files of the last release."""
    context = {
        "release": releases.newest(),
        "fewest": rules.PUBLISHED_FROM,
        "in_words": _in_words,
        "size": filesizeformat,
    }
    return render(request, "notes/data.html", context)


@require_safe
def for_programs(request: RostraRequest) -> HttpResponse:
    """Give the list of the last release as JSON; null for none."""
    found = releases.newest()
    told = None
    if found is not None:
        base = f"{settings.ROSTRA.base_url}/notes/data/{found.name}"
        told = {
            "release": found.name,
            "made_at": found.made_at.isoformat(timespec="seconds"),
            "covers_until": found.covers_until.isoformat(timespec="seconds"),
            "algorithm_version": found.algorithm_version,
            "has_ratings": found.has_ratings,
            "files": [{**file._asdict(), "url": f"{base}/{file.name}"} for file in found.files],
        }
    return HttpResponse(json.dumps(told, indent=1), content_type="application/json")


@limits.gives_files
@require_safe
def file(request: RostraRequest, release: str, name: str) -> StreamingHttpResponse:
    """Give a file of a release that is kept."""
    path = releases.file_of(release, name)
    answer = StreamingHttpResponse(_parts_of(path), content_type="application/gzip")
    answer.headers["Content-Length"] = str(path.stat().st_size)
    answer.headers["Content-Disposition"] = f'attachment; filename="{release}-{name}"'
    answer.headers["Cache-Control"] = "no-cache"  # who stops rating is gone with the next
    return answer


def _parts_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as found:
        while part := found.read(PART):
            yield part


def _in_words(file: releases.File) -> str:
    return gettext(WORDS[file.name.partition(".")[0]])
