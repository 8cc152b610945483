"""Pictures brought from a phone, pasted, dropped, chosen without scripts; seen, and gone again."""

from __future__ import annotations

import base64
import re
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.pieces import found_by_axe, sign_in
from tests.journeys.test_reading import LONG, thread_address
from tests.journeys.test_writing import ACCOUNT
from tests.pictures import XMP, from_a_phone, jpeg, moving, opened, png

pytestmark = pytest.mark.journey
_bringers = count(1)
PHOTO = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": from_a_phone(3000, 2000)}

PUT = """(area, [kind, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "shot", { type }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
  area.dispatchEvent(event);
  return event.defaultPrevented;
}"""


@pytest.fixture
def bringer(site: Site) -> str:
    name = f"Piet Rower {next(_bringers)}"
    site.rostra("manage", "shell", "-v0", "-c", ACCOUNT, stdin=name)
    return name


def on_a_phone(browser: Browser, site: Site, name: str, **how: object) -> Page:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, **how)
    page = context.new_page()
    page.set_default_timeout(15_000)
    sign_in(page, site, name)
    return page


@pytest.mark.both
def test_a_photo_from_a_phone_is_posted_without_its_place(
    browser: Browser, site: Site, bringer: str
):
    """BAR row 22: 360 px; what the camera noted is in no size of it, and it is turned upright."""
    page = on_a_phone(browser, site, bringer)
    page.goto(site.url + thread_address(page, site, LONG) + "/page-3")
    page.get_by_text("Add pictures or files").click()
    page.get_by_label("Pictures and files").set_input_files([PHOTO])
    area = page.get_by_label("Your reply")
    expect(area).to_have_value(re.compile(r"^!\[\]\(upload:[0-9a-f]{32}\)\n\n$"))
    expect(page.locator(".going")).to_contain_text("what the picture shows")
    page.keyboard.type("The barrier, closed")  # the cursor stands between the brackets
    expect(area).to_have_value(re.compile(r"^!\[The barrier, closed\]\(upload:"))
    page.get_by_role("button", name="Post reply").click()
    expect(page).to_have_url(re.compile(r"#post-\d+$"))
    post = page.locator(f"#{page.url.partition('#')[2]}")
    shown = post.get_by_role("img", name="The barrier, closed")
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") == 700
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert found_by_axe(page) == []
    address = post.locator("a.picture").get_attribute("href")
    for step in ("", "-1", "-2"):
        answer = page.request.get(f"{site.url}{address}{step}")
        assert answer.headers["content-type"] == "image/webp"
        picture = opened(answer.body())
        assert dict(picture.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile"} & set(picture.info)
        assert XMP not in answer.body()
        assert picture.height > picture.width
    guest = browser.new_context().new_page()
    assert guest.request.get(site.url + address).status == 200
    post.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw this post").click()
    assert guest.request.get(site.url + address).status == 404
    page.context.close()
    guest.context.close()


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_is_pasted_or_dropped(page: Page, site: Site, bringer: str, kind: str):
    sign_in(page, site, bringer)
    page.goto(site.url + thread_address(page, site, LONG))
    area = page.get_by_label("Your reply")
    area.fill("Before it.")
    data = base64.b64encode(png(80, 60)).decode()
    assert area.evaluate(PUT, [kind, "image/png", data])
    expect(area).to_have_value(re.compile(r"^Before it\.\n\n!\[\]\(upload:[0-9a-f]{32}\)"))
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".composer .preview img")).to_be_visible()
    assert found_by_axe(page) == []
    assert page.errors == []


def test_what_cannot_be_here_is_said_beside_its_name(page: Page, site: Site, bringer: str):
    sign_in(page, site, bringer)
    page.goto(site.url + thread_address(page, site, LONG))
    page.get_by_text("Add pictures or files").click()
    files = [
        {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"},
        {"name": "large.txt", "mimeType": "text/plain", "buffer": b"x" * 4_000_001},
        {"name": "turning.gif", "mimeType": "image/gif", "buffer": moving()},
    ]
    page.get_by_label("Pictures and files").set_input_files(files)
    area = page.get_by_label("Your reply")
    expect(area).to_have_value(re.compile(r"upload:"))
    told = page.locator(".going .form-error")
    expect(told).to_have_count(2)
    expect(told.nth(0)).to_contain_text("drawing.svg: This cannot be here")
    expect(told.nth(1)).to_contain_text("large.txt: This file is larger")
    assert found_by_axe(page) == []


def test_without_scripts_a_picture_is_brought_with_the_form(
    browser: Browser, site: Site, bringer: str
):
    page = on_a_phone(
        browser, site, bringer, java_script_enabled=False, locale="ar", color_scheme="dark"
    )
    page.goto(site.url + thread_address(page, site, LONG))
    page.locator("#reply .add-files summary").click()
    page.locator("#id_source").fill("عند الظهر")
    page.locator("#id_files").set_input_files([PHOTO])
    page.locator("#id_alt").fill("الحاجز مغلق")
    page.locator("#reply button[value=preview]").click()
    expect(page.locator(".preview-page img")).to_have_attribute("alt", "الحاجز مغلق")
    expect(page.locator("#id_source")).to_have_value(
        re.compile(r"^عند الظهر\n\n!\[الحاجز مغلق\]\(upload:")
    )
    page.locator("button.primary").last.click()
    post = page.locator(f"#{page.url.partition('#')[2]}")
    expect(post.locator("img[alt='الحاجز مغلق']")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_a_picture_beside_the_name(
    browser: Browser, site: Site, bringer: str, language: str, scheme: str
):
    page = on_a_phone(browser, site, bringer, locale=language, color_scheme=scheme)
    page.goto(site.url + "/account")
    page.locator("a[href='/account/picture']").click()
    assert found_by_axe(page) == []
    photo = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg(900, 700)}
    page.locator("#id_picture").set_input_files([photo])
    page.locator("main button.primary").click()
    expect(page.locator("[role=status]").first).to_be_visible()
    for place in (".bar .avatar img", "main .avatar img"):
        shown = page.locator(place)
        assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") in (64, 128)
    assert found_by_axe(page) == []
    page.locator("button[value=remove]").click()
    expect(page.locator("main .avatar img")).to_have_count(0)
    page.context.close()
