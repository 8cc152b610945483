"""Finding something, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site
from tests.journeys.test_reading import NEWS, thread_address

pytestmark = pytest.mark.journey


@pytest.mark.both
def test_a_guest_searches_narrows_and_reads(page: Page, site: Site):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.url)
    page.get_by_role("combobox", name="Search").fill("barriers motor")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=barriers\+motor$"))
    expect(page.locator(".hit mark").first).to_have_text(re.compile("barrier", re.IGNORECASE))
    page.get_by_role("link", name="Newest").click()
    expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "page")
    page.get_by_text("Narrow it down").click()
    page.get_by_label("In titles only").check()
    page.get_by_label("Words").fill("barrier")
    page.locator("form.search-form").get_by_role("button", name="Search").click()
    expect(page.locator(".hit").first).to_be_visible()
    page.locator(".hit h3 a").first.click()
    expect(page).to_have_url(re.compile(r"/threads/.*#post-1$"))
    assert page.foreign == []
    assert page.errors == []
    assert page.context.cookies() == []


def test_a_field_suggests_and_is_used_by_keyboard(page: Page, site: Site):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.url)
    field = page.get_by_role("combobox", name="Search")
    field.press_sequentially("barr", delay=30)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    field.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "false")
    field.press("Escape")
    expect(options).to_have_count(0)
    field.press_sequentially("i")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/(threads|boards|members)/"))
    assert page.errors == []


def test_a_suggestion_is_clicked(page: Page, site: Site):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.url)
    page.get_by_role("combobox", name="Search").press_sequentially("barrier", delay=20)
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"/(threads|boards|members)/"))


def test_without_javascript_the_form_works(browser, site: Site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/search")
    page.get_by_label("Words").fill("barrier")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".hit").first).to_be_visible()
    context.close()


def test_on_a_phone_a_link_leads_to_the_search(browser, site: Site):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(site.url)
    expect(page.get_by_role("combobox", name="Search")).to_be_hidden()
    page.get_by_role("link", name="Search").click()
    expect(page).to_have_url(site.url + "/search")
    context.close()


def test_similar_threads_come_in_where_a_reader_comes_down_to_them(page: Page, site: Site):
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(site.url + thread_address(page, site, NEWS))
    expect(page.locator("rostra-similar li")).to_have_count(0)
    page.locator("rostra-similar").scroll_into_view_if_needed()
    expect(page.locator("rostra-similar li").first).to_be_visible()
    page.locator("rostra-similar li a").first.click()
    expect(page).to_have_url(re.compile("/threads/"))
    assert page.foreign == []
    assert page.errors == []
