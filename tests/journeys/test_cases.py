"""A post is reported, removed, explained, appealed against and brought back, on a telephone.

Whoever moderates does it by keyboard alone.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in

pytestmark = pytest.mark.journey

NARROW = {"width": 360, "height": 760}
WRITER, READER = "Sena Yilmaz", "Odile Marchand"
MODERATORS = "Tove Lind", "Bao Nguyen"
REASON = "Says of a whole quarter what one person may have done."
SUMMARY = "The words are a quotation, and said to be one."
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
writer, reader, *moderators = json.load(sys.stdin)
people = {{name: create_member(name, password={PASSWORD!r}) for name in (writer, reader, *moderators)}}
group = create_group("Moderators of the journey")
for name in moderators:
    join_group(group.pk, people[name].pk, reason="Set up for a journey.")
board, groups = create_board("Tribunal"), ensure_groups()
rows = {{groups.everyone: ["see", "read"], groups.members: TAKING_PART, group.pk: VERBS}}
set_access(None, board.pk, rows, reason="Set up for a journey.")
viewer = viewer_for(account_for(people[writer].pk))
thread = start_thread(viewer, board.pk, "The quarter by the lock", "What happened there?")
post = post_reply(viewer, thread.pk, "They are all like that, the paper says.")
print(json.dumps(post.pk))
"""


@pytest.fixture
def post_id(site: Site) -> int:
    """A post in a board with two moderators of its own."""
    words = json.dumps([WRITER, READER, *MODERATORS])
    said = site.rostra("manage", "shell", "-v0", "-c", PLACE, stdin=words)
    return int(said.split()[-1])


def somebody(browser: Browser, site: Site, name: str) -> Page:
    page = browser.new_context(viewport=NARROW).new_page()
    sign_in(page, site, name)
    return page


def looked_at(page: Page) -> None:
    """Nothing for axe to say, nothing wider than the screen."""
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not come to {wanted}")


def test_from_report_to_restoring(browser: Browser, site: Site, post_id: int) -> None:
    """LAW-001 to 003."""
    reader = somebody(browser, site, READER)
    reader.goto(f"{site.url}/posts/{post_id}")
    reader.locator("#post-2").get_by_role("link", name="Report").click()
    looked_at(reader)
    reader.get_by_label("Which rule does it break?").select_option("R2")
    reader.get_by_label("What is wrong with it?").fill("Puts down everybody who lives there.")
    reader.get_by_role("button", name="Report").click()
    expect(reader.locator("#reports ~ .list")).to_contain_text("waits for a decision")
    looked_at(reader)

    first = somebody(browser, site, MODERATORS[0])
    first.goto(f"{site.url}/staff/cases")
    looked_at(first)
    tab_to(first, first.get_by_role("link", name="The quarter by the lock"))
    first.keyboard.press("Enter")
    expect(first.locator("h1")).to_contain_text("Case")
    looked_at(first)
    tab_to(first, first.get_by_label("Public reason"))
    first.keyboard.type(REASON)
    tab_to(first, first.get_by_role("button", name="Remove the post"))
    first.keyboard.press("Enter")
    expect(first.locator(".notice")).to_contain_text("removed")

    writer = somebody(browser, site, WRITER)
    writer.goto(f"{site.url}/posts/{post_id}")
    expect(writer.locator("#post-2")).to_contain_text(REASON)
    writer.goto(f"{site.url}/account/record")
    writer.get_by_role("link", name="Post removed").click()
    expect(writer.locator("main")).to_contain_text("No insults of persons or groups")
    looked_at(writer)
    writer.get_by_label("Why is it wrong?").fill("I quoted the paper, and said so.")
    writer.get_by_role("button", name="Appeal").click()
    expect(writer.locator("#appeal")).to_contain_text("under appeal")

    second = somebody(browser, site, MODERATORS[1])
    second.goto(f"{site.url}/staff/appeals")
    looked_at(second)
    second.get_by_role("heading", name=WRITER).get_by_role("link").click()
    looked_at(second)
    second.get_by_label("Public summary").fill(SUMMARY)
    second.get_by_role("button", name="Overturn it").click()
    decided = second.get_by_role("region", name="Decision")
    expect(decided).to_contain_text("overturned on appeal")

    writer.reload()
    expect(writer.locator("#appeal")).to_contain_text(SUMMARY)
    writer.goto(f"{site.url}/posts/{post_id}")
    expect(writer.locator("#post-2 .prose")).to_contain_text("They are all like that")
    reader.goto(f"{site.url}/moderation-log")
    looked_at(reader)
    expect(reader.locator("main")).to_contain_text("overturned on appeal")
