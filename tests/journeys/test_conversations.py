"""A conversation of three, one of whom ignores another: begun by names, told, left, reported."""

from __future__ import annotations

import json
import re
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import found_by_axe, sign_in
from tests.journeys.test_told import PEOPLE

pytestmark = pytest.mark.journey

IGNORE = """
import json, sys
from rostra.forum.members.models import Member
from rostra.forum.members.ties import set_tie
who, whom = json.load(sys.stdin)
set_tie(Member.objects.get(name=who).pk, Member.objects.get(name=whom).pk, "ignore")
"""
SPEAK = """
import json, sys
from rostra.forum.access.queries import viewer_for
from rostra.forum.conversations.actions.messages import send_message
from rostra.forum.conversations.models import Conversation
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
who, title, words = json.load(sys.stdin)
viewer = viewer_for(account_for(Member.objects.get(name=who).pk))
send_message(viewer, Conversation.objects.get(title=title).pk, words)
"""
REPORT = """
import json, sys
from rostra.forum.access.queries import viewer_for
from rostra.forum.conversations.actions.messages import send_message, start_conversation
from rostra.forum.conversations.actions.reporting import report_message
from rostra.forum.members.models import Group, Member, Membership
from rostra.forum.members.queries import account_for
from rostra.kernel import versions
mine, friend, staff = [Member.objects.get(name=name) for name in json.load(sys.stdin)]
view, theirs = [viewer_for(account_for(one.pk)) for one in (mine, friend)]
first = start_conversation(view, [friend.pk], "The gate", "The *gate* was shut at six.")
said = [send_message(theirs, first.conversation_id, words) for words in ("By whom?", "You liar.")]
report_message(view, said[1].pk, "It is not well at all.")
moderators = Group.objects.get(name="Moderators")
Membership.objects.create(group=moderators, member=staff)
Group.objects.filter(pk=moderators.pk).update(needs_second_factor=False)
versions.raise_version("boards")
print(first.conversation_id, first.pk)
"""
_numbers = count(1)


@pytest.fixture
def three(site: Site) -> tuple[str, str, str]:
    """Three members whom no other journey knows."""
    number = next(_numbers)
    names = f"Runa Holm {number}", f"Idris Bell {number}", f"Petra Voss {number}"
    site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin=",".join(names))
    return names


def run(site: Site, script: str, *words: str) -> str:
    return site.rostra("manage", "shell", "-v0", "-c", script, stdin=json.dumps(words))


def begin(page: Page, site: Site, title: str, names: tuple[str, ...]) -> str:
    """Begin a conversation, choosing each member from what is offered; return its address."""
    page.goto(site.url + "/conversations/new")
    field = page.get_by_label("To", exact=True)
    for name in names:
        field.press_sequentially(name[:-3].lower())
        offered = page.get_by_role("option", name=name)
        expect(offered).to_be_visible()
        field.press("ArrowDown")
        while offered.get_attribute("aria-selected") != "true":
            field.press("ArrowDown")
        field.press("Enter")
    expect(field).to_have_value("".join(f"{name}, " for name in names))
    assert found_by_axe(page) == []
    page.get_by_label("Title").fill(title)
    page.get_by_label("Your message").fill("The *gate* was shut at six.\n\nWho was there?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("h1")).to_have_text(title)
    return page.url


def report_and_leave(page: Page, site: Site, address: str) -> None:
    page.goto(address)
    page.locator("#message-4").get_by_role("link", name="Report").click()
    assert found_by_axe(page) == []
    page.get_by_label("Which rule does it break?").select_option("R2")
    page.get_by_label("What is wrong with it?").fill("It is not well at all.")
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_role("status")).to_contain_text("You have reported this message.")
    page.goto(address)
    page.get_by_role("link", name="Leave").click()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Leave this conversation").click()
    expect(page.locator(".list")).to_contain_text("No conversations yet")


