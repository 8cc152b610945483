"""The first administrator, signing in and out, choosing how to read."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site

pytestmark = pytest.mark.journey
NAME, MEMBER, PASSWORD = "Nadia Brook", "Noor Ahlam", "salt wind over the pier"


@pytest.fixture(scope="session")
def administrator(browser, site: Site) -> dict:
    """Somebody who used the one-time link and took up a second step; returns their cookies."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.setup)
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("at least 8 characters")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("kept for the forum itself")).to_be_visible()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(site.url + "/")
    assert page.goto(site.setup).status == 404  # SEC-095: once
    assert page.goto(f"{site.url}/staff/access").status == 403  # not without a second step
    page.goto(f"{site.url}/account/second-factor/app")
    secret = page.locator("code.key").inner_text()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".codes li")).to_have_count(10)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def member(browser, site: Site) -> str:
    """Somebody who joined by the form; returns the name."""
    context = browser.new_context()
    join(context.new_page(), site, MEMBER)
    context.close()
    return MEMBER


def join(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/account/join")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    expect(page.locator("rostra-proof[data-took]")).to_be_attached(timeout=60_000)
    page.wait_for_timeout(3_200)  # the form must be three seconds old
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(site.url + "/")


def sign_in(page: Page, site: Site, name: str, password: str) -> None:
    page.goto(f"{site.url}/account/login?next=/whats-new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def test_a_member_comes_in_reads_in_arabic_and_leaves(page: Page, site: Site, member: str):
    sign_in(page, site, "  noor  AHLAM ", PASSWORD)
    expect(page).to_have_url(site.url + "/whats-new")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["session"]["httpOnly"]
    assert cookies["session"]["sameSite"] == "Lax"
    page.goto(f"{site.url}/account/reading")
    page.get_by_label("Language").select_option("ar")
    page.get_by_label("Posts a page").select_option("50")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.goto(f"{site.url}/account/reading")
    page.locator("#id_language").select_option("en")
    page.locator("button.primary").click()
    page.locator(".menu.account summary").click()
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert page.errors == []


def test_a_wrong_password_keeps_the_name_and_says_nothing_more(page: Page, site: Site, member):
    """SEC-079: known and unknown names get the same words."""
    said = []
    for name in (member, "Nobody Known"):
        sign_in(page, site, name, "wrong horse battery")
        expect(page.get_by_label("Name")).to_have_value(name)
        said.append(page.locator(".form-error:visible").inner_text())
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "away", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]
)
def test_signing_in_stays_on_the_site(page: Page, site: Site, member, away):
    """SEC-030."""
    page.goto(f"{site.url}/account/login?next={away}")
    page.get_by_label("Name").fill(member)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_url(re.compile("^" + re.escape(site.url)))
    assert page.foreign == []


def test_an_administrator_learns_why(browser, site: Site, administrator):
    page = browser.new_context(storage_state=administrator).new_page()
    page.goto(site.url)
    page.locator(".menu.account summary").click()
    page.get_by_role("link", name="Staff").click()
    page.get_by_role("link", name="Why can they do that?").click()
    page.get_by_label("Board").select_option(index=1)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("row", name=re.compile("Read threads"))).to_contain_text(
        re.compile("Yes|No")
    )
