"""Notices as pages: seen at once, gone by their time, dismissed without a script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from rostra.forum.notices.actions import dismiss_notice, end_notice, write_notice
from rostra.forum.notices.models import Notice
from rostra.forum.notices.rules import Plan
from rostra.kernel import clock
from rostra.web import kept_pages
from tests.cast import WHY
from tests.web.visits import as_, thread_address

HOUR = timedelta(hours=1)
FORM = {"text-en": "We **move** on Friday.", "audience": "everybody", "dismissible": "1",
        "do": "save", "reason": WHY}  # fmt: skip


@pytest.fixture
def admin(cast):
    return cast.view(cast.admin)


@pytest.fixture
def later(monkeypatch):
    """Let all clocks go forward, the one by which pages are kept too."""

    def go(by: timedelta) -> None:
        at, ticks = clock.now() + by, kept_pages.time.monotonic() + by.total_seconds()
        monkeypatch.setattr(clock, "now", lambda: at)
        monkeypatch.setattr(kept_pages.time, "monotonic", lambda: ticks)

    return go


def put_up(admin, text="We **move** on Friday.", **how) -> int:
    return write_notice(admin, Plan({"en": text}, **how), reason=WHY)


@pytest.mark.parametrize("who", [None, "quay", "hill", "mod"])
def test_only_administrators_come_there(web, cast, admin, who):
    """Nor does their form put anything up."""
    notice = put_up(admin)
    as_(web, cast, who)
    for address in ("/staff/notices", "/staff/notices/new", f"/staff/notices/{notice}"):
        assert web.get(address).status_code in (303, 403)
    assert web.post("/staff/notices/new", FORM).status_code in (303, 403)
    assert Notice.objects.count() == 1


def test_one_is_written_changed_and_ended(web, cast):
    as_(web, cast, "admin")
    assert web.post("/staff/notices/new", FORM).status_code == 303
    notice = Notice.objects.get().pk
    assert "<strong>move</strong> on Friday" in web.get("/").text
    form = web.get(f"/staff/notices/{notice}").text
    assert "We **move** on Friday." in form and 'name="seen" value="0"' in form
    other = {**FORM, "text-en": "We stay.", "seen": "0"}
    assert web.post(f"/staff/notices/{notice}", other).status_code == 303
    assert "We stay." in web.get("/members").text
    stale = web.post(f"/staff/notices/{notice}", {**FORM, "seen": "0"})
    assert stale.status_code == 422 and "Somebody else has changed this" in stale.text
    assert "We **move** on Friday." in stale.text  # what was typed stays
    ended = web.post(f"/staff/notices/{notice}", {**other, "seen": "1", "do": "end"})
    assert ended.status_code == 303
    assert "We stay." not in web.get("/").text
    listed = web.get("/staff/notices").text
    assert "We stay." in listed and f"/staff/notices/new?like={notice}" in listed
    assert "We stay." in web.get(f"/staff/notices/new?like={notice}").text
    assert "Notice ended" in web.get("/moderation-log").text


def test_a_preview_shows_it_and_puts_nothing_up(web, cast):
    as_(web, cast, "admin")
    answer = web.post("/staff/notices/new", {**FORM, "text-ar": "ننتقل", "do": "preview"})
    assert answer.status_code == 200
    assert "We <strong>move</strong> on Friday." in answer.text
    assert '<div class="prose" lang="ar"><p dir="auto">ننتقل</p>' in answer.text
    assert not Notice.objects.exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(web, cast):
    as_(web, cast, "admin")
    wrong = {**FORM, "ends": "yesterday", "starts": "", "board": [str(cast.harbour.pk)]}
    answer = web.post("/staff/notices/new", wrong)
    assert answer.status_code == 422
    assert "Give a day and a time of day." in answer.text
    assert 'value="yesterday"' in answer.text and "We **move** on Friday." in answer.text
    assert re.search(rf'value="{cast.harbour.pk}" checked', answer.text)
    for odd in (
        {"do": "explode"},
        {"board": ["x"]},
        {"audience": ""},
        {"ends": "2001-01-01T10:00"},
    ):
        assert web.post("/staff/notices/new", {**FORM, **odd}).status_code == 422
    assert web.post("/staff/notices/new", {**FORM, "boards": "1"}).status_code == 422
    assert not Notice.objects.exists()


def test_times_are_those_of_who_types_them(web, cast):
    cast.admin.time_zone = "Asia/Baghdad"
    cast.admin.save()
    as_(web, cast, "admin")
    form = {**FORM, "starts": "2036-11-30T12:00", "ends": "2036-12-01T12:00"}
    assert web.post("/staff/notices/new", form).status_code == 303
    notice = Notice.objects.get()
    assert notice.starts_at.isoformat() == "2036-11-30T09:00:00+00:00"
    assert 'value="2036-11-30T12:00"' in web.get(f"/staff/notices/{notice.pk}").text


def test_a_member_dismisses_it_without_a_script_and_comes_back(web, cast, admin):
    notice = put_up(admin)
    page = as_(web, cast, "quay").get("/whats-new?show=unread")
    form = re.search(rf'action="/notices/{notice}/dismiss">(.*?)</form>', page.text, re.DOTALL)[1]
    assert 'name="csrfmiddlewaretoken" value="' in form and "\0" not in page.text
    assert 'name="next" value="/whats-new?show=unread"' in form
    answer = web.post(f"/notices/{notice}/dismiss", {"next": "/whats-new?show=unread"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/whats-new?show=unread")
    assert "on Friday" not in web.get("/").text
    assert "on Friday" in as_(web, cast, "hill").get("/").text
    away = web.post(f"/notices/{notice}/dismiss", {"next": "//elsewhere.example/"})
    assert away.headers["Location"] == "/"  # SEC-030


def test_guests_have_no_button_and_no_cookie(door, cast, admin):
    """SEC-113: their page is the same for all of them."""
    put_up(admin)
    answer = door.get("/")
    assert "on Friday" in answer.body.decode() and "/dismiss" not in answer.body.decode()
    assert "set-cookie" not in answer.headers
    door.get("/")
    assert door.entered == 1  # it is kept


def test_it_is_a_region_with_a_name(web, cast, admin):
    put_up(admin)
    text = web.get(thread_address(cast)).text
    assert '<section class="notices wrap" aria-label="Notices">' in text
    assert text.index('class="notices') < text.index("<main")


def test_no_kept_page_sleeps_through_a_notice(door, cast, admin):
    """SEC-052."""
    pages = ("/", thread_address(cast), f"/boards/{cast.harbour.pk}.harbour", "/whats-new")
    for page in pages:
        assert "on Friday" not in door.get(page).body.decode()
    notice = put_up(admin)
    for page in pages:
        assert "on Friday" in door.get(page).body.decode()
    end_notice(admin, notice, reason=WHY)
    for page in pages:
        assert "on Friday" not in door.get(page).body.decode()


def test_it_comes_to_and_goes_from_kept_pages_by_itself(door, cast, admin, later):
    """At the moment, though nobody acts then and the page would be kept longer."""
    now = clock.now()
    put_up(admin, starts_at=now + timedelta(seconds=20), ends_at=now + timedelta(seconds=40))
    assert "on Friday" not in door.get("/").body.decode()
    later(timedelta(seconds=10))
    door.get("/")
    assert door.entered == 1
    later(timedelta(seconds=10))
    assert "on Friday" in door.get("/").body.decode()
    later(timedelta(seconds=20))
    assert "on Friday" not in door.get("/").body.decode()


def test_one_of_a_board_stands_in_its_threads_alone(web, cast, admin):
    put_up(admin, boards=(cast.harbour.pk,))
    assert "on Friday" in web.get(thread_address(cast)).text
    assert "on Friday" in web.get(f"/boards/{cast.harbour.pk}.harbour").text
    assert "on Friday" not in web.get("/").text
    assert "on Friday" not in web.get(f"/boards/{cast.region.pk}.region").text


def test_each_reads_it_in_their_language(web, cast, admin):
    write_notice(admin, Plan({"en": "Closed.", "ar": "مغلق."}), reason=WHY)
    arabic = web.get("/", HTTP_ACCEPT_LANGUAGE="ar").text
    assert 'lang="ar"><p dir="auto">مغلق.</p>' in arabic and "Closed." not in arabic
    assert 'lang="en"><p dir="auto">Closed.</p>' in web.get("/").text


def test_words_that_look_like_our_places_are_words(web, cast, admin):
    put_up(admin, "token path \0token\0")
    notice = put_up(admin, "Second")
    dismiss_notice(cast.view(cast.quay), notice)
    text = as_(web, cast, "quay").get("/").text
    assert "\0" not in text and "token path \ufffdtoken\ufffd" in text
