"""The page of statistics and its table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostra.forum.statistics.models import Day
from rostra.kernel import clock
from tests.web.visits import as_

pytestmark = pytest.mark.django_db


def test_weeks_are_shown_and_days_are_given(web, cast):
    as_(web, cast, "admin")
    assert "are here tomorrow" in web.get("/staff/statistics").text
    today = clock.now().date()
    for n in range(1, 22):
        Day.objects.create(
            day=today - timedelta(days=n), members=5000 - n, threads=70, posts=900,
            active_day=11, active_week=22, active_month=33,
        )  # fmt: skip
    page = web.get("/staff/statistics").text
    assert "4,999" in page and page.count('<svg class="num-columns"') == 6
    assert 3 <= page.count('<tr><th scope="row">') <= 4
    sheet = web.get("/staff/statistics.csv")
    assert sheet.headers["Content-Type"].startswith("text/csv")
    assert sheet.text.splitlines()[0].startswith("day,members,threads,posts")
    assert len(sheet.text.splitlines()) == 22


@pytest.mark.parametrize("who", [None, "hill", "mod"])
def test_others_do_not_see_them(web, cast, who):
    """SEC-050."""
    as_(web, cast, who)
    for address in ("/staff/statistics", "/staff/statistics.csv"):
        assert web.get(address).status_code in (302, 403)
