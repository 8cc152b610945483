"""ABU-014: what crawlers are told, and that it says what it means."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.conf import settings

from rostra.web.feed.views import AI_CRAWLERS
from tests.web.visits import thread_address


def told(web, crawler: str) -> list[str]:
    """Return the paths that robots.txt forbids a crawler: of its own group, else of everybody's."""
    groups: dict[str, list[str]] = {}
    names: list[str] = []
    is_open = False
    for line in web.get("/robots.txt").text.splitlines():
        field, _, value = line.partition(": ")
        if field == "User-agent":
            names = [*names, value] if is_open else [value]
            is_open = True
            groups.setdefault(value, [])
        elif field == "Disallow":
            is_open = False
            for name in names:
                groups[name].append(value)
    return groups.get(crawler, groups["*"])


def is_forbidden(rules: list[str], path: str) -> bool:
    """Match as RFC 9309 says: from the beginning, `*` for anything, `$` for the end."""
    return any(
        re.match(re.escape(rule).replace(r"\*", ".*").replace(r"\$", "$"), path) for rule in rules
    )


def test_what_readers_look_for_may_be_found_and_what_is_made_anew_is_left(web, cast):
    rules = told(web, "Googlebot")
    post = cast.barrier.posts.first().pk
    for path in ("/", thread_address(cast), f"/boards/{cast.harbour.pk}", f"/posts/{post}",
                 "/whats-new", "/claims", "/claims/1", "/rules", "/moderation-log", "/tags/reply",
                 "/sitemap-0.xml", f"/members/{cast.hill.pk}"):  # fmt: skip
        assert not is_forbidden(rules, path), path
    for path in ("/search?q=barrier", "/account/login", f"/posts/{post}/history",
                 f"/posts/{post}/reply", "/claims/1?asof=2020-01-01", "/staff/cases",
                 f"/threads/{cast.barrier.pk}/similar", "/moderation-log?kind=post.remove"):  # fmt: skip
        assert is_forbidden(rules, path), path


@pytest.mark.parametrize("choice", ["allow", "refuse"])
def test_who_gathers_texts_for_language_models_is_a_choice(web, cast, monkeypatch, choice):
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, ai_crawlers=choice))
    for crawler in AI_CRAWLERS:
        assert is_forbidden(told(web, crawler), "/") is (choice == "refuse"), crawler
    assert not is_forbidden(told(web, "bingbot"), "/")


def test_a_crawler_that_asks_too_often_is_told_when_to_come_again(web, cast, monkeypatch):
    """Engines slow down for 429 and Retry-After; no name that one claims to have exempts it."""
    from rostra.kernel.ratelimit import Limit
    from rostra.web import limits

    monkeypatch.setattr(limits, "made", Limit(3))
    asked = {"REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": "Googlebot/2.1"}
    answers = [web.get(f"/claims?before={n}", **asked) for n in range(1, 6)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1
