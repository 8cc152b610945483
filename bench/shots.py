"""Pictures of every screen of a running demo in four looks, to compare by eye.

python -m bench.shots http://localhost:8000 docs/reference/screens
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
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
    page.goto(base)
    board = page.locator(".board h3 a").first.get_attribute("href")
    page.goto(f"{base}/members")
    member = page.locator(".person-row h3 a").first.get_attribute("href")
    return {
        "front": "/",
        "board": str(board),
        "thread": str(thread),
        "whats-new": "/whats-new",
        "member": str(member),
        "members": "/members",
        "moderation-log": "/moderation-log",
        "search": "/search?q=barrier",
        "log-in": "/account/login",
        "not-found": "/nothing-here",
    }


def main(base: str, folder: Path) -> None:
    """Write one picture a screen and look."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look, options in LOOKS.items():
            page = browser.new_context(**options).new_page()
            for name, address in screens(page, base).items():
                page.goto(base + address)
                page.screenshot(path=folder / f"{name}-{look}.jpg", type="jpeg", quality=55)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
