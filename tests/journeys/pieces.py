"""What several journeys do: sign in, wait for a letter, have axe look at a page."""

from __future__ import annotations

import email
import re
from email import policy
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Site

PASSWORD = "salt wind over the pier"


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/account/login")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator('form[action="/account/login"] button').click()
    page.locator(".menu.account").wait_for()


def link_in_letter(site: Site, address: str, page: Page, holding: str) -> str:
    """Wait for a letter to an address in the forum's folder that holds this; return its link.

    holding: a pattern whose first group is the link.
    """
    folder = Path(site.environ["ROSTRA_DATA"]) / "mail"
    for _ in range(100):
        for path in sorted(folder.glob("*.eml"), reverse=True):
            letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            text = str(letter.get_body(("plain",)).get_content())
            found = re.search(holding, text, re.S)
            if letter["To"] == address and found:
                path.unlink()
                return found[1]
        page.wait_for_timeout(200)
    raise AssertionError(f"no letter to {address}")


def found_by_axe(page: Page) -> list[str]:
    result = Axe().run(page, options={"resultTypes": ["violations"]})
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in result.response["violations"]]
