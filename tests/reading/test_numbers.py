"""The numbers of moderation: what lies in a quarter, counted once, of nobody by name."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.cases.actions.deciding import Verdict, decide_case
from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.cases.models import Case
from rostra.forum.modlog.queries import head
from rostra.forum.threads.actions.posts import remove_post, restore_post
from rostra.forum.threads.models import Post
from rostra.kernel.errors import NotFound
from rostra.reading.numbers_page import (
    Quarter,
    Waited,
    numbers_page,
    quarter_named,
    quarter_of,
    waited,
)

REASON = "Insults a group of people."


@pytest.mark.parametrize(
    ("moment", "name"),
    [(datetime(2026, 1, 1, tzinfo=UTC), "2026-Q1"), (datetime(2026, 3, 31, 23, tzinfo=UTC), "2026-Q1"),
     (datetime(2026, 4, 1, tzinfo=UTC), "2026-Q2"), (datetime(2026, 12, 31, tzinfo=UTC), "2026-Q4")],
)  # fmt: skip
def test_quarters(moment, name):
    quarter = quarter_of(moment)
    assert (quarter.name, quarter_named(name)) == (name, quarter)
    assert quarter.since <= moment < quarter.until
    assert quarter.next.before == quarter


@pytest.mark.parametrize(
    "name", ["2026", "2026-Q5", "2026-Q0", "26-Q1", "٢٠٢٦-Q1", "2026-Q1x", "0001-Q1", "2026-Q"]
)
def test_what_is_no_quarter_is_not_there(name):
    with pytest.raises(NotFound):
        quarter_named(name)


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_half_and_nine_in_ten_waited_no_longer(seconds):
    found = waited([timedelta(seconds=one) for one in seconds])
    if not seconds:
        assert found == Waited(0, None, None)
        return
    for share, at in ((0.5, found.median), (0.9, found.p90)):
        within = sum(timedelta(seconds=one) <= at for one in seconds)
        assert within >= share * len(seconds)
        assert at in {timedelta(seconds=one) for one in seconds}


def test_a_quarter_adds_up(cast):
    """LAW-004: reports and acts by rule, origin and outcome, waiting times, appeals and their ends."""
    before, mod = head()[0], cast.view(cast.mod)
    posts = list(Post.objects.filter(thread=cast.barrier).order_by("number"))
    with time_machine.travel(datetime(2031, 5, 1, 12, tzinfo=UTC), tick=False) as clock:
        for post, who in ((posts[1], cast.quay), (posts[2], cast.hill)):
            report_item(cast.view(who), "post", post.pk, rule="R2", line="Insults us all.")
        clock.shift(timedelta(hours=3))
        case = Case.objects.get(target_id=posts[1].pk)
        removed = decide_case(mod, case.pk, 1, Verdict("remove", "R2", REASON))
        clock.shift(timedelta(hours=3))
        case = Case.objects.get(target_id=posts[2].pk)
        decide_case(mod, case.pk, 1, Verdict("dismiss", "R2", ""))
        remove_post(mod, posts[2].pk, REASON)
        restore_post(mod, posts[2].pk, REASON)
        author = posts[1].author
        file_appeal(cast.view(author), removed, "I only quoted.")
        clock.shift(timedelta(days=1))
        decide_appeal(cast.view(cast.admin), removed, "overturned", "It was a quotation indeed.")
        page = numbers_page(Quarter(2031, 2))
        assert dict(page.by_kind) == {"post.remove": 2, "post.restore": 2}
        assert sum(count for _, count in page.by_rule) == sum(act.number for act in page.acts) == 4
        assert dict(page.by_origin)["report"] == 1
        assert {(one.rule, one.outcome, one.number) for one in page.reports} == {
            ("R2", "acted", 1), ("R2", "nothing", 1)
        }  # fmt: skip
        assert page.report_waits == Waited(2, timedelta(hours=3), timedelta(hours=6))
        assert (page.appeals_filed, dict(page.appeals)["overturned"]) == (1, 1)
        assert page.appeal_waits.median == timedelta(days=1)
        first = page.by_role[0]
        assert (first.acts, first.appeals, first.overturned) == (3, 1, 1)
        assert page.over_time[-1] == (Quarter(2031, 2), head()[0] - before)
        with pytest.raises(NotFound):
            numbers_page(Quarter(2031, 3))
