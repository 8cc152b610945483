"""A community note: proposed, asked about on both sides, shown to everybody, looked at again."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in

pytestmark = pytest.mark.journey
NOTE = "The closing signal was switched on by the order at ten to six, says its own log."

READY = f"""
from rostra.forum.members.models import Member
from rostra.forum.notes.models import Rater
for name in ("S. Okafor", "Bram van der Zee"):
    member = Member.objects.get(name=name)
    member.set_password({PASSWORD!r})
    member.is_claimed = True
    member.save()
Rater.objects.update(asked_at=None)
"""
DRAW = f"""
import json, sys
from rostra.forum.members.models import Member
from rostra.forum.notes.actions.panels import work_panels
from rostra.forum.notes.models import Note, Rater, Seat
from rostra.kernel import clock
from rostra.transfer.load.raters import bring_ratings
note = Note.objects.get(text={NOTE!r})
others = Rater.objects.exclude(pk=note.author_id).values_list("pk", flat=True)[:6]
bring_ratings(note.pk, dict.fromkeys(others, 2), clock.now(), "self")
work_panels()
seat = Seat.objects.filter(note=note, answered_at=None).first()
member = Member.objects.get(pk=seat.rater_id)
member.set_password({PASSWORD!r})
member.is_claimed = True
member.save()
print(json.dumps([member.name, note.pk, note.post_id]))
"""
DECIDE = f"""
from rostra.forum.access.queries import viewer_for
from rostra.forum.members.queries import account_for
from rostra.forum.notes.actions.panels import work_panels
from rostra.forum.notes.actions.rating import answer
from rostra.forum.notes.models import Note, Seat
for seat in Seat.objects.filter(note__text={NOTE!r}, answered_at=None):
    answer(viewer_for(account_for(seat.rater_id, as_operator=True)), seat.pk, "yes")
work_panels()
print(Note.objects.get(text={NOTE!r}).state)
"""


def see_open_data(page: Page, site: Site) -> None:
    """B11: from how it works to a file that anybody can have."""
    site.rostra("notes", "publish")
    page.goto(f"{site.url}/notes/how")
    page.get_by_role("link", name="Open data").click()
    expect(page.get_by_role("heading", name="Open data about community notes")).to_be_visible()
    assert found_by_axe(page) == []
    with page.expect_download() as begun:
        page.get_by_role("link", name="notes.tsv.gz").click()
    assert begun.value.suggested_filename.endswith("-notes.tsv.gz")


def test_a_note_from_proposal_to_review(page: Page, site: Site, browser: Browser):
    site.rostra("manage", "shell", "-v0", "-c", READY)
    sign_in(page, site, "S. Okafor")
    page.goto(site.url + "/whats-new")
    page.locator(".row h3 a", has_text="closed flood barrier").first.click()
    thread = page.url
    page.locator("#post-3").get_by_role("link", name="Notes").click()
    expect(page.get_by_role("heading", name="Notes below a post")).to_be_visible()
    page.get_by_role("link", name="Write a note").click()
    page.get_by_role("button", name="Propose it").click()
    expect(page.locator(".error").first).to_be_visible()
    page.get_by_label("What is the matter with the post?").select_option("missing_context")
    page.get_by_label("The note").fill(NOTE)
    page.get_by_label("Sources").fill("https://port.merrowport.example/signals/log")
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Propose it").click()
    expect(page.locator(".note .tag")).to_have_text("Proposed")
    assert found_by_axe(page) == []

    who, note_id, _ = json.loads(site.rostra("manage", "shell", "-v0", "-c", DRAW))
    phone = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, color_scheme="dark"
    )
    asked = phone.new_page()
    sign_in(asked, site, who)
    asked.goto(site.url + "/notes/rate")
    expect(asked.locator(".question")).to_contain_text(NOTE)
    expect(asked.locator(".question")).not_to_contain_text("found it helpful")
    asked.get_by_label("Good sources").check()
    asked.get_by_role("button", name="Helpful", exact=True).click()
    expect(asked.locator("main")).to_contain_text("There is nothing to ask you now.")
    phone.close()

    assert site.rostra("manage", "shell", "-v0", "-c", DECIDE).strip() == "shown"
    plain = browser.new_context(java_script_enabled=False)
    guest = plain.new_page()
    guest.goto(thread)
    below = guest.locator("#post-3 .note")
    expect(below).to_contain_text(NOTE)
    expect(below).to_contain_text("Readers who often disagree found this helpful")
    expect(below).to_contain_text("Both groups of readers:")
    plain.close()

    page.context.clear_cookies()
    sign_in(page, site, "Bram van der Zee")  # whose post it is
    page.goto(f"{site.url}/notes/{note_id}")
    page.get_by_role("link", name="Have it looked at again").click()
    page.get_by_role("button", name="Have it looked at again").click()
    expect(page.locator(".note .tag")).to_have_text("Under review")
    page.goto(thread)
    expect(page.locator("#post-3 .note")).to_contain_text("Under review")
    assert found_by_axe(page) == []
    see_open_data(page, site)
