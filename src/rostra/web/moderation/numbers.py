"""The numbers of moderation: a page, a table for spreadsheets, and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from rostra.forum.modlog import rulebook
from rostra.reading.numbers_page import NumbersPage, Waited, numbers_page, quarter_named
from rostra.web import query
from rostra.web.act_words import in_words
from rostra.web.request import RostraRequest


@require_safe
def page(request: RostraRequest) -> HttpResponse:
    """Show the numbers of a quarter."""
    found = _asked(request)
    context = {
        "page": found,
        "in_words": in_words,
        "label": _label,
        "titles": {rule.code: rule.title for rule in rulebook.newest(rulebook.history())},
        "in_time": in_time,
    }
    return render(request, "moderation/numbers.html", context)


@require_safe
def for_sheets(request: RostraRequest) -> HttpResponse:
    """Give the numbers of a quarter as CSV: one number a line."""
    found = _asked(request)
    file = io.StringIO()
    sheet = csv.writer(file)
    sheet.writerow(["quarter", "what", "kind", "rule", "origin", "role", "by", "outcome", "number"])
    for row in _rows(found):
        sheet.writerow([found.quarter.name, *row])
    answer = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="moderation-{found.quarter.name}.csv"'
    )
    return answer


@require_safe
def for_programs(request: RostraRequest) -> HttpResponse:
    """Give the numbers of a quarter as JSON."""
    found = _asked(request)
    answer = {
        "quarter": found.quarter.name,
        "since": found.quarter.since.isoformat(),
        "until": found.quarter.until.isoformat(),
        "acts": [act._asdict() for act in found.acts],
        "reports": [one._asdict() for one in found.reports],
        "cases": {"waiting_now": found.cases_waiting, **_seconds(found.report_waits)},
        "appeals": {
            "filed": found.appeals_filed,
            "decided": dict(found.appeals),
            "by_same_person": found.same_person,
            "overdue_now": found.overdue,
            **_seconds(found.appeal_waits),
        },
        "labels": [one._asdict() for one in found.by_role],
    }
    return HttpResponse(json.dumps(answer, indent=1), content_type="application/json")


def in_time(time: timedelta | None) -> str:
    """Return how long something took, in the unit that fits."""
    if time is None:
        return "–"
    minutes = max(round(time.total_seconds() / 60), 1)
    if minutes < 120:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    days = round(hours / 24)
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


def _asked(request: RostraRequest) -> NumbersPage:
    name = query.words(request, "quarter", 10)
    return numbers_page(quarter_named(name) if name else None)


def _label(role: str, by: int | None) -> str:
    words = in_words(role) if role else gettext("Moderator")
    return words if by is None else gettext("%(role)s %(n)s") % {"role": words, "n": by}


def _rows(page: NumbersPage) -> Iterator[tuple[Any, ...]]:
    for act in page.acts:
        facts = (act.kind, act.rule, act.origin, act.role, act.by)
        yield ("acts", *facts, "", act.number)
        yield ("acts taken back", *facts, "", act.taken_back)
    for one in page.reports:
        yield ("reports", "", one.rule, "", "", "", one.outcome or "waiting", one.number)
    yield ("appeals filed", *[""] * 6, page.appeals_filed)
    for outcome, count in page.appeals:
        yield ("appeals decided", *[""] * 5, outcome, count)
    for what, waits in (("case", page.report_waits), ("appeal", page.appeal_waits)):
        for name, time in (("median", waits.median), ("90th percentile", waits.p90)):
            seconds = "" if time is None else round(time.total_seconds())
            yield (f"seconds a {what} waited, {name}", *[""] * 6, seconds)


def _seconds(waits: Waited) -> dict[str, float | int | None]:
    return {
        "decided": waits.number,
        "median_seconds": waits.median.total_seconds() if waits.median is not None else None,
        "p90_seconds": waits.p90.total_seconds() if waits.p90 is not None else None,
    }
