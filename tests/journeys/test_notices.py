"""A notice is put up on a phone, read by a guest, dismissed by a member without a script."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in
from tests.pictures import png

pytestmark = pytest.mark.journey

NARROW = {"width": 320, "height": 700}
ADMINISTRATOR, MEMBER = "Hedda Vik", "Aziz Nur"
PLACE = f"""
import json, sys
from rostra.forum.members.actions import create_group, create_member, join_group
names = json.load(sys.stdin)
made, _ = (create_member(name, password={PASSWORD!r}) for name in names)
group = create_group("Who put up notices", capabilities=["manage_access"])
join_group(group.pk, made.pk, reason="Set up for a journey.")
"""
REASON = "The council asked for it."


def test_a_notice_and_a_smilie(browser: Browser, site: Site) -> None:
    site.rostra("manage", "shell", "-v0", "-c", PLACE, stdin=json.dumps([ADMINISTRATOR, MEMBER]))
    page = browser.new_context(viewport=NARROW).new_page()
    sign_in(page, site, ADMINISTRATOR)
    page.goto(f"{site.url}/staff/notices/new")
    page.locator("#id_text-en").fill("We **move** on Friday.")
    page.locator("#id_text-ar").fill("ننتقل يوم الجمعة.")
    page.locator("#id_reason").fill(REASON)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("move")
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_role("region", name="Notices")).to_contain_text("We move on Friday.")
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    guest = browser.new_context(viewport=NARROW, locale="ar", color_scheme="dark").new_page()
    guest.goto(site.url)
    expect(guest.locator(".notice-above")).to_have_text("ننتقل يوم الجمعة.")
    assert found_by_axe(guest) == []

    member = browser.new_context(viewport=NARROW).new_page()
    sign_in(member, site, MEMBER)
    kept = member.context.storage_state()
    bare = browser.new_context(viewport=NARROW, java_script_enabled=False, storage_state=kept)
    plain = bare.new_page()
    plain.goto(f"{site.url}/whats-new")
    plain.get_by_role("button", name="Dismiss").click()
    expect(plain).to_have_url(f"{site.url}/whats-new")
    expect(plain.get_by_role("region", name="Notices")).to_have_count(0)

    page.goto(f"{site.url}/staff/smilies")
    page.locator("#id_code").fill("crane")
    picture = {"name": "crane.png", "mimeType": "image/png", "buffer": png(40, 20)}
    page.set_input_files("#id_picture", picture)
    page.locator("#id_words").fill("A crane")
    page.locator("#id_reason").fill(REASON)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".smilie-shown img")).to_have_attribute("alt", "A crane")
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    member.goto(f"{site.url}/whats-new")
    member.locator(".row h3 a").first.click()
    area = member.locator("textarea[name=source]")
    area.press_sequentially("Look, a :cra")
    expect(member.locator("#names li").first).to_contain_text(":crane:")
    assert found_by_axe(member) == []

    page.goto(f"{site.url}/staff/notices")
    page.get_by_role("link", name="Change or end it").first.click()
    page.locator("#id_reason").fill(REASON)
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_role("region", name="Notices")).to_have_count(0)
    guest.goto(site.url)
    expect(guest.locator(".notice-above")).to_have_count(0)
