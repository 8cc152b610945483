"""A question is answered and found by its tag under a better title; a poll is voted on and closed.

By ids and forms alone, so that the second is told on a telephone in Arabic, without scripts.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import found_by_axe, sign_in
from tests.journeys.test_told import PEOPLE, speak

pytestmark = pytest.mark.journey


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"form.composer [name={name}]").fill(value)


def send(page: Page) -> None:
    page.locator("form.composer button.primary").click()


def test_a_question_its_tags_its_answer_and_a_better_title(page: Page, site: Site):
    asking, answering = "Alva Strand", "Birger Holm"
    site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin=f"{asking},{answering}")
    sign_in(page, site, asking)
    page.goto(f"{site.url}/boards/2/start")
    page.locator("#id_kind_question").check()
    fill(page, tags="Sluice gate, tide", title="When was it shut", source="Does anybody know?")
    assert found_by_axe(page) == []
    send(page)
    expect(page.locator("h1")).to_have_text("When was it shut")
    thread = page.url
    speak(site, answering, "When was it shut", "At six, by the log of the gate.")

    page.goto(thread)
    page.locator("#post-2 a[href$='/answer']").click()
    page.locator("button[name=accepted]").click()
    expect(page.locator("#post-2.is-answer")).to_be_visible()
    expect(page.locator("#post-1 .answered-by")).to_contain_text(answering)
    assert found_by_axe(page) == []

    page.locator("#post-1 a[href$='/edit']").click()
    fill(page, title="When was the sluice gate shut?")
    send(page)
    expect(page.locator("h1")).to_have_text("When was the sluice gate shut?")
    page.locator("a[href^='/tags/']", has_text="sluice gate").click()
    row = page.locator(".row", has_text="When was the sluice gate shut?")
    expect(row).to_contain_text("Answered")
    assert found_by_axe(page) == []
    assert (page.foreign, page.errors) == ([], [])


def test_a_poll_without_scripts_on_a_telephone_in_arabic(browser: Browser, site: Site):
    asking, voting = "Cora Lind", "Dag Moen"
    site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin=f"{asking},{voting}")
    pages = []
    for name in (asking, voting):
        context = browser.new_context(
            java_script_enabled=False, locale="ar", viewport={"width": 360, "height": 740}
        )
        pages.append(context.new_page())
        sign_in(pages[-1], site, name)
    mine, theirs = pages
    mine.goto(f"{site.url}/boards/2/start")
    mine.locator(".add-poll > summary").click()
    fill(mine, title="Which gate first?", source="One at a time.", poll_question="Which?")
    send(mine)  # with one thing missing: nothing is lost, and it says so
    expect(mine.locator("#about_poll_options.error")).to_be_visible()
    expect(mine.locator("#id_title")).to_have_value("Which gate first?")
    fill(mine, poll_options="The inner\nThe outer\nBoth")
    send(mine)
    expect(mine.locator("#poll-question")).to_have_text("Which?")

    theirs.goto(mine.url)
    theirs.locator("#choice-1").check()
    theirs.locator("form.ballot button").click()
    expect(theirs.locator(".results .mine")).to_contain_text("The inner")
    theirs.locator("#poll details > summary").click()
    theirs.locator("#choice-2").check()
    theirs.locator("form.ballot button").click()
    expect(theirs.locator(".results .mine")).to_contain_text("The outer")

    mine.reload()
    mine.locator("#poll a[href$='/poll/close']").click()
    mine.locator("main form button.primary").click()
    theirs.reload()
    expect(theirs.locator("form.ballot")).to_have_count(0)
    expect(theirs.locator(".results li").nth(1)).to_contain_text(re.compile("1|١"))
    for page in pages:
        page.context.close()
