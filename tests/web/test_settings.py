"""Settings on the web: who comes there, what is kept of what is typed, and who sees the change."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rostra.forum.choices import queries, rules
from rostra.forum.choices.actions import Wish, choose
from rostra.forum.modlog.models import LogEntry
from rostra.kernel import chosen
from tests.pictures import png
from tests.web.visits import as_

REASON = "As the council of the port decided."
FORUM = "/staff/settings/forum"


def form_of(page: str, **typed: str) -> dict[str, str]:
    """Return a page's form as a browser sends it, with some fields typed over."""
    form = {"reason": REASON}
    for setting in rules.on_page(page):
        if setting.name not in ("logo", "logo_text"):
            now = queries.values()[setting.name].now
            form |= {setting.name: now, f"was-{setting.name}": now}
    return form | typed


@pytest.mark.parametrize("who", [None, "quay", "hill", "mod"])
def test_only_administrators_come_there(web, cast, who):
    """SEC-048: nor does their form change anything."""
    as_(web, cast, who)
    for address in ("/staff/settings", FORUM, "/staff/settings/logo"):
        assert web.get(address).status_code in (303, 403)
    assert web.post(FORUM, form_of("forum", site_name="Mine")).status_code in (303, 403)
    assert chosen.kept() == {}


def test_every_setting_is_explained_with_its_default_and_can_be_found(web, cast):
    as_(web, cast, "admin")
    for page in rules.PAGES:
        text = web.get(f"/staff/settings/{page}").text
        for setting in rules.on_page(page):
            assert f'id="setting-{setting.name}"' in text
        assert text.count("Default:") >= len(rules.on_page(page)) - 1
    assert web.get("/staff/settings/nothing").status_code == 404
    found = web.get("/staff/settings?q=newcomers+MAY").text
    assert "/staff/settings/writing#setting-edit_hours_new" in found
    assert "#setting-site_name" not in found
    assert "Set where the forum is started" in web.get("/staff/settings").text


def test_name_description_and_colour_are_seen_by_guests_at_once(web, cast, settings):
    """SEC-052: no kept page of before."""
    assert "Rostra</title>" in web.get("/").text
    as_(web, cast, "admin")
    typed = {"site_name": "The <Quay>", "site_description": "Port & town", "accent": "#0a7f3f"}
    assert web.post(FORUM, form_of("forum", **typed)).status_code == 303
    seen = as_(web, cast, None).get("/").text
    assert "The &lt;Quay&gt;</title>" in seen
    assert 'property="og:description" content="Port &amp; town"' in seen
    (address,) = re.findall(r'href="(/colours/[0-9a-f]{16}\.css)"', seen)
    sheet = web.get(address)
    assert "#0a7f3f" in sheet.text and sheet["Content-Type"].startswith("text/css")
    assert "immutable" in sheet["Cache-Control"]
    assert "The &lt;Quay&gt;" in web.get(f"/threads/{cast.barrier.pk}/feed.atom").text
    # A page of before asks for other colours: it gets those of now, and nobody keeps them.
    assert web.get(f"/colours/{'0' * 16}.css")["Cache-Control"] == "no-store"
    log = web.get("/moderation-log").text
    assert "Setting changed" in log and "<bdi>#0a7f3f</bdi>" in log and REASON in log
    assert "The &lt;Quay&gt;" in web.get("/moderation-log/feed.atom").text


def test_what_is_wrong_is_said_beside_its_field_and_stays(web, cast):
    as_(web, cast, "admin")
    typed = form_of("forum", site_name=" ", accent="#FFFF00", site_description="New <words>")
    answer = web.post(FORUM, typed)
    assert answer.status_code == 422 and chosen.kept() == {}
    text = answer.text
    assert 'id="error_site_name"' in text and "#717100" in text
    for kept in ('value="#FFFF00"', "New &lt;words&gt;", REASON):
        assert kept in text
    assert web.post(FORUM, {**typed, "surprise": "1"}).status_code == 422


def test_two_administrators_at_once(web, cast):
    as_(web, cast, "admin")
    mine = form_of("writing", edit_days="9", edit_hours_new="5")
    choose(cast.view(cast.admin), {"edit_days": Wish("12", "30")}, reason=REASON)
    answer = web.post("/staff/settings/writing", mine)
    assert answer.status_code == 422 and "It is now:" in answer.text
    assert 'value="9"' in answer.text and "<bdi>12</bdi>" in answer.text
    assert chosen.kept() == {"edit_days": "12"}  # nothing of the form
    again = mine | {"was-edit_days": "12"}  # as the page has it now
    assert 'name="was-edit_days" value="12"' in answer.text
    assert web.post("/staff/settings/writing", again).status_code == 303
    assert chosen.kept() == {"edit_days": "9", "edit_hours_new": "5"}


def test_back_to_the_default(web, cast):
    as_(web, cast, "admin")
    assert "Back to the default" not in web.get("/staff/settings/writing").text
    web.post("/staff/settings/writing", form_of("writing", edit_days="9"))
    assert web.get("/staff/settings/writing").text.count("Back to the default") == 1
    web.post("/staff/settings/writing", form_of("writing", **{"default-edit_days": "1"}))
    assert chosen.kept() == {} and LogEntry.objects.filter(kind="setting.change").count() == 2


def test_steps_of_warnings_stand_one_a_line(web, cast):
    as_(web, cast, "admin")
    assert "3 limit 30\n5 read_only 3" in web.get("/staff/settings/moderation").text
    steps = {"warning_steps": "2 limit 60\r\n4 suspend 3"}
    web.post("/staff/settings/moderation", form_of("moderation", **steps))
    assert chosen.kept() == {"warning_steps": "2 limit 60; 4 suspend 3"}


