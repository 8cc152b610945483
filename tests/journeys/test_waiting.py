"""A post waits, a moderator lets it through by keyboard, its author is told; on a telephone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in

pytestmark = pytest.mark.journey

NARROW = {"width": 360, "height": 760}
WRITER, MODERATOR = "Ines Calder", "Ruben Aalto"
PLACE = f"""
import json, sys
from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import TAKING_PART
from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import VERBS
from rostra.forum.boards.actions import create_board
from rostra.forum.holds.actions import let_wait
from rostra.forum.members.actions import create_group, create_member, join_group
from rostra.forum.members.groups import ensure_groups
from rostra.forum.members.queries import account_for
from rostra.forum.threads.actions.threads import start_thread
writer, moderator = json.load(sys.stdin)
people = {{name: create_member(name, password={PASSWORD!r}) for name in (writer, moderator)}}
group = create_group("Moderators of what waits")
join_group(group.pk, people[moderator].pk, reason="Set up for a journey.")
board, groups = create_board("Quay walls"), ensure_groups()
rows = {{groups.everyone: ["see", "read"], groups.members: TAKING_PART, group.pk: VERBS}}
set_access(None, board.pk, rows, reason="Set up for a journey.")
viewer = viewer_for(account_for(people[moderator].pk))
thread = start_thread(viewer, board.pk, "Cracks in the north wall", "Who has seen them?")
let_wait(viewer, "board", board.pk, reason="Set up for a journey.")
print(json.dumps(thread.pk))
"""


def somebody(browser: Browser, site: Site, name: str) -> Page:
    page = browser.new_context(viewport=NARROW).new_page()
    sign_in(page, site, name)
    return page


def looked_at(page: Page) -> None:
    """Nothing for axe to say, nothing wider than the screen."""
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_from_waiting_to_being_read(browser: Browser, site: Site) -> None:
    said = site.rostra("manage", "shell", "-v0", "-c", PLACE, stdin=json.dumps([WRITER, MODERATOR]))
    thread_id = int(said.split()[-1])

    writer = somebody(browser, site, WRITER)
    for words in ("I have, at low tide, two of them.", "And a third by the steps."):
        writer.goto(f"{site.url}/threads/{thread_id}/reply")
        writer.get_by_label("Your reply").fill(words)
        writer.get_by_role("button", name="Post reply").click()
        expect(writer.get_by_text("It waits for a moderator to look at it.")).to_be_visible()
    looked_at(writer)

    moderator = somebody(browser, site, MODERATOR)
    moderator.goto(f"{site.url}/staff/waiting#queue")
    items = moderator.locator("#queue > li")
    expect(items).to_have_count(2)
    expect(items.first).to_be_focused()
    looked_at(moderator)
    moderator.keyboard.press("j")
    expect(items.nth(1)).to_be_focused()
    moderator.keyboard.press("r")
    rule = items.nth(1).get_by_label("Rule")
    expect(rule).to_be_focused()
    rule.press("R")  # chosen as in any list, by its first letter
    moderator.keyboard.press("Tab")
    moderator.keyboard.type("Says the same as the post before it.")
    looked_at(moderator)
    moderator.keyboard.press("Tab")
    moderator.keyboard.press("Enter")
    expect(moderator.get_by_role("status").first).to_contain_text("Turned down")
    expect(items).to_have_count(1)
    expect(items.first).to_be_focused()
    moderator.keyboard.press("a")
    expect(moderator.get_by_role("status").first).to_contain_text("Let through.")
    expect(moderator.get_by_text("Nothing waits here.")).to_be_visible()

    told = writer.get_by_role("link", name="A moderator has looked at what you wrote")
    for _ in range(20):
        writer.goto(f"{site.url}/notifications")
        if told.count():
            break
        writer.wait_for_timeout(500)
    expect(writer.get_by_text("Read why, and how to appeal").first).to_be_visible()
    told.first.click()
    expect(writer.locator("#post-2")).to_contain_text("at low tide")


SPAMMER, CLEANER = "Watch Vendor", "Mirja Koski"
WAVE = f"""
import json, sys
from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import TAKING_PART
from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import VERBS
from rostra.forum.boards.actions import create_board
from rostra.forum.boards.queries import whole_tree
from rostra.forum.access.queries import all_grants
from rostra.forum.members.actions import create_group, create_member, join_group
from rostra.forum.members.groups import ensure_groups
from rostra.forum.members.queries import account_for
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import start_thread
spammer, cleaner = json.load(sys.stdin)
people = {{name: create_member(name, password={PASSWORD!r}) for name in (spammer, cleaner)}}
group = create_group("Moderators of everything")
join_group(group.pk, people[cleaner].pk, reason="Set up for a journey.")
board, groups = create_board("Lost and found"), ensure_groups()
rows = {{groups.everyone: ["see", "read"], groups.members: TAKING_PART}}
set_access(None, board.pk, rows, reason="Set up for a journey.")
governed = {{row.board_id for row in all_grants()}}
for board_id in governed:
    held = {{}}
    for row in all_grants():
        if row.board_id == board_id:
            held.setdefault(row.group_id, []).append(row.verb)
    set_access(None, board_id, {{**held, group.pk: VERBS}}, reason="Set up for a journey.")
