"""What members do who write, in a real browser: with scripts, without, on a phone in Arabic."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in
from tests.journeys.test_reading import LONG, thread_address

pytestmark = pytest.mark.journey
ACCOUNT = f"""
import sys
from rostra.forum.members.actions import create_member
name = sys.stdin.read().strip()
create_member(name, password={PASSWORD!r})
"""


_writers = count(1)


@pytest.fixture
def writer(site: Site) -> str:
    """A member nobody has written as: a draft of one test would stand in the form of the next."""
    name = f"Wanda Pier {next(_writers)}"
    site.rostra("manage", "shell", "-v0", "-c", ACCOUNT, stdin=name)
    return name


def test_a_member_starts_quotes_edits_reacts_and_takes_back(page: Page, site: Site, writer: str):
    sign_in(page, site, writer)
    page.goto(site.url)
    page.locator(".board h3 a").first.click()
    page.get_by_role("link", name="Start a thread").click()
    page.get_by_label("Title").fill("Who closed the inner gate?")
    area = page.get_by_label("Your post")
    area.fill("Somebody did, at ")
    area.press("End")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("six")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".composer .preview strong")).to_have_text("six")
    page.get_by_role("button", name="Start the thread").click()
    expect(page.locator("h1")).to_have_text("Who closed the inner gate?")

    page.goto(site.url + thread_address(page, site, LONG))
    post = page.locator("#post-2")
    post.locator(".prose p").first.evaluate(
        "p => getSelection().setBaseAndExtent(p.firstChild, 0, p.firstChild, 7)"
    )
    post.get_by_role("link", name="Quote").click()
    area = page.get_by_label("Your reply")
    expect(area).to_have_value(
        re.compile(r'^\[quote="tidewatcher, post: \d+"\]\nFinally\n\[/quote\]')
    )
    area.press("Control+End")
    page.keyboard.type("Quoted, @Jo Ferreira.")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/page-\d+#post-\d+$"))
    mine = page.locator(f"#{page.url.partition('#')[2]}")
    expect(mine.locator("figure.quote figcaption")).to_have_text(re.compile("tidewatcher wrote"))
    expect(mine.locator("figure.quote .mark")).to_have_count(0)  # the words are in the post
    expect(mine.locator("a.mention")).to_have_text("@Jo Ferreira")

    page.goto(site.url + thread_address(page, site, LONG))
    page.locator("#post-3").get_by_role("link", name="React").click()
    page.get_by_role("button", name="Insightful").click()
    expect(page.locator("#post-3 .react[aria-current=true]")).to_contain_text("Insightful")

    page.goto(site.url + "/whats-new")
    page.get_by_role("link", name="Who closed the inner gate?").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("The post").fill("Somebody did, at seven.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#post-1 .prose")).to_have_text("Somebody did, at seven.")
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw this post").click()
    expect(page.locator("#post-1 .removed").first).to_contain_text("Withdrawn by its author.")
    page.get_by_role("link", name="Bring back").click()
    page.get_by_role("button", name="Bring this post back").click()
    expect(page.locator("#post-1 .prose")).to_have_text("Somebody did, at seven.")
    assert page.foreign == []
    assert page.errors == []


def test_a_draft_is_there_on_another_day(page: Page, site: Site, writer: str):
    sign_in(page, site, writer)
    address = site.url + thread_address(page, site, LONG) + "/page-4"
    page.goto(address)
    with page.expect_response(lambda answer: answer.url.endswith("/write/draft")):
        page.get_by_label("Your reply").fill("Half a thought about the mole")
    expect(page.locator(".saved")).to_have_text("Draft saved")
    page.goto(site.url)
    page.goto(address)
    page.get_by_label("Your reply").focus()
    expect(page.get_by_label("Your reply")).to_have_value("Half a thought about the mole")
    expect(page.locator(".saved")).to_have_text("Your draft was brought back")
    with page.expect_response(lambda answer: answer.url.endswith("/write/draft")):
        page.get_by_label("Your reply").fill("")
    assert page.errors == []


def composer(page: Page, site: Site, writer: str) -> Locator:
    """Sign in and go to where a reply is written."""
    sign_in(page, site, writer)
    page.goto(site.url + thread_address(page, site, LONG))
    return page.get_by_label("Your reply")


def test_a_name_is_completed(page: Page, site: Site, writer: str):
    area = composer(page, site, writer)
    area.press_sequentially("Ask @jo fe")
    expect(page.get_by_role("option", name="Jo Ferreira")).to_be_visible()
    assert found_by_axe(page) == []
    area.press("Enter")
    expect(area).to_have_value("Ask @Jo Ferreira ")
    expect(page.get_by_role("listbox", name="Members")).to_have_count(0)
    area.press_sequentially("or @tidew")
    expect(page.get_by_role("option", name="tidewatcher")).to_be_visible()
    area.press("Escape")
    area.press_sequentially("atcher about @no one at all")
    expect(page.locator(".names")).to_have_count(0)
    assert page.errors == []
    area.fill("")


def test_an_answer_that_comes_late_does_not_stop_the_next(page: Page, site: Site, writer: str):
    """Names are asked for while somebody goes on typing: only what stands there now is offered."""
    held = []
    page.route("**/search/suggest?q=jo%20f", lambda route: held.append(route))
    area = composer(page, site, writer)
    with page.expect_request("**/search/suggest?q=jo%20f"):
        area.press_sequentially("Ask @jo f")
    area.press("e")
    held.pop().continue_()
    expect(page.get_by_role("option", name="Jo Ferreira")).to_be_visible()
    # The list of "@jo fe" still stands while more is typed: it completes all of it.
    page.route("**/search/suggest?q=jo%20fer", lambda route: held.append(route))
    area.press("r")
    area.press("Enter")
    expect(area).to_have_value("Ask @Jo Ferreira ")
    assert page.errors == []
    area.fill("")


def test_a_smilie_and_a_thread_are_completed(page: Page, site: Site, writer: str):
    area = composer(page, site, writer)
    area.press_sequentially("At 8:30 :smil")
    expect(page.get_by_role("listbox", name="Smilies")).to_be_visible()
    assert found_by_axe(page) == []
    area.press("Tab")
    expect(area).to_have_value(re.compile(r"^At 8:30 :smil\w*: $"))
    area.fill("")
    area.press_sequentially(f"As in #{LONG[:12].lower()}")
    option = page.get_by_role("option", name=LONG)
    expect(option).to_be_visible()
    option.click()
    expect(area).to_have_value(re.compile(rf"^As in {re.escape(site.url)}/threads/\d+\.\S+ $"))
    with page.expect_response(lambda answer: answer.url.endswith("/write/preview")):
        page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview a.ref")).to_contain_text(LONG)
    assert page.errors == []
    area.fill("")


def test_formatted_text_is_pasted_as_markup(page: Page, site: Site, writer: str):
    area = composer(page, site, writer)
    area.focus()
    area.evaluate(
        """area => {
            const data = new DataTransfer();
            data.setData("text/html", "<p>A <b>bold</b> <a href='https://example.org/x'>link</a></p><ul><li>one<li>two</ul><script>x</script>");
            data.setData("text/plain", "A bold link");
            area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(area).to_have_value("A **bold** [link](https://example.org/x)\n\n- one\n- two")


def test_without_scripts_everything_is_there(browser, site: Site, writer: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, writer)
    page.goto(site.url + thread_address(page, site, LONG))
    page.locator("#post-4").get_by_role("link", name="Quote").click()
    area = page.get_by_label("Your reply")
    area.fill(area.input_value() + "\n\nWithout a **script**.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview-page strong")).to_have_text("script")
    expect(area).to_have_value(re.compile(r"Without a \*\*script\*\*\."))
    page.get_by_role("button", name="Post reply").click()
    expect(page).to_have_url(re.compile(r"#post-\d+$"))
    expect(page.locator("article.post").last).to_contain_text("Without a script.")
    page.goto(site.url + thread_address(page, site, LONG))
    page.locator("#post-4").get_by_role("link", name="React").click()
    page.get_by_role("button", name="Thanks").click()
    expect(page.locator("#post-4 .react[aria-current=true]")).to_contain_text("Thanks")
    context.close()


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "ar")])
def test_axe_finds_nothing_where_members_write(
    browser, site: Site, writer: str, scheme: str, language: str
):
    """Also: nothing is wider than a phone of 360 pixels."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, color_scheme=scheme,
        extra_http_headers={"Accept-Language": language},
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, site, writer)
    thread = thread_address(page, site, LONG)
    number = re.search(r"\d+", thread)[0]
    page.goto(site.url)
    board = re.search(r"\d+", str(page.locator(".board h3 a").first.get_attribute("href")))[0]
    page.goto(site.url + thread)
    post = re.search(r"\d+", str(page.locator("rostra-quote a").first.get_attribute("href")))[0]
    for address in (thread, f"/threads/{number}/reply", f"/boards/{board}/start",
                    f"/posts/{post}/reply", f"/posts/{post}/history",
                    f"/posts/{post}/reactions"):  # fmt: skip
        assert page.goto(site.url + address).status == 200
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert found_by_axe(page) == [], address
    context.close()
