"""From words in a post to a claim, three who say something, and what the other side concedes.

Selected and told in a browser with scripts; read, disputed and seen by axe without them.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import found_by_axe, sign_in
from tests.journeys.test_told import PEOPLE, start

pytestmark = pytest.mark.journey
TITLE = "Was the sluice shut in time?"
TRUSTED = """
import sys
from datetime import timedelta
from rostra.forum.members.models import Member
from rostra.forum.threads.models import MemberStats
from rostra.kernel import clock
for name in sys.stdin.read().split(","):
    found = Member.objects.filter(name=name)
    found.update(joined_at=clock.now() - timedelta(days=99))
    MemberStats.objects.update_or_create(member=found.get(), defaults={"post_count": 50})
"""
SELECT = """(words) => {
  const node = document.querySelector("#post-1 .prose p").firstChild;
  const at = node.data.indexOf(words);
  getSelection().setBaseAndExtent(node, at, node, at + words.length);
}"""


def say(page: Page, **fields: str) -> None:
    page.locator("a[href$='/add']").click()
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if name in ("stance", "modality"):
            field.select_option(value)
        else:
            field.fill(value)
    assert found_by_axe(page) == []
    page.locator("form.panel button.primary").click()
    expect(page.locator(".timeline")).to_contain_text(fields["speaker"])


def seen(page: Page, browser: Browser, **look: str) -> list[str]:
    """Have axe, which is a script, look at where somebody without scripts is."""
    state = page.context.storage_state()
    context = browser.new_context(
        storage_state=state, viewport={"width": 360, "height": 740}, **look
    )
    beside = context.new_page()
    beside.goto(page.url)
    found = found_by_axe(beside)
    context.close()
    return found


def place(page: Page, browser: Browser, speaker: str, party: str) -> None:
    for act in ("place", "confirm"):
        page.locator(".timeline > li", has_text=speaker).locator("a[href^='/claims/ent']").click()
        assert seen(page, browser) == []
        if act == "place":
            page.locator("#id_party").select_option(party)
        page.locator(f"button[value={act}]").click()


def test_from_words_in_a_post_to_what_the_other_side_concedes(
    page: Page, browser: Browser, site: Site
):
    first, second = "Gerda Holm", "Ivar Strand"
    site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin=f"{first},{second}")
    sign_in(page, site, first)
    thread = start(page, site, TITLE)
    site.rostra("manage", "shell", "-v0", "-c", TRUSTED, stdin=f"{first},{second}")
    page.goto(thread)
    page.evaluate(SELECT, "shut before the tide")
    page.locator("#post-1 rostra-claim a").click()
    expect(page.locator("#id_words")).to_have_value("shut before the tide")
    page.locator("#id_text").fill("The gate was shut before the tide.")
    page.locator("details.fold summary").click()
    page.locator("#id_begins").fill("2026-11")
    page.locator("#id_place").fill("Old Port")
    assert found_by_axe(page) == []
    page.locator("form.panel button.primary").click()
    expect(page.locator("h1")).to_have_text("The gate was shut before the tide.")
    expect(page.locator("h1 + .about-claim")).to_have_text("Nov 2026 · Old Port")
    claim = page.url
    say(page, url="https://town.example/1", speaker="The town", stance="asserts",
        said="2026-11-20 07:10")  # fmt: skip
    expect(page.locator(".chips .chip")).to_have_text("Single source")
    say(page, post="1", speaker="A reporter", stance="doubts", said="2026-11-20 07:31",
        quote="The gate was shut")  # fmt: skip
    say(page, url="https://quay.example/1", speaker="The residents", stance="concedes",
        said="2026-11-21")  # fmt: skip
    expect(page.locator(".chips .chip")).to_have_text("Contested")

    plain = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    other = plain.new_page()
    sign_in(other, site, second)
    other.goto(claim)
    place(other, browser, "The residents", "adverse")
    expect(other.locator(".chips .chip")).to_have_text("Conceded by the other side")
    expect(other.locator(".status-steps li")).to_have_count(3)
    assert seen(other, browser) == []
    other.goto(thread)
    other.locator(".claims-fold > summary").click()
    expect(other.locator(".claim .says li")).to_have_count(3)
    expect(other.locator("#post-1 .known-then .chip")).to_be_visible()
    assert seen(other, browser) == []
    other.goto(f"{claim}?asof=2026-11-20+07:20")
    expect(other.locator(".chips .chip")).to_have_text("Single source")
    for address in ("/claims", "/claims/changes"):
        other.goto(site.url + address)
        expect(other.locator(".hit", has_text="The gate was shut").first).to_be_visible()
        assert seen(other, browser) == []
    assert other.evaluate("document.documentElement.scrollWidth") <= 360
    for address in (claim, thread):
        other.goto(address)
        assert seen(other, browser, color_scheme="dark", locale="ar") == []
    assert (page.foreign, page.errors) == ([], [])
