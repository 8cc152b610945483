"""An administrator gives the forum a name and a colour, by keyboard; a guest sees them."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in

pytestmark = pytest.mark.journey

NARROW = {"width": 360, "height": 760}
ADMINISTRATOR = "Ottilie Brandt"
PLACE = f"""
import json, sys
from rostra.forum.members.actions import create_group, create_member, join_group
made = create_member(json.load(sys.stdin), password={PASSWORD!r})
group = create_group("Who decide", capabilities=["manage_access"])
join_group(group.pk, made.pk, reason="Set up for a journey.")
"""
BACK = ("settings", "default", "--reason", "Only for this journey.")


def fill(page: Page, name: str, words: str) -> None:
    """Come to a field by the keyboard, and type over what stands there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            page.keyboard.press("ControlOrMeta+A")
            page.keyboard.type(words)
            return
    raise AssertionError(f"no way to {name} by keyboard")


def test_a_name_and_a_colour_of_its_own(browser: Browser, site: Site) -> None:
    site.rostra("manage", "shell", "-v0", "-c", PLACE, stdin=json.dumps(ADMINISTRATOR))
    guest = browser.new_context(viewport=NARROW).new_page()
    guest.goto(site.url)
    expect(guest.locator(".brand")).to_contain_text("Rostra")

    page = browser.new_context(viewport=NARROW).new_page()
    sign_in(page, site, ADMINISTRATOR)
    page.goto(f"{site.url}/staff/settings?q=colour")
    assert found_by_axe(page) == []
    page.get_by_role("link", name="Colour", exact=True).click()
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.goto(f"{site.url}/staff/settings/forum")
    fill(page, "site_name", "Harbour Talk")
    fill(page, "accent", "#ffff00")
    fill(page, "reason", "The council chose both.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#error_accent")).to_contain_text("#717100")
    assert found_by_axe(page) == []
    expect(page.locator("#id_site_name")).to_have_value("Harbour Talk")
    fill(page, "accent", "#717100")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()

    guest.goto(site.url)
    expect(guest.locator(".brand")).to_contain_text("Harbour Talk")
    assert guest.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    ).startswith("light-dark(#717100")
    assert found_by_axe(guest) == []
    guest.goto(f"{site.url}/moderation-log")
    expect(guest.locator("tbody tr").first).to_contain_text("Setting changed")

    for name in ("site_name", "accent"):  # the site is others' as well
        site.rostra(BACK[0], BACK[1], name, *BACK[2:])
    guest.goto(site.url)
    expect(guest.locator(".brand")).to_contain_text("Rostra")