def test_who_is_not_sure_any_more_keeps_what_they_typed(web, cast):
    """SEC-085."""
    as_(web, cast, "admin")
    session = web.session
    session["sure_at"] = time.time() - 3600
    session.save()
    assert web.get(FORUM)["Location"].startswith("/account/confirm?next=")
    answer = web.post(FORUM, form_of("forum", site_name="The Quay"))
    assert answer.status_code == 403 and 'value="The Quay"' in answer.text
    assert "/account/confirm?next=/staff/settings/forum" in answer.text
    assert chosen.kept() == {}


def test_what_is_fixed_is_shown_and_not_asked(web, cast, settings):
    settings.ROSTRA_SET = {"edit_days": "file"}
    text = as_(web, cast, "admin").get("/staff/settings/writing").text
    assert 'name="edit_days"' not in text and "set in rostra.toml" in text
    form = form_of("writing", edit_hours_new="3")
    del form["edit_days"], form["was-edit_days"]
    assert web.post("/staff/settings/writing", form).status_code == 303
    assert chosen.kept() == {"edit_hours_new": "3"}


def test_a_logo_that_is_fixed_is_shown_and_not_asked(web, cast, settings):
    settings.ROSTRA_SET = {"logo": "file"}
    text = as_(web, cast, "admin").get("/staff/settings/logo").text
    assert 'name="picture"' not in text and "cannot be changed here" in text
    form = {"logo_text": "A crane", "was-logo": "", "was-logo_text": "", "reason": REASON}
    crane = SimpleUploadedFile("a.png", png(64, 64), "image/png")
    answer = web.post("/staff/settings/logo", {**form, "do": "save", "picture": crane})
    assert answer.status_code == 422 and chosen.kept() == {}


def test_secrets_of_the_machine_are_not_on_the_page(web, cast, settings):
    settings.ROSTRA_AT_START = replace(
        settings.ROSTRA_AT_START, mail_url="smtp://me:hushhush@mail.example"
    )
    text = as_(web, cast, "admin").get("/staff/settings").text
    assert "hushhush" not in text and "set, and not shown" in text


def test_players_are_a_choice_of_the_policy(web, cast):
    assert "player.vimeo.com" in web.get("/")["Content-Security-Policy"]
    as_(web, cast, "admin")
    assert web.post("/staff/settings/links", form_of("links", embeds="")).status_code == 303
    assert "frame-src 'none'" in web.get("/")["Content-Security-Policy"]


def test_the_language_of_the_forum(web, cast):
    as_(web, cast, "admin")
    web.post(FORUM, form_of("forum", language="ar"))
    as_(web, cast, None)
    assert '<html lang="ar"' in web.get("/").text
    assert '<html lang="en"' in web.get("/", headers={"Accept-Language": "en"}).text


def test_a_logo_is_brought_shown_and_taken_away(web, cast, tmp_path, settings):
    """SEC-013."""
    settings.ROSTRA = settings.ROSTRA_AT_START = replace(settings.ROSTRA_AT_START, data=tmp_path)
    as_(web, cast, "admin")
    form = {"was-logo": "", "was-logo_text": "", "reason": REASON, "do": "save"}
    svg = SimpleUploadedFile("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    refused = web.post("/staff/settings/logo", {**form, "logo_text": "A crane", "picture": svg})
    assert refused.status_code == 422 and 'value="A crane"' in refused.text
    crane = SimpleUploadedFile("a.png", png(64, 64), "image/png")
    brought = web.post("/staff/settings/logo", {**form, "logo_text": "A crane", "picture": crane})
    assert brought["Location"] == "/staff/settings/forum?saved=1"
    key = chosen.kept()["logo"]
    as_(web, cast, None)
    assert f'<img src="/logo/{key}" alt="A crane">' in web.get("/").text
    assert (
        f"<icon>http://localhost:8000/logo/{key}</icon>"
        in web.get(f"/boards/{cast.harbour.pk}/feed.atom").text
    )
    picture = web.get(f"/logo/{key}")
    assert picture["Content-Type"] == "image/webp" and "sandbox" in str(picture.headers)
    assert web.get(f"/logo/{'0' * 32}").status_code == 404
    as_(web, cast, "admin")
    gone = {"was-logo": key, "was-logo_text": "A crane", "reason": REASON, "do": "remove"}
    assert web.post("/staff/settings/logo", gone).status_code == 303
    assert chosen.kept() == {} and web.get(f"/logo/{key}").status_code == 404


@pytest.mark.parametrize("name", ["../../evil.py", "/etc/cron.d/evil", "evil.html", "a.png"])
def test_sec_100_no_code_comes_in_by_the_web(web, cast, tmp_path, settings, name):
    """SEC-100: not even an administrator brings any, and no name becomes a path."""
    settings.ROSTRA = settings.ROSTRA_AT_START = replace(settings.ROSTRA_AT_START, data=tmp_path)
    as_(web, cast, "admin")
    form = {"was-logo": "", "was-logo_text": "", "reason": REASON, "do": "save", "logo_text": "A"}
    for code in (b"import os", b"#!/bin/sh", b"<script>alert(1)</script>", b"PK\x03\x04"):
        brought = SimpleUploadedFile(name, code, "image/png")
        assert web.post("/staff/settings/logo", {**form, "picture": brought}).status_code == 422
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    picture = SimpleUploadedFile(name, png(64, 64), "image/png")
    assert web.post("/staff/settings/logo", {**form, "picture": picture}).status_code == 303
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept and all(path.is_relative_to(tmp_path / "uploads") for path in kept)
    assert not any("evil" in path.name for path in kept)


def test_what_a_new_forum_lacks_leads_there(web, cast):
    page = as_(web, cast, "admin").get("/staff").text
    assert 'href="/staff/settings/forum"' in page and 'href="/staff/settings#machine"' in page
