"""A moderator splits, merges, moves and redacts on a telephone; links that others kept go on holding."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in

pytestmark = pytest.mark.journey

NARROW = {"width": 360, "height": 760}
WRITER, MODERATOR = "Ondine Kask", "Perpetua Odum"
REASON = "Another matter than the thread's."
PLACE = f"""
import json, sys
from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import TAKING_PART
from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import VERBS
from rostra.forum.boards.actions import create_board
from rostra.forum.members.actions import create_group, create_member, join_group
from rostra.forum.members.groups import ensure_groups
from rostra.forum.members.queries import account_for
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import start_thread
people = {{name: create_member(name, password={PASSWORD!r}) for name in json.load(sys.stdin)}}
writer, moderator = people
group = create_group("Moderators of the pier")
join_group(group.pk, people[moderator].pk, reason="Set up for a journey.")
groups, boards = ensure_groups(), [create_board(title) for title in ("The pier", "The yard")]
rows = {{groups.everyone: ["see", "read"], groups.members: TAKING_PART, group.pk: VERBS}}
for board in boards:
    set_access(None, board.pk, rows, reason="Set up for a journey.")
viewer = viewer_for(account_for(people[writer].pk))
pier = start_thread(viewer, boards[0].pk, "The pier is shut", "Since when?")
posts = [post_reply(viewer, pier.pk, words).pk for words in
         ("Since Monday.", "The dredger is back.", "Ask at 4 Mole Lane.", "Which dredger?")]
other = start_thread(viewer, boards[0].pk, "Dredging in spring", "It begins in March.")
print(json.dumps([pier.pk, other.pk, boards[1].pk, *posts]))
"""


@pytest.fixture
def ids(site: Site) -> list[int]:
    """Two threads, the board to move one to, and four replies in the first."""
    words = json.dumps([WRITER, MODERATOR])
    return json.loads(
        site.rostra("manage", "shell", "-v0", "-c", PLACE, stdin=words).splitlines()[-1]
    )


def looked_at(page: Page) -> None:
    """Nothing for axe to say, nothing wider than the screen."""
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def give_reason(page: Page, rule: str = "R5", reason: str = REASON) -> None:
    page.get_by_label("Rule", exact=True).select_option(rule)
    page.get_by_label("Public reason").fill(reason)


def test_split_merge_move_and_redact(browser: Browser, site: Site, ids: list[int]) -> None:
    pier, other, yard, _, dredger, lane, which = ids
    page = browser.new_context(viewport=NARROW).new_page()
    sign_in(page, site, MODERATOR)

    page.goto(f"{site.url}/threads/{pier}")
    page.get_by_role("link", name="Thread tools").click()
    looked_at(page)
    page.get_by_role("link", name="Choose posts").click()
    looked_at(page)
    for post_id in (dredger, which):
        page.locator(f"#post-{post_id}").check()
    page.get_by_role("button", name="Go on with these").click()
    looked_at(page)
    give_reason(page)
    page.get_by_label("Title of the new thread").fill("The dredger")
    page.get_by_role("button", name="Make a new thread of them").click()
    expect(page.locator("h1")).to_have_text("The dredger")
    expect(page.locator("#post-2")).to_contain_text("Which dredger?")

    page.get_by_role("link", name="Thread tools").click()
    give_reason(page, reason="The same matter in two threads.")
    page.get_by_label("Number or address of the other thread").fill(f"{site.url}/threads/{other}")
    page.get_by_role("button", name="Merge into it").click()
    expect(page.locator("h1")).to_have_text("Dredging in spring")
    expect(page.locator("#post-2")).to_contain_text("The dredger")
    looked_at(page)

    page.get_by_role("link", name="Thread tools").click()
    give_reason(page)
    page.get_by_label("To the board").select_option(str(yard))
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".crumbs")).to_contain_text("The yard")

    page.goto(f"{site.url}/posts/{lane}/redact")
    looked_at(page)
    page.get_by_label("Words to take out").fill("4 Mole Lane")
    give_reason(page, "R4", "The address of somebody who did not give it.")
    page.get_by_role("button", name="Take them out for good").click()
    expect(page.locator("#post-4")).to_contain_text("▮▮▮▮▮▮")

    guest = browser.new_context(viewport=NARROW, java_script_enabled=False).new_page()
    guest.goto(f"{site.url}/posts/{which}")
    expect(guest.locator("#post-4")).to_contain_text("Which dredger?")
    assert guest.url.partition("#")[0].endswith("dredging-in-spring")
    guest.goto(f"{site.url}/threads/{pier}")
    expect(guest.locator("#post-4")).not_to_contain_text("Mole Lane")
    guest.locator("#post-3").get_by_role("link", name="Moved to another thread.").click()
    expect(guest.locator("#post-3")).to_contain_text("The dredger is back.")
    guest.goto(f"{site.url}/moderation-log")
    for act in ("Posts moved to another thread", "Thread merged into another", "Thread moved"):
        expect(guest.locator("tbody")).to_contain_text(act)
    assert guest.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
