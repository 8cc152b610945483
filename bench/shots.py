"""Pictures of every screen of a running demo in four looks, to compare by eye.

python -m bench.shots http://localhost:8000 docs/reference/screens [NAME PASSWORD]

With a member's name and password also the screens of writing, as that member sees them; with an
administrator's those of the settings.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from bench import chromium
from playwright.sync_api import Page, sync_playwright

LOOKS = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "narrow": {"viewport": {"width": 320, "height": 700}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "arabic": {
        "viewport": {"width": 390, "height": 800},
        "color_scheme": "dark",
        "locale": "ar",
        "extra_http_headers": {"Accept-Language": "ar"},
    },
}


def screens(page: Page, base: str) -> dict[str, str]:
    """Return name → address of each screen of the demo."""
    page.goto(f"{base}/whats-new")
    thread = page.locator(".row h3 a", has_text="closed flood barrier").first.get_attribute("href")
    poll = page.locator(".row h3 a", has_text="new ferry be called").first.get_attribute("href")
    page.goto(base + str(thread))
    document = page.locator('.article a[href^="/documents/"]').first.get_attribute("href")
    publisher = page.locator('.article a[href^="/publishers/"]').first.get_attribute("href")
    page.goto(base)
    board = page.locator(".board h3 a").first.get_attribute("href")
    page.goto(f"{base}/claims")
    claim = str(page.locator(".list h3 a").last.get_attribute("href"))
    page.goto(base + claim)
    entry = str(page.locator('.timeline a[href^="/claims/entries/"]').first.get_attribute("href"))
    page.goto(f"{base}/notes")
    to_notes = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    note = next(href for href in to_notes if re.fullmatch(r"/notes/\d+", href or ""))
    page.goto(base + note)
    noted = str(page.locator('main a[href^="/posts/"]').first.get_attribute("href"))
    page.goto(f"{base}/members")
    member = page.locator(".person-row h3 a").first.get_attribute("href")
    return {
        "front": "/",
        "board": str(board),
        "thread": str(thread),
        "poll": str(poll),
        "whats-new": "/whats-new",
        "member": str(member),
        "members": "/members",
        "moderation-log": "/moderation-log",
        "tag": "/tags/harbour",
        "claims": "/claims",
        "claim": claim,
        "claim-quote": entry,
        "claims-changed": "/claims/changes",
        "noted": noted,
        "notes": "/notes",
        "note": note,
        "notes-how": "/notes/how",
        "notes-data": "/notes/data",
        "document": str(document),
        "publisher": str(publisher),
        "find-a-document": "/documents?address=https://nobody.example/knows-this",
        "search": "/search?q=barrier",
        "log-in": "/account/login",
        "join": "/account/join",
        "reset": "/account/reset",
        "not-found": "/nothing-here",
    }


def writing(page: Page, base: str) -> dict[str, str]:
    """Return name → address of each screen of writing, for a member who is signed in."""
    shown = screens(page, base)
    thread, claim = shown["thread"], shown["claim"]
    page.goto(base + thread)
    post = str(page.locator("rostra-quote a").first.get_attribute("href")).split("/")[2]
    page.goto(f"{base}{thread}/page-3")
    changed = page.locator('.edited a[href$="/history"]')
    changed_at = str(changed.first.get_attribute("href"))
    page.goto(f"{base}/conversations")
    talk = page.locator(".talk h3 a")
    return {
        "writing": f"{thread}#reply",
        "reply": f"/posts/{post}/reply",
        "start-a-thread": "/boards/2/start",
        "unread": "/whats-new?show=unread",
        "notifications": "/notifications",
        "what-to-be-told": "/account/notifications",
        "bookmark": f"/posts/{post}/bookmark",
        "bookmarks": "/account/bookmarks",
        "people": "/account/people",
        "profile": "/account/profile",
        "activity": "/account/activity",
        "how-to-read": "/account/reading",
        "account": "/account",
        "reactions": f"/posts/{post}/reactions",
        "claim-make": f"/posts/{post}/claim",
        "claim-add": f"{claim}/add",
        "claims-watched": "/claims?show=watched",
        "note-write": f"/posts/{post}/notes/write",
        "note-rate": "/notes/rate",
        "second-factor": "/account/second-factor",
        "sessions": "/account/sessions",
        "picture": "/account/picture",
        "invitations": "/account/invitations",
        "what-changed": changed_at,
        "conversations": "/conversations",
        "conversation": str(talk.first.get_attribute("href")) if talk.count() else "/conversations",
        "new-conversation": "/conversations/new",
    }


def deciding(page: Page, base: str) -> dict[str, str]:
    """Return name → address of each screen of the settings, for who may choose them."""
    if page.goto(f"{base}/staff/settings").status != 200:  # type: ignore[union-attr]
        return {}
    return {
        "settings": "/staff/settings",
        "settings-found": "/staff/settings?q=edit",
        "settings-forum": "/staff/settings/forum",
        "settings-moderation": "/staff/settings/moderation",
        "logo": "/staff/settings/logo",
        "notices": "/staff/notices",
        "notice": "/staff/notices/1",
        "smilies": "/staff/smilies",
        "statistics": "/staff/statistics",
        "staff-members": "/staff/members",
        "staff-account": "/staff/members/2/account",
    }


def sign_in(page: Page, base: str, name: str, password: str) -> None:
    """Sign in by name and password."""
    page.goto(f"{base}/account/login")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(password)
    page.locator('form[action="/account/login"] button').click()
    page.locator("summary .avatar").first.wait_for()


def main(base: str, folder: Path, account: list[str]) -> None:
    """Write one picture a screen and look."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.FLAGS)
        for look, options in LOOKS.items():
            # Without motion: a picture of a page that is still scrolling shows nothing.
            page = browser.new_context(reduced_motion="reduce", **options).new_page()
            for name, address in screens(page, base).items():
                page.goto(base + address)
                page.screenshot(path=folder / f"{name}-{look}.jpg", type="jpeg", quality=55)
            if not account:
                continue
            sign_in(page, base, *account)
            for name, address in (writing(page, base) | deciding(page, base)).items():
                page.goto(base + address)
                page.screenshot(path=folder / f"{name}-{look}.jpg", type="jpeg", quality=55)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:5])
