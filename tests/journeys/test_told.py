"""Being told: the bell rings on an open page, a letter comes, one click stops them; reading on."""

from __future__ import annotations

import json
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, link_in_letter, sign_in

pytestmark = pytest.mark.journey

PEOPLE = f"""
import sys
from rostra.forum.members.actions import create_member
from rostra.forum.members.models import Member
for name in sys.stdin.read().split(","):
    if Member.objects.filter(name=name).exists():
        continue  # a worker may be given one module's tests in two parts
    member = create_member(name, password={PASSWORD!r})
    address = name.lower().replace(" ", ".") + "@example.org"
    Member.objects.filter(pk=member.pk).update(email=address, email_key=address)
"""
SPEAK = """
import json, sys
from rostra.forum.access.queries import viewer_for
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.reactions.actions import react
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import Thread
who, title, words, kind = json.load(sys.stdin)
viewer = viewer_for(account_for(Member.objects.get(name=who).pk))
thread = Thread.objects.get(title=title)
first = thread.posts.get(number=1)
post_reply(viewer, thread.pk, words.replace("POST", str(first.pk)))
if kind:
    react(viewer, first.pk, kind)
"""
LETTERS = """
from django.utils import timezone
from rostra.effects.notifications.models import Notification
from rostra.forum.members.models import Session
from rostra.project import schedule
from rostra.web.notifications import letters
Notification.objects.filter(mail_at__isnull=False).update(mail_at=timezone.now())
Session.objects.update(seen_at=None)
letters.write_letters()
"""
_numbers = count(1)


@pytest.fixture
def two(site: Site) -> tuple[str, str]:
    """Two members whom no other journey knows."""
    number = next(_numbers)
    names = f"Berit Sund {number}", f"Osman Kaya {number}"
    site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin=",".join(names))
    return names


def start(page: Page, site: Site, title: str) -> str:
    page.goto(site.url + "/boards/2/start")
    page.locator("#id_title").fill(title)
    page.locator("textarea[name=source]").fill("The gate was shut before the tide.")
    page.locator("form.composer button.primary").click()
    expect(page.locator("h1")).to_have_text(title)
    return page.url


def speak(site: Site, who: str, title: str, words: str, kind: str = "") -> None:
    said = json.dumps([who, title, words, kind])
    site.rostra("manage", "shell", "-v0", "-c", SPEAK, stdin=said)


def test_quoted_mentioned_reacted_to_told_on_the_page_and_by_mail(page: Page, site: Site, two):
    mine, other = two
    title = f"Who shut the gate for {mine}?"
    sign_in(page, site, mine)
    address = start(page, site, title)
    words = f'[quote="{mine}, post: POST"]The gate was shut[/quote]\n\nIt was, @{mine}.'
    speak(site, other, title, words, "insightful")
    bell = page.locator("[data-bell]")
    expect(page.get_by_role("link", name="New posts")).to_be_visible(timeout=40_000)  # it polls
    expect(bell).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="New posts").click()
    expect(page.locator("#post-2 .prose")).to_contain_text(f"@{mine}")
    expect(page.locator(".new-from")).to_have_count(1)

    page.goto(site.url + "/notifications")
    expect(page.locator(".told", has_text="reacted to your post")).to_be_visible()
    expect(page.locator(".told", has_text="mentioned you")).to_be_visible()
    assert found_by_axe(page) == []
    page.locator(".told a", has_text="reacted to your post").click()
    expect(page.locator("#post-1 .react")).to_contain_text("Insightful")
    expect(bell).to_be_hidden()

    speak(site, other, title, f"And once more, @{mine}.")
    page.goto(site.url + "/account/notifications")
    expect(bell).to_be_visible(timeout=40_000)
    site.rostra("manage", "shell", "-v0", "-c", LETTERS)
    mail = mine.lower().replace(" ", ".") + "@example.org"
    page.goto(link_in_letter(site, mail, page, r"And once more.*?(http\S+/unsubscribe/\S+)"))
    page.get_by_role("button", name="Stop them").click()
    expect(page.get_by_role("status")).to_contain_text("Done.")
    page.goto(site.url + "/account/notifications")
    expect(page.locator('input[name="mention-mail"]')).not_to_be_checked()
    expect(page.locator('input[name="mention-site"]')).to_be_checked()
    assert found_by_axe(page) == []

    page.goto(address)
    page.locator("#post-1").get_by_role("link", name="Edit").click()
    page.get_by_label("The post").fill("The inner gate was shut before the tide.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#post-1 .prose")).to_contain_text("inner gate")
    page.goto(site.url + "/account/sessions")
    assert page.errors == []
    assert page.foreign == []


def test_watching_keeping_and_ignoring(page: Page, site: Site, two):
    mine, other = two
    title = f"Tide tables of {mine}"
    sign_in(page, site, mine)
    address = start(page, site, title)
    speak(site, other, title, "The tables are wrong.")
    page.goto(address)
    menu = page.locator(".menu.watch")
    menu.locator("summary").click()
    assert found_by_axe(page) == []
    menu.get_by_role("button", name="Mute").click()
    expect(page.locator(".menu.watch summary")).to_have_text("Muted")
    page.goto(site.url + "/whats-new")
    expect(page.get_by_role("link", name=title)).to_have_count(0)

    page.goto(address)
    page.locator("#post-2").get_by_role("link", name="Bookmark").click()
    page.get_by_label("Note to yourself").fill("Check at the harbour office")
    page.get_by_label("Remind me").select_option("7")
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#post-2").get_by_role("link", name="Bookmarked")).to_be_visible()
    page.goto(site.url + "/account/bookmarks")
    expect(page.get_by_text("Check at the harbour office")).to_be_visible()
    assert found_by_axe(page) == []

    page.goto(address)
    page.locator("#post-2 .by a").click()
    page.get_by_role("button", name="Ignore").click()
    page.goto(address)
    expect(page.locator("#post-2 details summary")).to_contain_text("You ignore this member")
    expect(page.get_by_text("The tables are wrong.")).to_be_hidden()
    page.goto(site.url + "/account/people")
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Ignore no more").click()
    page.goto(address)
    expect(page.get_by_text("The tables are wrong.")).to_be_visible()
    assert page.errors == []


def test_without_scripts_on_a_phone_in_arabic(browser: Browser, site: Site, two):
    mine, other = two
    context = browser.new_context(
        java_script_enabled=False, locale="ar", viewport={"width": 360, "height": 740},
        extra_http_headers={"Accept-Language": "ar"},
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, site, mine)
    title = f"جدول المد {mine}"
    address = start(page, site, title)
    speak(site, other, title, f"@{mine} انظر هنا")
    for _ in range(60):
        page.goto(site.url + "/notifications")
        if page.locator(".told.unread").count():
            break
        page.wait_for_timeout(250)
    expect(page.locator(".told.unread")).to_contain_text("ذكرك")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    screens = ["/notifications", "/account/notifications", "/account/bookmarks", "/account/people",
               "/account/profile", "/account/activity", "/account/reading", "/whats-new?show=unread",
               "/whats-new?show=watched", address.removeprefix(site.url)]  # fmt: skip
    for screen in screens:
        page.goto(site.url + screen)
        wide = page.locator("html").evaluate("page => page.scrollWidth")
        assert wide <= 360, screen
    page.locator(".menu.watch summary").click()
    page.locator(".menu.watch button[value=watch]").click()
    expect(page.locator(".menu.watch summary")).to_have_text("تراقبه")
    page.goto(site.url + "/notifications")
    expect(page.locator(".told.unread")).to_have_count(0)
    context.close()