@pytest.mark.both
def test_a_conversation_of_three_one_of_whom_is_ignored(
    browser: Browser, page: Page, site: Site, three
):
    mine, friend, ignoring = three
    title = f"The gate, among {mine} and two more"
    sign_in(page, site, mine)
    address = begin(page, site, title, (friend, ignoring))
    expect(page.locator(".message .prose em")).to_have_text("gate")
    assert found_by_axe(page) == []

    run(site, IGNORE, ignoring, mine)
    context = browser.new_context()
    other = context.new_page()
    sign_in(other, site, ignoring)
    envelope = other.locator("[data-envelope]")
    expect(envelope).to_have_text("1")
    other.get_by_role("link", name="Conversations").first.click()
    expect(other.locator(".talk.unread")).to_contain_text(title)
    assert found_by_axe(other) == []
    other.get_by_role("link", name=title).click()
    expect(other.locator("#message-1 summary")).to_contain_text("You ignore this member")
    expect(other.get_by_text("was shut at six")).to_be_hidden()
    assert found_by_axe(other) == []

    # What the ignored say from now on does not ring; what the third says does, on an open page.
    run(site, SPEAK, mine, title, "And who has the key?")
    run(site, SPEAK, friend, title, "I was there, with the key.")
    other.goto(site.url + "/account/conversations")
    expect(envelope).to_have_text("1")
    assert found_by_axe(other) == []
    other.goto(address)
    expect(other.locator("#message-3 .prose")).to_have_text("I was there, with the key.")
    expect(other.locator("#message-2 summary")).to_be_visible()
    other.get_by_label("Your message").fill("Then all is well.")
    other.get_by_role("button", name="Send").click()
    expect(other.locator("#message-4 .prose")).to_have_text("Then all is well.")
    expect(envelope).to_be_hidden()

    # The page that was left open hears of it.
    expect(page.locator("[data-envelope]")).to_have_text(re.compile("1"), timeout=40_000)
    page.goto(site.url + "/conversations?show=unread")
    expect(page.locator(".talk.unread")).to_contain_text(title)
    report_and_leave(page, site, address)
    assert page.errors == []
    gone = page.goto(address)
    assert gone is not None
    assert gone.status == 404
    other.goto(address)
    expect(other.locator(".facts")).to_contain_text(f"Left: {mine}")
    context.close()


def test_conversations_without_scripts_on_a_phone_in_arabic(browser: Browser, site: Site, three):
    mine, friend, third = three
    context = browser.new_context(
        java_script_enabled=False, locale="ar", viewport={"width": 320, "height": 640},
        extra_http_headers={"Accept-Language": "ar"},
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, site, mine)
    page.goto(site.url + "/conversations/new")
    page.locator("#id_to").fill(f"{friend}، {third}")
    page.locator("#id_title").fill("بوابة الميناء")
    page.locator("textarea[name=source]").fill("أُغلقت البوابة قبل المد.")
    page.locator("form.composer button.primary").click()
    expect(page.locator("h1")).to_have_text("بوابة الميناء")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    address = page.url.removeprefix(site.url)
    screens = ["/conversations", "/conversations?q=البوابة", "/conversations/new", address,
               f"{address}/reply", f"{address}/invite", f"{address}/leave",
               "/account/conversations"]  # fmt: skip
    for screen in screens:
        page.goto(site.url + screen)
        wide = page.locator("html").evaluate("page => page.scrollWidth")
        assert wide <= 320, screen
    page.goto(site.url + address)
    page.locator("textarea[name=source]").fill("ومن كان هناك؟")
    page.locator("form.composer button.primary").click()
    expect(page.locator("#message-2 .prose")).to_have_text("ومن كان هناك؟")
    context.close()


def test_axe_finds_nothing_in_what_is_done_seldom(browser: Browser, site: Site, three):
    """Inviting, editing, withdrawing, reporting; what staff are shown of it; at 320 px too."""
    mine, _, staff = three
    talk, message = run(site, REPORT, *three).split()
    for name, addresses in (
        (mine, [f"/conversations/{talk}/invite", f"/conversations/{talk}/reply",
                f"/messages/{message}/edit", f"/messages/{message}/withdraw",
                f"/messages/{int(message) + 1}/report"]),
        (staff, ["/staff/messages", "/staff/messages?show=closed"]),
    ):  # fmt: skip
        context = browser.new_context()
        page = context.new_page()
        sign_in(page, site, name)
        state = context.storage_state()
        context.close()
        for scheme, language in (("light", "en"), ("dark", "ar")):
            context = browser.new_context(
                color_scheme=scheme, locale=language, storage_state=state,
                viewport={"width": 320, "height": 700},
            )  # fmt: skip
            page = context.new_page()
            for address in addresses:
                answer = page.goto(site.url + address)
                assert answer is not None
                assert answer.status == 200, address
                assert found_by_axe(page) == [], address
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= 320, (address, wide)
            context.close()