kind = viewer_for(account_for(people[cleaner].pk))
thread = start_thread(kind, board.pk, "A glove, left hand", "Grey, found on the ferry.")
spam = viewer_for(account_for(people[spammer].pk))
for n in range(200):
    post_reply(spam, thread.pk, f"Watches, watches, number {{n}}.")
post_reply(kind, thread.pk, "Found its owner.")
print(json.dumps([thread.pk, people[spammer].pk]))
"""


def test_a_wave_of_spam_is_cleaned_up_and_put_back(browser: Browser, site: Site) -> None:
    """ABU-006: 200 posts, one act, one dialog; undone, they stand where they stood."""
    said = site.rostra("manage", "shell", "-v0", "-c", WAVE, stdin=json.dumps([SPAMMER, CLEANER]))
    thread_id, member_id = json.loads(said.strip().splitlines()[-1])
    page = somebody(browser, site, CLEANER)
    page.goto(f"{site.url}/members/{member_id}")
    page.get_by_role("link", name="Clean up after them").click()
    expect(page.get_by_label("Remove 200 posts")).to_be_checked()
    looked_at(page)
    page.get_by_label("Public reason").fill("Sells watches in a thread about a glove.")
    page.get_by_role("button", name="Do all of this").click()
    expect(page.get_by_role("button", name="Put all of it back")).to_be_visible()
    looked_at(page)
    guest = browser.new_context(viewport=NARROW).new_page()
    guest.goto(f"{site.url}/threads/{thread_id}/page?to=11")
    expect(guest.get_by_text("Found its owner.")).to_be_visible()
    assert guest.get_by_text("Watches, watches").count() == 0
    page.get_by_label("Why it is undone").fill("The owner of the glove asked for watches.")
    page.get_by_role("button", name="Put all of it back").click()
    expect(page.get_by_text("Undone, entry")).to_be_visible()
    guest.reload()
    expect(guest.locator("#post-201")).to_contain_text("number 199")
    expect(guest.get_by_text("Found its owner.")).to_be_visible()
    other = browser.new_context(
        viewport=NARROW, color_scheme="dark", locale="ar",
        extra_http_headers={"Accept-Language": "ar"},
    )  # fmt: skip
    other.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    arabic = other.new_page()
    for address in (
        "/staff/waiting", "/staff/words", "/staff/cautions", f"/members/{member_id}/clean",
        f"/threads/{thread_id}/caution",
    ):  # fmt: skip
        for each in (page, arabic):
            each.goto(site.url + address)
            looked_at(each)
