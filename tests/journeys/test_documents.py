"""An article is read, changes, and disappears: what was said about it keeps its ground.

Told without scripts; the publisher is a server of the test's own, under a name that only the forum's
processes know.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.forum.documents.press import WORDS, Press, article
from tests.journeys.conftest import Site, served
from tests.journeys.pieces import found_by_axe, sign_in
from tests.journeys.test_kinds import fill, send
from tests.journeys.test_told import PEOPLE

pytestmark = pytest.mark.journey
NAMES = """
import socket
look_up = socket.getaddrinfo
def found(host, *words, **more):
    return look_up("127.0.0.1" if str(host).endswith(".example") else host, *words, **more)
socket.getaddrinfo = found
"""
LOOK_AGAIN = """
from django.utils import timezone
from rostra.forum.documents.actions.reading import check_documents
from rostra.forum.documents.models import Document
Document.objects.update(check_at=timezone.now(), failures={failures}, failing_since={since})
check_documents()
"""
LEAD = "<p>The barrier was closed at six that morning, the authority said.</p>"


@pytest.fixture
def courier() -> Iterator[Press]:
    press = Press()
    yield press
    press.close()


@pytest.fixture
def reading_site(tmp_path) -> Iterator[Site]:
    (tmp_path / "sitecustomize.py").write_text(NAMES)
    with served(
        tmp_path, "documents", PYTHONPATH=str(tmp_path), ROSTRA_FETCH_LINKS="on",
        ROSTRA_REACH_INSIDE="127.0.0.0/8",
    ) as found:  # fmt: skip
        yield found


def awaited(page: Page, what: Locator) -> None:
    """Look again until the worker has done its part."""
    for _ in range(120):
        if what.count():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(what).to_be_visible()


def look_again(site: Site, failures: int = 0, since: str = "None") -> None:
    words = LOOK_AGAIN.format(failures=failures, since=since)
    site.rostra("manage", "shell", "-v0", "-c", words)


def test_an_article_changes_and_disappears(browser: Browser, reading_site: Site, courier: Press):
    site = reading_site
    site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin="Ebba Lund,Finn Moe")
    courier.put("/a", article(words=LEAD + WORDS))
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = plain.new_page()
    sign_in(page, site, "Ebba Lund")
    page.goto(f"{site.url}/boards/2/start")
    page.locator("#id_kind_news").check()
    fill(page, link=courier.url("/a?utm_source=feed"), excerpt="The barrier was closed at six",
         title="Closed in time?", source="They say so.")  # fmt: skip
    send(page)
    expect(page.locator(".article .to")).to_be_visible()
    awaited(page, page.locator(".article .called", has_text="Barrier closed in time"))
    expect(page.locator(".article .fate")).to_contain_text("A copy was saved on")
    thread = page.url

    courier.put("/a", article("Now otherwise", LEAD.replace("six", "nine") + WORDS[:900]))
    look_again(site)
    awaited(page, page.locator(".article .fate.changed"))
    expect(page.locator(".article .called")).to_have_text("Barrier closed in time")
    page.locator(".article a[href^='/documents/']").click()
    expect(page.locator(".diff del")).to_have_text("six")
    expect(page.locator(".diff ins")).to_have_text("nine")

    courier.pages.clear()
    look_again(site, 2, "timezone.now() - timezone.timedelta(days=4)")
    page.goto(thread)
    awaited(page, page.locator(".article .fate.gone"))
    expect(page.locator(".article .fate")).to_contain_text("a copy was saved on")
    plain.close()

    looking = browser.new_context(
        locale="ar", color_scheme="dark", viewport={"width": 320, "height": 700}
    )
    guest = looking.new_page()
    for address in (thread, f"{site.url}/documents/1", f"{site.url}/publishers/1"):
        guest.goto(address)
        assert found_by_axe(guest) == []
        assert guest.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with browser.new_context(viewport={"width": 320, "height": 700}) as light:
        page = light.new_page()
        for address in (thread, f"{site.url}/documents/1", f"{site.url}/documents?address=x"):
            page.goto(address)
            assert found_by_axe(page) == []
    sign_in(guest, site, "Finn Moe")
    guest.goto(f"{site.url}/boards/2/start")
    guest.locator("#id_kind_news").check()
    fill(guest, link=courier.url("/a#top"), title="The same again", source="Hm.")
    send(guest)
    expect(guest.locator("section[role=alert] a", has_text="Closed in time?")).to_be_visible()
    looking.close()
