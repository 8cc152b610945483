"""Everything of one's own: taken along, and read without the forum; erased, and thought better of."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in

pytestmark = pytest.mark.journey

NARROW = {"width": 360, "height": 760}
WORDS = "The gauge at the old quay stood at four metres."
PEOPLE = f"""
import json, sys
from rostra.forum.access.queries import viewer_for
from rostra.forum.boards.models import Board
from rostra.forum.members.actions import create_member
from rostra.forum.members.queries import account_for
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import Thread
member = create_member(json.load(sys.stdin), password={PASSWORD!r})
viewer = viewer_for(account_for(member.pk))
thread = Thread.objects.filter(title__contains="closed flood barrier").first()
post = post_reply(viewer, thread.pk, {WORDS!r} + "\\n\\nكان المقياس عند أربعة أمتار.")
print(json.dumps([member.pk, post.pk]))
"""
LATER = """
import sys
from rostra.kernel import clock
from rostra.forum.erasure.actions import begin_due
from rostra.forum.erasure.models import Erasure
Erasure.objects.filter(member_id=int(sys.stdin.read())).update(due_at=clock.now())
begin_due()
"""
NO_LONGER_SURE = """
from rostra.forum.members.sessions import SessionStore
for row in SessionStore.get_model_class().objects.all():
    store = SessionStore(row.session_key)
    store["sure_at"] = 0
    store.save()
"""


def somebody(site: Site, name: str) -> tuple[int, int]:
    """Make a member who wrote a post; return the numbers of both."""
    said = site.rostra("manage", "shell", "-v0", "-c", PEOPLE, stdin=json.dumps(name))
    member_id, post_id = json.loads(said.splitlines()[-1])
    return member_id, post_id


def wait_for(page: Page, address: str, what: str) -> None:
    """Load a page until this is on it: what works in the background has no page of its own."""
    for _ in range(100):
        page.goto(address)
        if page.locator(what).count():
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"no {what} at {address}")


def looked_at(page: Page) -> None:
    assert found_by_axe(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def unpacked(site: Site, page: Page, folder: Path) -> Path:
    """Fetch the archive, after showing again who it is for; return where its pages lie."""
    site.rostra("manage", "shell", "-v0", "-c", NO_LONGER_SURE)
    page.locator('a[href="/account/data/archive"]').click()
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_download() as download:
        page.locator('form[action="/account/confirm"] button[type="submit"]').first.click()
    packed = folder / download.value.suggested_filename
    download.value.save_as(packed)
    assert re.fullmatch(r"own-data-[0-9-]{10}\.zip", packed.name)
    zipfile.ZipFile(packed).extractall(folder / "archive")
    return folder / "archive"


def test_everything_is_taken_along_and_read_without_the_forum(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    """PRV-001, SEC-085, PRV-007."""
    _, post_id = somebody(site, "Hanne Ost")
    page = browser.new_context(accept_downloads=True).new_page()
    sign_in(page, site, "Hanne Ost")
    page.goto(f"{site.url}/account")
    page.get_by_role("link", name="Everything of yours, as an archive").click()
    looked_at(page)
    page.get_by_role("button", name="Ask for the archive").click()
    expect(page.locator("main")).to_contain_text("You are told when it is ready.")
    looked_at(page)
    wait_for(page, f"{site.url}/account/data", 'a[href="/account/data/archive"]')
    looked_at(page)
    wait_for(page, f"{site.url}/notifications", "text=The archive of everything of yours is ready")
    page.get_by_text("The archive of everything of yours is ready").click()
    page.wait_for_url("**/account/data")
    pages = unpacked(site, page, tmp_path)

    reader = browser.new_context(offline=True, viewport=NARROW, color_scheme="dark").new_page()
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto(f"file://{pages}/index.html")
    looked_at(reader)
    reader.get_by_role("navigation").get_by_role("link", name="Posts", exact=True).click()
    expect(reader.locator("main")).to_contain_text(WORDS)
    expect(reader.locator(f'a[href="{site.url}/posts/{post_id}"]')).to_be_visible()
    looked_at(reader)
    for part in ("profile", "sessions", "files"):
        reader.goto(f"file://{pages}/{part}.html")
        looked_at(reader)
    assert asked and all(address.startswith("file://") for address in asked)


def test_in_arabic_on_a_telephone_without_scripts(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    somebody(site, "Hala Mansour")
    phone = browser.new_context(
        java_script_enabled=False, locale="ar", viewport=NARROW, accept_downloads=True,
        extra_http_headers={"Accept-Language": "ar"},
    )  # fmt: skip
    page = phone.new_page()
    sign_in(page, site, "Hala Mansour")
    page.goto(f"{site.url}/account/data")
    page.get_by_role("button", name="اطلب الأرشيف").click()
    expect(page.locator("main")).to_contain_text("ستُخبَر حين يصير جاهزًا")
    wait_for(page, f"{site.url}/account/data", 'a[href="/account/data/archive"]')
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    pages = unpacked(site, page, tmp_path)
    with browser.new_context(offline=True, viewport=NARROW) as reading:
        reader = reading.new_page()
        reader.goto(f"file://{pages}/posts.html")
        expect(reader.locator("html")).to_have_attribute("dir", "rtl")
        expect(reader.locator("main")).to_contain_text(WORDS)
        looked_at(reader)


def test_asked_to_be_erased_taken_back_and_asked_again(browser: Browser, site: Site) -> None:
    """PRV-002, PRV-005."""
    member_id, post_id = somebody(site, "Vigdis Holm")
    page = browser.new_context(viewport=NARROW).new_page()
    sign_in(page, site, "Vigdis Holm")
    page.goto(f"{site.url}/account/erase")
    looked_at(page)

    def ask() -> None:
        page.get_by_label("Keep the words, take the name away").check()
        page.get_by_role("button", name="Erase me in 14 days").click()
        expect(page.locator("main")).to_contain_text(
            "Your name goes, what everybody can read stays."
        )

    ask()
    looked_at(page)
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_role("button", name="Keep my account")).to_have_count(0)
    ask()
    site.rostra("manage", "shell", "-v0", "-c", LATER, stdin=str(member_id))
    guest = browser.new_page()
    former = f"Former member {member_id}"
    wait_for(guest, f"{site.url}/members/{member_id}", f"text={former}")
    looked_at(guest)
    wait_for(guest, f"{site.url}/posts/{post_id}", f"text={former}")
    expect(guest.locator("main")).to_contain_text(WORDS)
    expect(guest.locator("main")).not_to_contain_text("Vigdis")
    page.goto(f"{site.url}/account")
    expect(page).to_have_url(re.compile("/account/login"))
