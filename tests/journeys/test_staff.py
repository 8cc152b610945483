"""Every page of staff's own: nothing found by axe, and nothing wider than a telephone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Site
from tests.journeys.pieces import PASSWORD, found_by_axe, sign_in

pytestmark = pytest.mark.journey

SEES_TO_ALL = "Henrike Sandt"
PLACE = f"""
import json, sys
from rostra.forum.access.viewer import CAPABILITIES
from rostra.forum.members.actions import create_group, create_member, join_group
made = create_member(json.load(sys.stdin), password={PASSWORD!r})
group = create_group("Who see to all", capabilities=list(CAPABILITIES))
join_group(group.pk, made.pk, reason="Set up for a journey.")
"""
SCREENS = (
    "", "/boards", "/boards/new", "/boards/2", "/boards/2/access", "/groups", "/groups/new",
    "/groups/1", "/access", "/settings", "/settings/logo", "/settings/joining", "/settings/writing",
    "/settings/moderation", "/settings/links", "/members", "/members/3", "/members/3/account",
    "/members/3/sanction", "/members/3/networks", "/erasures", "/statistics", "/applications",
    "/mail", "/jobs", "/words", "/waiting", "/cautions", "/sanctions", "/cases", "/appeals",
    "/notes", "/messages", "/rules/new", "/posts?post=2",
)  # fmt: skip


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "ar")])
def test_axe_finds_nothing_where_staff_work(
    browser: Browser, site: Site, scheme: str, language: str
) -> None:
    name = f"{SEES_TO_ALL} {language}"
    site.rostra("manage", "shell", "-v0", "-c", PLACE.replace("see to all", f"see {language}"),
                stdin=json.dumps(name))  # fmt: skip
    page = browser.new_context(
        locale=language, color_scheme=scheme, viewport={"width": 320, "height": 700}
    ).new_page()
    sign_in(page, site, name)
    found = {}
    for screen in SCREENS:
        answer = page.goto(f"{site.url}/staff{screen}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults = found_by_axe(page)
        if answer.status != 200 or faults or wide > 320:
            found[screen] = (answer.status, wide, faults)
    assert found == {}
    page.context.close()
