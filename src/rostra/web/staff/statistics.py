"""The forum in numbers: a page, and a table for spreadsheets."""

from __future__ import annotations

import csv
import io

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.forum.statistics.queries import DayRow
from rostra.reading.statistics_page import statistics_page
from rostra.web.request import RostraRequest
from rostra.web.staff.words import in_words

COUNTED = DayRow._fields[1:]


@require_safe
def page(request: RostraRequest) -> HttpResponse:
    """Show a year in numbers, week by week."""
    context = {"page": statistics_page(request.viewer), "counted": COUNTED, "in_words": in_words}
    return render(request, "staff/statistics.html", context)


@require_safe
def for_sheets(request: RostraRequest) -> HttpResponse:
    """Give the days of a year as CSV."""
    found = statistics_page(request.viewer)
    file = io.StringIO()
    sheet = csv.writer(file)
    sheet.writerow(DayRow._fields)
    sheet.writerows(found.days)
    answer = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return answer
