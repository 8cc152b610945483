"""What readers do, in a real browser."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from tests.budgets import COLD_LOAD
from tests.journeys.conftest import Site

pytestmark = pytest.mark.journey
LONG = "Barrier maintenance"
NEWS = "closed flood barrier in time"
VIDEO = "/page-3"  # of that thread shows one


def thread_address(page: Page, site: Site, title: str) -> str:
    """Find a thread through What's new, as a reader would."""
    address = "/whats-new"
    while address:
        page.goto(site.url + address)
        link = page.locator(".row h3 a", has_text=title)
        if link.count():
            return str(link.first.get_attribute("href"))
        older = page.locator('.pager a[rel="next"]')
        address = older.first.get_attribute("href") if older.count() else ""
    raise AssertionError(f"no thread is called {title!r}")


def screens(page: Page, site: Site) -> dict[str, str]:
    page.goto(site.url)
    return {
        "front": "/",
        "board": page.locator(".board h3 a").first.get_attribute("href"),
        "thread": thread_address(page, site, NEWS),
        "long thread": thread_address(page, site, LONG) + "/page-7",
        "whats new": "/whats-new",
        "members": "/members",
        "member": page.goto(site.url + "/members")
        and page.locator("h3 a").first.get_attribute("href"),
        "log": "/moderation-log",
        "search": "/search?q=barrier",
        "search, narrowed": "/search?q=harbour+budget&titles=1&sort=date",
        "search form": "/search",
        "log in": "/account/login",
        "not found": "/threads/999999",
    }


@pytest.mark.both
def test_a_guest_finds_a_thread_and_reads_to_its_end(page: Page, site: Site):
    page.goto(site.url)
    expect(page.locator(".board").first).to_be_visible()
    page.goto(site.url + thread_address(page, site, LONG))
    expect(page.locator("article.post")).to_have_count(20)
    page.get_by_role("link", name="Next page").first.click()
    expect(page).to_have_url(re.compile(r"/page-2$"))
    page.get_by_label("Jump to page").last.fill("15")
    page.get_by_role("button", name="Go").last.click()
    expect(page).to_have_url(re.compile(r"/page-15$"))
    expect(page.locator("#post-300")).to_be_visible()
    page.get_by_role("link", name="Home").click()
    expect(page).to_have_url(site.url + "/")
    assert page.foreign == []
    assert page.errors == []
    assert page.context.cookies() == []


def test_a_quote_leads_to_its_post(page: Page, site: Site):
    page.goto(site.url + thread_address(page, site, NEWS))
    quote = page.locator("figure.quote figcaption a").first
    name = quote.locator("bdi").inner_text()
    quote.click()
    expect(page).to_have_url(re.compile(r"#post-\d+$"))
    target = page.locator("article.post:target")
    expect(target).to_be_in_viewport()
    expect(target.locator("h2")).to_have_text(name)


def test_a_video_asks_nobody_before_the_click(page: Page, site: Site):
    """PRV-007, gate 23."""
    page.route(re.compile("youtube"), lambda route: route.fulfill(body="<p>player</p>"))
    page.goto(site.url + thread_address(page, site, NEWS) + VIDEO)
    embed = page.locator("rostra-embed").first
    embed.scroll_into_view_if_needed()
    expect(embed.locator("a")).to_be_visible()
    assert page.foreign == []
    embed.get_by_role("button").click()
    expect(embed.locator("iframe")).to_be_visible()
    assert [url for url in page.foreign if "youtube-nocookie.com/embed/" in url]


def test_without_javascript_everything_is_read(browser, site: Site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name, address in screens(page, site).items():
        answer = page.goto(site.url + address)
        assert answer.status in (200, 404), name
        assert page.locator("h1").count() == 1
    page.goto(site.url + thread_address(page, site, NEWS) + VIDEO)
    expect(page.locator("rostra-embed a").first).to_be_visible()
    expect(page.locator("time").first).to_have_text(re.compile(r"\d"))
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen(browser, site: Site, width, language):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale=language,
        extra_http_headers={"Accept-Language": language},
    )  # fmt: skip
    page = context.new_page()
    for name, address in screens(page, site).items():
        page.goto(site.url + address)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        over = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0, name
    context.close()


def test_on_a_phone_the_first_post_starts_soon_and_the_menu_opens(browser, site: Site):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(site.url + thread_address(page, site, NEWS))
    assert page.locator("article.post").first.bounding_box()["y"] <= 480
    # Its words begin above the fold, below the article and the line of claims.
    assert page.locator("article.post .prose").first.bounding_box()["y"] <= 560
    menu = page.locator("header details.menu").first
    menu.locator("summary").tap()
    expect(menu.get_by_role("link", name="Moderation log")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Moderation log")).to_be_hidden()
    context.close()


def test_by_keyboard_the_content_is_one_step_away(page: Page, site: Site):
    page.goto(site.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_on_paper_only_words_remain(page: Page, site: Site):
    page.goto(site.url + thread_address(page, site, NEWS))
    page.emulate_media(media="print")
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.locator(".jump")).to_be_hidden()
    expect(page.locator("article.post .prose").first).to_be_visible()


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "ar")])
def test_axe_finds_nothing(browser, site: Site, scheme, language):
    context = browser.new_context(
        color_scheme=scheme, locale=language, extra_http_headers={"Accept-Language": language}
    )
    page = context.new_page()
    found = {}
    for name, address in screens(page, site).items():
        page.goto(site.url + address)
        results = Axe().run(page)
        if results.violations_count:
            found[name] = results.generate_report()
    assert found == {}
    context.close()


def test_a_cold_load_of_a_thread_is_small(page: Page, site: Site):
    """Every request of a fresh browser, as many bytes as come over the wire."""
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(f"{site.url}/threads/1")
    page.wait_for_load_state("networkidle")
    expect(page.locator("article.post")).to_have_count(20)
    sizes = [request.sizes() for request in finished]
    size = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
    assert len(finished) <= COLD_LOAD["requests"], [request.url for request in finished]
    assert size <= COLD_LOAD["bytes"]
