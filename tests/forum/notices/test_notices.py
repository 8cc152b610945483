"""Writing notices: who may, for whom they stand, from when until when, and what is remembered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.boards.queries import VERSION
from rostra.forum.modlog.models import LogEntry
from rostra.forum.notices import queries, rules
from rostra.forum.notices.actions import change_notice, dismiss_notice, end_notice, write_notice
from rostra.forum.notices.models import Notice
from rostra.forum.notices.rules import Plan
from rostra.kernel import clock, versions
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.cast import WHY

HOUR = timedelta(hours=1)


@pytest.fixture
def admin(cast):
    return cast.view(cast.admin)


def put_up(admin, text="We move on Friday.", **how) -> int:
    return write_notice(admin, Plan({"en": text}, **how), reason=WHY)


def above(viewer, board_id=None) -> list[int]:
    return [one.id for one in queries.notices_above(viewer, board_id)]


@pytest.fixture
def later(monkeypatch):
    """Let the clock of the house go forward."""

    def go(by: timedelta) -> None:
        at = clock.now() + by
        monkeypatch.setattr(clock, "now", lambda: at)

    return go


@pytest.mark.parametrize("who", [None, "quay", "mod"])
def test_only_administrators_write_change_and_end(cast, admin, who):
    notice = put_up(admin)
    viewer = cast.view(who and getattr(cast, who))
    for act in (
        lambda: put_up(viewer),
        lambda: change_notice(viewer, notice, Plan({"en": "Mine"}), seen=0, reason=WHY),
        lambda: end_notice(viewer, notice, reason=WHY),
        lambda: queries.notices_for(viewer, limit=9),
        lambda: queries.notice_for(viewer, notice),
    ):
        with pytest.raises(Refused):
            act()
    assert Notice.objects.get().texts == {"en": "We move on Friday."}


def test_each_act_is_one_entry_without_the_words(admin):
    notice = put_up(admin, audience="members")
    change_notice(admin, notice, Plan({"en": "We move on Monday."}), seen=0, reason=WHY)
    end_notice(admin, notice, reason=WHY)
    found = LogEntry.objects.filter(kind__startswith="notice.").order_by("n")
    assert [(one.kind, one.public["facts"]) for one in found] == [
        ("notice.write", {"notice": notice, "audience": "members"}),
        ("notice.change", {"notice": notice, "audience": "everybody"}),
        ("notice.end", {"notice": notice, "audience": "everybody"}),
    ]
    assert all("We move" not in str(one.public) for one in found)


def test_it_is_for_those_it_is_for(cast, admin):
    everybody, members, guests = (
        put_up(admin, audience=one) for one in ("everybody", "members", "guests")
    )
    assert above(cast.view(None)) == [everybody, guests]
    assert above(cast.view(cast.quay)) == [everybody, members]


def test_it_stands_in_its_boards_and_below_them(cast, admin):
    notice = put_up(admin, boards=(cast.city.pk,))
    quay = cast.view(cast.quay)
    assert above(quay) == []
    assert above(quay, cast.harbour.pk) == above(quay, cast.city.pk) == [notice]
    end_notice(admin, notice, reason=WHY)
    notice = put_up(admin, boards=(cast.region.pk,))
    quay = cast.view(cast.quay)
    assert (above(quay, cast.harbour.pk), above(quay, cast.region.pk)) == ([], [notice])


def test_it_comes_and_goes_by_its_time(cast, admin, later):
    """Nobody acts at either moment, and no version changes."""
    now = clock.now()
    notice = put_up(admin, starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    guest = cast.view(None)
    assert above(guest) == []
    assert queries.next_change(now) == now + HOUR
    later(HOUR)
    assert above(guest) == [notice]
    assert queries.next_change(clock.now()) == now + 2 * HOUR
    later(HOUR)
    assert above(guest) == []
    assert queries.next_change(clock.now()) is None


def test_pages_ask_nothing_while_the_version_stands(cast, admin):
    before = versions.current(VERSION)
    put_up(admin)
    assert versions.current(VERSION) == before + 1
    guest = cast.view(None)
    assert len(above(guest)) == 1
    with CaptureQueriesContext(connection) as asked:
        assert len(above(guest)) == 1
    assert len(asked) == 0


def test_each_reads_their_language_or_what_there_is(cast, admin):
    write_notice(admin, Plan({"en": "Closed.", "ar": "مغلق."}), reason=WHY)
    write_notice(admin, Plan({"en": " ", "ar": "غدًا."}), reason=WHY)
    both, arabic = queries.notices_above(cast.view(None))
    assert [both.in_language(one, "en")[0] for one in ("ar", "en", "fa")] == ["ar", "en", "en"]
    assert arabic.in_language("en", "en") == ("ar", '<p dir="auto">غدًا.</p>\n')


def test_who_dismissed_it_sees_it_no_more_even_when_it_changes(cast, admin):
    notice, other = put_up(admin), put_up(admin)
    dismiss_notice(cast.view(cast.quay), notice)
    assert above(cast.view(cast.quay)) == [other]
    assert above(cast.view(cast.hill)) == [notice, other]
    change_notice(admin, notice, Plan({"en": "On Monday."}), seen=0, reason=WHY)
    assert above(cast.view(cast.quay)) == [other]
    # One that must be seen is, whoever dismissed it before.
    change_notice(admin, notice, Plan({"en": "!"}, is_dismissible=False), seen=1, reason=WHY)
    assert above(cast.view(cast.quay)) == [notice, other]


def test_what_was_dismissed_is_forgotten_once_it_is_over(cast, admin):
    first, second = put_up(admin), put_up(admin)
    for one in (first, first, second):
        dismiss_notice(cast.view(cast.quay), one)
    cast.quay.refresh_from_db()
    assert cast.quay.dismissed == f"{first},{second}"
    end_notice(admin, first, reason=WHY)
    third = put_up(admin)
    dismiss_notice(cast.view(cast.quay), third)
    cast.quay.refresh_from_db()
    assert cast.quay.dismissed == f"{second},{third}"


def test_only_what_may_be_dismissed_is(cast, admin):
    must, over = put_up(admin, is_dismissible=False), put_up(admin)
    end_notice(admin, over, reason=WHY)
    for notice in (must, over, 10**9):
        with pytest.raises(NotFound):
            dismiss_notice(cast.view(cast.quay), notice)
    with pytest.raises(Refused):
        dismiss_notice(cast.view(None), must)


def test_they_are_five_at_most_planned_ones_counted(admin):
    """What stands above every page is bounded."""
    ids = [put_up(admin, starts_at=clock.now() + HOUR) for _ in range(rules.MOST)]
    with pytest.raises(Invalid) as refused:
        put_up(admin)
    assert refused.value.fields == {"texts": "too_many_notices"}
    end_notice(admin, ids[0], reason=WHY)
    put_up(admin)


def test_all_that_is_wrong_is_said_at_once(admin):
    now = clock.now()
    plan = Plan({"en": "x" * 1001}, "friends", (987654,), starts_at=now + HOUR, ends_at=now + HOUR)
    with pytest.raises(Invalid) as refused:
        write_notice(admin, plan, reason="Short")
    assert refused.value.fields == {
        "text-en": "too_long", "audience": "not_a_choice", "boards": "not_a_choice",
        "ends": "notice_ends_too_early", "reason": "reason_too_short",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        write_notice(admin, Plan({"en": "\u200b ", "xx": "Words"}), reason=WHY)
    assert refused.value.fields == {"texts": "empty"}
    assert not Notice.objects.exists()


def test_who_saw_an_older_one_is_told_and_what_is_over_stays(admin):
    notice = put_up(admin)
    change_notice(admin, notice, Plan({"en": "On Monday."}), seen=0, reason=WHY)
    with pytest.raises(Invalid) as refused:
        change_notice(admin, notice, Plan({"en": "On Sunday."}), seen=0, reason=WHY)
    assert refused.value.fields == {"texts": "setting_changed_meanwhile"}
    end_notice(admin, notice, reason=WHY)
    for act in (
        lambda: change_notice(admin, notice, Plan({"en": "Again."}), seen=2, reason=WHY),
        lambda: end_notice(admin, notice, reason=WHY),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.fields == {"texts": "notice_is_over"}
    assert Notice.objects.get().texts == {"en": "On Monday."}


def test_hostile_words_are_words(cast, admin):
    """SEC-010, SEC-011: a notice goes through the renderer that posts go through."""
    put_up(admin, "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))")
    ((_, html),) = queries.notices_above(cast.view(None))[0].texts
    assert "<script" not in html and "<img" not in html and "href" not in html
