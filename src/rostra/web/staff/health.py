"""Where staff begin: what they may see to, what a new forum still lacks, how its parts do."""

from __future__ import annotations

import platform
from datetime import timedelta
from importlib.metadata import version
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.access import rules
from rostra.forum.access.viewer import Viewer
from rostra.forum.choices.queries import default_of
from rostra.forum.modlog import rulebook
from rostra.forum.modlog.queries import busiest
from rostra.forum.sanctions.rules import may_work as may_sanction_anybody
from rostra.forum.words.queries import may_see_words
from rostra.kernel import clock, disks, jobs, mailing
from rostra.kernel.health import Told, ask_all, part
from rostra.web.client import is_proxy_unknown
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest
from rostra.web.staff.words import in_words

MANY_ACTS = 60  # of one person, in an hour; what is a part of another act does not count


class Step(NamedTuple):
    """Something a new forum needs before others come, and whether it is there."""

    name: str
    is_done: bool
    address: str = ""


@part("room")
def _room() -> Told:
    room = disks.room(settings.ROSTRA.data)
    words = f"{room.free >> 20:,} of {room.size >> 20:,} MB are free"
    return Told("wrong" if room.is_low else "note" if room.is_scarce else "good", words)


@part("mail")
def _mail() -> Told:
    if mailing.is_kept_here():
        return Told("note", "is only written into a folder (mail_url)")
    return Told("good", "goes out")


@part("acts")
def _acts() -> Told:
    """ABU-016: who acts much more than people do."""
    for by, acts in busiest(clock.now() - timedelta(hours=1)):
        if acts > MANY_ACTS:
            return Told("note", f"moderator {by} acted {acts} times within the last hour")
    return Told("good", f"nobody acted more than {MANY_ACTS} times within the last hour")


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """Show what the viewer may see to; for administrators, how the forum does."""
    viewer = request.viewer
    pages = _pages(viewer)
    if not pages:
        rules.may_moderate_anywhere(viewer).enforce()
    runs_it = bool(rules.may_manage_access(viewer))
    context = {
        "in_words": in_words,
        "pages": pages,
        "steps": _steps() if runs_it else [],
        "parts": ask_all() if runs_it else [],
        "versions": _versions() if runs_it else [],
        "is_proxy_unknown": runs_it and is_proxy_unknown(request),
    }
    return render(request, "staff/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def given_up(request: RostraRequest) -> HttpResponse:
    """List jobs that were given up after many tries, and have one tried again."""
    rules.may_manage_access(request.viewer).enforce()
    errors: dict[str, str] = {}
    if request.method == "POST":
        if jobs.revive(id_in(fields(request, "id")["id"])):
            return see_other("/staff/jobs")
        errors = {"id": "job_is_gone"}
    context = {"rows": jobs.dead(), "counts": jobs.waiting(), "errors": errors}
    return render(request, "staff/jobs.html", context, status=422 if errors else 200)


def _pages(viewer: Viewer) -> list[str]:
    """Return the pages that the viewer may open, by their addresses."""
    found = []
    if rules.may_moderate_anywhere(viewer):
        found += ["/staff/cases", "/staff/waiting", "/staff/cautions", "/staff/appeals"]
        found.append("/staff/posts")
    if may_see_words(viewer):
        found.append("/staff/words")
    if may_sanction_anybody(viewer):
        found += ["/staff/sanctions", "/staff/seconds"]
    if rules.may_manage_boards(viewer):
        found += ["/staff/boards", "/staff/rules/new"]
    if rules.may_manage_access(viewer):
        found += [
            "/staff/settings",
            "/staff/notices",
            "/staff/smilies",
            "/staff/groups",
            "/staff/access",
            "/staff/notes",
        ]
        found += ["/staff/mail", "/staff/jobs", "/staff/statistics"]
    if rules.may_manage_members(viewer):
        found += ["/staff/members", "/staff/applications", "/staff/erasures"]
    return found


def _steps() -> list[Step]:
    """Return what somebody who opens a forum does first."""
    config = settings.ROSTRA
    is_own = any(rule.version > 1 for rule in rulebook.rules_in_force())
    return [
        Step("name", config.site_name != default_of("site_name"), "/staff/settings/forum"),
        Step("address", settings.IS_HTTPS, "/staff/settings#machine"),
        Step("rules", is_own, "/rules"),
        Step("mail", not mailing.is_kept_here(), "/staff/mail"),
        Step("backup", bool(config.backup_nightly), "/staff/settings#machine"),
    ]


def _versions() -> list[tuple[str, str]]:
    return [
        ("Rostra", version("rostra")),
        ("Django", version("django")),
        ("Python", platform.python_version()),
        (connection.display_name, ".".join(map(str, connection.get_database_version()))),
    ]
