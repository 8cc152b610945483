"""The moderation log: its page, its feed, and its entries for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.queries import id_of_name
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.queries import Filter, LogRow
from rostra.forum.modlog.rulebook import newest
from rostra.kernel.errors import NotFound
from rostra.reading.front_page import whole_tree_of
from rostra.reading.log_page import LogPage, log_page
from rostra.web import query
from rostra.web.act_words import WORDS, in_words
from rostra.web.request import RostraRequest
from rostra.web.templating import json_ld

ATOM = "application/atom+xml; charset=utf-8"
NAMES = ("kind", "board", "rule", "by", "member", "since", "until")


@require_safe
def log(request: RostraRequest) -> HttpResponse:
    """Show the moderation log, newest first."""
    wanted, errors = _wanted(request)
    page = log_page(
        request.viewer,
        wanted,
        before=query.whole(request, "before"),
        after=query.whole(request, "after"),
    )
    typed = {name: query.words(request, name) for name in NAMES}
    boards = _titles(request.viewer)
    context = {
        "page": page,
        "kinds": WORDS,
        "kind_in_words": in_words,
        "label": label,
        "rules": newest(page.rules),
        "actors": modlog.numbers_of_actors(),
        "boards": boards,
        "typed": typed,
        "errors": errors,
        "query": urlencode({name: value for name, value in typed.items() if value}),
    }
    return render(request, "moderation/log.html", context, status=422 if errors else 200)


@require_safe
def feed(request: RostraRequest) -> HttpResponse:
    """Give the newest entries as Atom, with the head of the chain."""
    page = log_page(request.viewer, _asked(request))
    context = {
        "page": page,
        "kind_in_words": in_words,
        "label": label,
    }
    return render(request, "moderation/log.xml", context, content_type=ATOM)


@require_safe
def entries(request: RostraRequest) -> HttpResponse:
    """Give entries with what their hashes are over, and the head, for who checks the chain."""
    page = log_page(
        request.viewer,
        _asked(request),
        before=query.whole(request, "before"),
        after=query.whole(request, "after"),
    )
    answer = {
        "head": {"n": page.head[0], "hash": page.head[1]},
        "entries": [_for_programs(page, entry) for entry in page.entries],
        "before": page.older,
        "after": page.newer,
    }
    return HttpResponse(str(json_ld(answer)), content_type="application/json")


def label(page: LogPage, entry: LogRow) -> str:
    """Return who acted, as the public is told: "Moderator 3", or the name where that is shown."""
    if entry.n in page.names:
        return page.names[entry.n]
    role = in_words(entry.role)
    return role if entry.by is None else gettext("%(role)s %(n)s") % {"role": role, "n": entry.by}


def _for_programs(page: LogPage, entry: LogRow) -> dict[str, Any]:
    rule = page.rules.get(entry.rule) if entry.rule else None
    return {
        "entry": entry.public,
        "hash": entry.hash,
        "reason": entry.reason if page.is_open(entry) else None,
        "rule": rule and {"code": rule.code, "version": rule.version, "title": rule.title},
        "taken_back_by": page.taken_back.get(entry.n),
        "appeal": page.appeals[entry.n][0] if entry.n in page.appeals else None,
    }


def _titles(viewer: Viewer) -> Mapping[int, str]:
    tree = whole_tree_of(viewer)
    return {at: row.title for at, row in tree.rows.items() if at in viewer.boards}


def _asked(request: RostraRequest) -> Filter:
    """Return the filter of an address that a program wrote; raises NotFound for a wrong one."""
    wanted, errors = _wanted(request)
    if errors:
        raise NotFound
    return wanted


def _wanted(request: RostraRequest) -> tuple[Filter, dict[str, str]]:
    """Return which entries are asked for, and what of it cannot be."""
    errors: dict[str, str] = {}
    board_id = query.whole(request, "board")
    if board_id is not None and board_id not in request.viewer.boards:
        raise NotFound
    name = query.words(request, "member")
    subject_id = None
    if name:
        try:
            subject_id = id_of_name(name)
        except NotFound:
            errors["member"] = "no_such_member"
    since, until = (_day(request, one, errors) for one in ("since", "until"))
    found = Filter(
        kind=query.words(request, "kind", 40),
        board_id=board_id,
        rule=query.words(request, "rule", 8),
        by=query.whole(request, "by", highest=2**31 - 1),
        subject_id=subject_id,
        since=since,
        until=until + timedelta(days=1) if until else None,
    )
    return found, errors


def _day(request: RostraRequest, name: str, errors: dict[str, str]) -> datetime | None:
    text = query.words(request, name, 10)
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        errors[name] = "not_a_day"
        return None
