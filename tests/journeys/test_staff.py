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
from rostra.forum.access.models import Grant
from rostra.forum.access.viewer import CAPABILITIES
from rostra.forum.members.actions import create_group, create_member, join_group
name = json.load(sys.stdin)
made = create_member(name, password={PASSWORD!r})
group = create_group("Colleagues of " + name, capabilities=list(CAPABILITIES))
# In every board there is: other journeys make some with moderators of their own.
for board_id in Grant.objects.values_list("board_id", flat=True).distinct():
    for verb in ("see", "read", "moderate"):
        Grant.objects.create(group=group, board_id=board_id, verb=verb)
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
    site.rostra("manage", "shell", "-v0", "-c", PLACE, stdin=json.dumps(name))
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
