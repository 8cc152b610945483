"""Joining, a passkey, a lost password, leaving everywhere; again without scripts; axe and widths."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import link_in_letter

pytestmark = pytest.mark.journey
PASSWORD = "first light on the mole"
LINK = r"(http\S+/account/\S+)"


@pytest.fixture
def key_store(page: Page):
    """A device with a key store of its own, as Chromium plays it."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    return tools


def test_join_confirm_passkey_and_leave_everywhere(
    browser: Browser, page: Page, site: Site, key_store
):
    page.goto(site.url)
    page.get_by_role("link", name="Join").click()
    page.get_by_label("Name").fill("Marit Oyen")
    page.get_by_label("E-mail").fill("marit@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    proof = page.locator("rostra-proof[data-took]")
    expect(proof).to_be_attached(timeout=60_000)
    print("proof of work:", proof.get_attribute("data-took"), "ms")
    page.wait_for_timeout(3_200)
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(site.url + "/")

    page.goto(link_in_letter(site, "marit@example.org", page, LINK))
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_text("marit@example.org")).to_be_visible()

    page.get_by_role("link", name="See to them").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name to know it by").fill("This laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".codes li")).to_have_count(10)
    expect(page.get_by_text("This laptop")).to_be_visible()
    recovery = page.locator(".codes li").first.inner_text()

    page.goto(f"{site.url}/account/logout")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{site.url}/account/login?next=/account/sessions")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(site.url + "/account/sessions")

    other = browser.new_context()
    phone = other.new_page()
    phone.goto(f"{site.url}/account/login")
    phone.get_by_label("Name").fill("marit@example.org")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Log in", exact=True).click()
    expect(phone.get_by_label("Code")).to_be_visible()  # the password alone is half of it
    phone.get_by_label("Code").fill(recovery)
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_role("link", name="Log in")).to_have_count(0)

    page.reload()
    expect(page.get_by_text("This one")).to_be_visible()
    page.get_by_role("button", name="End all others").click()
    expect(page.get_by_role("button", name="End all others")).to_have_count(0)
    phone.goto(f"{site.url}/account")
    expect(phone.get_by_label("Name or e-mail")).to_be_visible()
    other.close()

    page.goto(f"{site.url}/account/password")
    page.get_by_label("New password").fill("last light on the mole")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The password was changed.")).to_be_visible()
    assert page.errors == []
    assert page.foreign == []


def test_the_same_without_scripts(browser: Browser, site: Site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{site.url}/account/join")
    page.get_by_label("Name").fill("Ole Strand")
    page.get_by_label("E-mail").fill("ole@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("Wait 20 seconds")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Ole Strand")
    page.wait_for_timeout(20_500)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(site.url + "/")
    page.goto(link_in_letter(site, "ole@example.org", page, LINK))
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_text("ole@example.org")).to_be_visible()

    # A lost password.
    page.goto(f"{site.url}/account/logout")
    page.locator("button.primary").click()
    page.goto(f"{site.url}/account/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill("ole@example.org")
    page.get_by_role("button", name="Send the link").click()
    page.goto(link_in_letter(site, "ole@example.org", page, LINK))
    page.get_by_label("New password").fill("other light on the mole")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Name or e-mail").fill("ole@example.org")
    page.get_by_label("Password").fill("other light on the mole")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto(f"{site.url}/account/sessions")
    expect(page.get_by_text("This one")).to_be_visible()
    context.close()


SCREENS = (
    "", "/name", "/email", "/password", "/sessions", "/second-factor", "/second-factor/app",
    "/second-factor/passkey", "/invitations", "/confirm", "/reading", "/profile", "/activity",
    "/bookmarks", "/people", "/notifications", "/erase",
)  # fmt: skip
OTHERS = (
    "/notifications", "/whats-new?show=unread", "/whats-new?show=watched", "/posts/1/reactions",
    "/posts/1/bookmark", "/posts/2/reply", "/boards/2/start",
)  # fmt: skip


@pytest.fixture(scope="session")
def somebody(browser: Browser, site: Site) -> dict:
    """The cookies of somebody who joined."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/account/join")
    page.get_by_label("Name").fill("Inga Vik")
    page.get_by_label("Password").fill(PASSWORD)
    expect(page.locator("rostra-proof[data-took]")).to_be_attached(timeout=60_000)
    page.wait_for_timeout(3_200)
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(site.url + "/")
    state = context.storage_state()
    context.close()
    return state


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "ar")])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    browser: Browser, site: Site, somebody, scheme, language
):
    """Every screen of a member's own, of a guest who would be one, at 320 px too."""
    for state, addresses in (
        (somebody, [*(f"/account{screen}" for screen in SCREENS), *OTHERS]),
        (None, ["/account/login", "/account/join", "/account/reset", "/account/reset/none"]),
    ):
        context = browser.new_context(
            color_scheme=scheme, locale=language, storage_state=state,
            viewport={"width": 320, "height": 700},
        )  # fmt: skip
        page = context.new_page()
        for address in addresses:
            status = page.goto(site.url + address).status
            assert status == (404 if address.endswith("/none") else 200), address
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, (address, wide)
            found = Axe().run(page)
            assert found.violations_count == 0, (address, found.generate_report())
        context.close()
