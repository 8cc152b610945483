"""From a report to a warning, to what its points lead to, to an appeal and back, on a telephone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Site
from tests.journeys.test_cases import PLACE, looked_at, somebody

pytestmark = pytest.mark.journey

WRITER, READER = "Ferda Polat", "Ines Carrel"
MODERATORS = "Sanna Berg", "Tuan Pham"
REASON = "Says of a whole quarter what one person may have done."
SUMMARY = "The words are a quotation, and said to be one."


@pytest.fixture
def post_id(site: Site) -> int:
    """A post in a board with two moderators of its own, who may sanction there alone."""
    place = PLACE.replace("Moderators of the journey", "Moderators of sanctions")
    words = json.dumps([WRITER, READER, *MODERATORS])
    said = site.rostra("manage", "shell", "-v0", "-c", place, stdin=words)
    return int(said.split()[-1])


def warned(browser: Browser, site: Site, post_id: int) -> None:
    """A moderator decides the case with a removal and a warning, and looks at what came of it."""
    first = somebody(browser, site, MODERATORS[0])
    first.goto(f"{site.url}/staff/cases")
    first.get_by_role("link", name="The quarter by the lock").click()
    first.get_by_text("A warning or a limit with it").click()
    first.get_by_label("A warning", exact=False).first.check()
    first.get_by_label("Points of a warning").fill("5")
    first.get_by_label("What happened").fill("The second time this week.")
    first.get_by_label("Public reason").fill(REASON)
    looked_at(first)
    first.get_by_role("button", name="Remove the post").click()
    expect(first.locator(".notice")).to_contain_text("removed")
    first.goto(f"{site.url}/staff/sanctions")
    expect(first.locator("main")).to_contain_text("reading only")
    looked_at(first)
    first.get_by_role("link", name="Warning, 5 points").click()
    looked_at(first)
    first.get_by_role("link", name=WRITER).first.click()
    looked_at(first)

    first.goto(f"{site.url}/posts/{post_id}/sanction")
    looked_at(first)


def test_from_report_to_writing_again(browser: Browser, site: Site, post_id: int) -> None:
    """LAW-002, 003; SEC-062: what a board's moderator does holds in that board."""
    reader = somebody(browser, site, READER)
    reader.goto(f"{site.url}/posts/{post_id}/report")
    reader.get_by_label("Which rule does it break?").select_option("R2")
    reader.get_by_label("What is wrong with it?").fill("Puts down everybody who lives there.")
    reader.get_by_role("button", name="Report").click()

    warned(browser, site, post_id)

    writer = somebody(browser, site, WRITER)
    writer.goto(f"{site.url}/posts/{post_id}")
    limits = writer.get_by_role("region", name="Limits on your account")
    expect(limits).to_contain_text("reading only")
    expect(writer.locator("form.composer")).to_have_count(0)
    looked_at(writer)
    writer.goto(f"{site.url}/account/record")
    expect(writer.locator("#points")).to_contain_text("5 points")
    looked_at(writer)
    writer.get_by_role("link", name="Member warned").click()
    expect(writer.locator("main")).to_contain_text("The second time this week.")
    writer.get_by_label("Why is it wrong?").fill("I quoted the paper, and said so.")
    writer.get_by_role("button", name="Appeal").click()
    expect(writer.locator("#appeal")).to_contain_text("under appeal")

    second = somebody(browser, site, MODERATORS[1])
    second.goto(f"{site.url}/staff/appeals")
    second.get_by_role("heading", name=WRITER).get_by_role("link").click()
    second.get_by_label("Public summary").fill(SUMMARY)
    second.get_by_role("button", name="Overturn it").click()
    decided = second.get_by_role("region", name="Decision")
    expect(decided).to_contain_text("overturned on appeal")

    writer.goto(f"{site.url}/posts/{post_id}")
    writer.get_by_role("textbox", name="Your reply").fill("Thank you for looking again.")
    writer.get_by_role("button", name="Post reply").click()
    expect(writer.locator(".posts")).to_contain_text("Thank you for looking again.")
    reader.goto(f"{site.url}/moderation-log")
    expect(reader.locator("main")).to_contain_text("Limit lifted")
    looked_at(reader)
