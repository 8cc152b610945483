"""A stranger joins, starts a thread about an article, is answered, told so, edits and leaves.

By ids and forms alone, so that the same story is told in any language; with scripts, without
them, and on a phone in Arabic.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, link_in_letter
from tests.journeys.test_told import LETTERS, PEOPLE, speak

pytestmark = pytest.mark.journey
ANSWERING = "Runa Falk"
LATER = """
import sys
from datetime import timedelta
from django.utils import timezone
from rostra.forum.threads.models import Post
Post.objects.filter(author__name=sys.stdin.read()).update(
    created_at=timezone.now() - timedelta(minutes=10)
)
"""


@pytest.fixture(scope="module")
def answering(site: Site) -> str:
    site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin=ANSWERING)
    return ANSWERING


def join(page: Page, site: Site, name: str, mail: str, *, scripts: bool) -> None:
    page.goto(f"{site.url}/account/join")
    for field, value in (("name", name), ("email", mail), ("password", PASSWORD)):
        page.locator(f"#id_{field}").fill(value)
    join_now = page.locator("form.panel button.primary")
    if scripts:
        expect(page.locator("rostra-proof[data-took]")).to_be_attached(timeout=60_000)
        page.wait_for_timeout(3_200)  # the form has to be three seconds old
    else:
        page.wait_for_timeout(20_500)
    join_now.click()
    page.locator(".menu.account").wait_for()
    page.goto(link_in_letter(site, mail, page, r"(http\S+/account/\S+)"))
    page.locator("main button.primary").click()
    expect(page.get_by_text(mail)).to_be_visible()


def add_passkey(page: Page, site: Site) -> str:
    """Add a passkey, as a device with a key store does; return a code for when it is lost."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{site.url}/account/second-factor/passkey")
    page.locator("#id_name").fill("Phone")
    page.locator("main button.primary").click()
    expect(page.locator(".codes li")).to_have_count(10)
    return page.locator(".codes li").first.inner_text()


def somewhere_else(browser: Browser, site: Site, name: str, code: str) -> Page:
    """Log in from another browser too."""
    other = browser.new_context().new_page()
    other.goto(f"{site.url}/account/login")
    other.locator("#id_login").fill(name)
    other.locator("#id_password").fill(PASSWORD)
    other.locator('form[action="/account/login"] button').first.click()
    if code:
        other.locator("#id_code").fill(code)
        other.locator("main button.primary").click()
    other.locator(".menu.account").wait_for()
    return other


def is_told(page: Page, site: Site, times: int) -> None:
    """Look again until the worker has come to it."""
    for _ in range(90):
        page.goto(f"{site.url}/notifications")
        if page.locator(".told").count() == times:
            return
        page.wait_for_timeout(1_000)
    raise AssertionError(f"not told {times} times: {page.locator('main').inner_text()[:300]}")


def look(page: Page, *, scripts: bool) -> None:
    """What holds on each page of the story."""
    if scripts:
        assert found_by_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("Ketil Brandt", {}, marks=pytest.mark.both, id="with scripts"),
        pytest.param("Sanna Vik", {"java_script_enabled": False}, id="without"),
        pytest.param(
            "Nour Haddad",
            {"locale": "ar", "viewport": {"width": 360, "height": 740}},
            id="on a phone in Arabic",
        ),
    ],
)
def test_from_joining_to_leaving(
    browser: Browser, site: Site, answering: str, name: str, options: dict
):
    scripts = options.get("java_script_enabled", True)
    mail = name.lower().replace(" ", ".") + "@example.org"
    context: BrowserContext = browser.new_context(**options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    join(page, site, name, mail, scripts=scripts)
    code = add_passkey(page, site) if scripts else ""

    title = f"Article read by {name}"
    page.goto(f"{site.url}/boards/2/start")
    page.locator("#id_kind_news").check()
    page.locator("#id_link").fill(f"https://news.example.org/gate/{len(name)}{name[0]}")
    page.locator("#id_excerpt").fill("The gate was shut an hour late.")
    page.locator("#id_title").fill(title)
    page.locator("textarea[name=source]").fill("An hour is what the log of the gate says, too.")
    look(page, scripts=scripts)
    page.locator("form.composer button.primary").click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("a.to[href*='news.example.org']")).to_be_visible()
    thread = page.url
    look(page, scripts=scripts)

    quoting = f'[quote="{name}, post: POST"]An hour is what[/quote]\n\nSo it does, @{name}.'
    speak(site, answering, title, quoting, "insightful")
    is_told(page, site, 2)
    look(page, scripts=scripts)
    site.rostra("manage", "shell", "-v0", "-c", LETTERS)
    assert link_in_letter(site, mail, page, r"So it does.*?(http\S+/unsubscribe/\S+)")

    page.goto(thread)
    expect(page.locator("#post-2 .prose")).to_contain_text("An hour is what")
    site.rostra(
        "manage", "shell", "-v0", "-c", LATER, stdin=name
    )  # the five silent minutes are over
    page.goto(thread)
    page.locator("#post-1 a[href$='/edit']").click()
    page.locator("textarea[name=source]").fill("Half an hour is what the log of the gate says.")
    page.locator("form.composer button.primary").click()
    page.locator("#post-1 a[href$='/history']").click()
    expect(page.locator("ins").first).to_contain_text("Half")
    look(page, scripts=scripts)

    other = somewhere_else(browser, site, name, code)
    page.goto(f"{site.url}/account/sessions")
    page.locator("form[action='/account/sessions/end'] button.primary").click()
    other.goto(f"{site.url}/account")
    expect(other.locator("#id_login, #id_password").first).to_be_visible()
    expect(other).to_have_url(re.compile("/account/login"))
    other.context.close()
    assert wrong == []
    context.close()
