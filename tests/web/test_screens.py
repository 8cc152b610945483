"""Every screen as guest, member, other member, moderator and administrator; its price; its frame."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.forum.threads.actions.threads import pin_thread, start_thread
from rostra.forum.threads.models import Post, Thread
from rostra.web import addresses
from tests.budgets import GUEST, MEMBER_MORE, MEMBER_OWN
from tests.cast import assemble
from tests.web.visits import as_, screens, thread_address

REASON = "Insults a group of people."

SCREENS = ["front", "board", "thread", "whats_new", "tag", "members", "member", "log", "search"]
PEOPLE = [None, "quay", "hill", "mod", "admin"]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("screen", SCREENS)
def test_everybody_can_read_every_screen(web, indexed, cast, screen, who):
    answer = as_(web, cast, who).get(screens(cast)[screen])
    assert answer.status_code == 200
    page = answer.text
    assert '<html lang="en" dir="ltr">' in page
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*(src=|ld\+json))", page)
    assert "canary" not in page or who in ("mod", "admin")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_guest_costs_a_fixed_number_of_queries(web, indexed, cast, screen):
    web.get(screens(cast)[screen])  # what a process keeps is kept
    with CaptureQueriesContext(connection) as queries:
        web.get(screens(cast)[screen])
    assert len(queries) == GUEST[screen], [q["sql"][:90] for q in queries]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_member_costs_one_more(web, indexed, cast, screen):
    as_(web, cast, "quay").get(screens(cast)[screen])
    with CaptureQueriesContext(connection) as queries:
        web.get(screens(cast)[screen])
    assert len(queries) == GUEST[screen] + MEMBER_MORE + MEMBER_OWN.get(screen, 0), [
        q["sql"][:90] for q in queries
    ]


def test_a_thread_that_has_changed_costs_one_more(web, cast):
    web.get(thread_address(cast))
    post_reply(cast.view(cast.hill), cast.barrier.pk, "Something new")
    with CaptureQueriesContext(connection) as queries:
        page = web.get(thread_address(cast)).text
    assert "Something new" in page
    assert len(queries) == GUEST["thread"] + GUEST["changed_thread"]


@pytest.mark.parametrize("posts", [1, 50])
def test_one_post_costs_as_much_as_fifty(web, db, posts):
    cast = assemble(posts)
    cast.quay.per_page = 50
    cast.quay.save()
    address = screens(cast)["thread"]
    as_(web, cast, "quay").get(address)
    with CaptureQueriesContext(connection) as queries:
        page = web.get(address).text
    assert page.count('<article class="post"') == posts
    assert len(queries) == GUEST["thread"] + MEMBER_MORE


def test_page_5000_costs_as_much_as_page_1(web, cast):
    """A thread of 100,000 numbers: the far page is found by its range, without an offset."""
    thread = cast.barrier
    Post.objects.filter(thread=thread, number=3).update(number=99_999)
    Thread.objects.filter(pk=thread.pk).update(last_number=100_000)
    prices = []
    for page in (1, 5000):
        web.get(thread_address(cast, page))
        with CaptureQueriesContext(connection) as queries:
            answer = web.get(thread_address(cast, page))
        assert answer.status_code == 200
        assert not [q for q in queries if "OFFSET" in q["sql"]]
        prices.append(len(queries))
    assert prices == [GUEST["thread"], GUEST["thread"]]


def test_references_and_acts_cost_one_and_two_more_for_any_number(web, cast):
    first = Post.objects.get(thread=cast.barrier, number=1)
    for _ in range(4):
        post_reply(
            cast.view(cast.hill),
            cast.barrier.pk,
            f'[quote="Quay, post: {first.pk}"]closed in time[/quote] see /posts/{first.pk} and'
            f" http://localhost:8000/threads/{cast.barrier.pk}",
        )
    for number in (4, 5):
        post = Post.objects.get(thread=cast.barrier, number=number)
        remove_post(cast.view(cast.mod), post.pk, REASON)
    web.get(thread_address(cast))
    with CaptureQueriesContext(connection) as queries:
        page = web.get(thread_address(cast)).text
    assert len(queries) == GUEST["thread"] + GUEST["references"] + GUEST["log_of_posts"]
    assert "Quay</bdi> wrote" in page
    assert page.count(REASON) == 2


def test_a_page_beyond_the_last_is_not_there(web, cast):
    assert web.get(screens(cast)["board"] + "?page=2").status_code == 404


def test_permalinks_survive_moves_and_page_sizes(web, cast):
    for n in range(4, 31):
        post_reply(cast.view(cast.hill), cast.barrier.pk, f"Post {n}.")
    post = Post.objects.get(thread=cast.barrier, number=25)
    answer = web.get(f"/posts/{post.pk}")
    assert answer.status_code == 302
    assert answer["Location"] == thread_address(cast, 2) + "#post-25"
    cast.quay.per_page = 10
    cast.quay.save()
    answer = as_(web, cast, "quay").get(f"/posts/{post.pk}")
    assert answer["Location"] == thread_address(cast, 3) + "#post-25"


@pytest.mark.parametrize("slug", ["", ".other", ".flood-barrier-", ".مجرد"])
def test_the_slug_is_for_the_eye(web, cast, slug):
    answer = web.get(f"/threads/{cast.barrier.pk}{slug}")
    assert answer.status_code == 301
    assert answer["Location"] == thread_address(cast)


@pytest.mark.parametrize(
    "address",
    ["/threads/1.x/page-0", "/threads/1.x/page-99", "/threads/0", "/threads/01", "/threads/-1",
     "/threads/99999999999999999999", "/threads/1e3", "/posts/abc", "/nope", "/boards/__proto__",
     "/whats-new?page=0", "/whats-new?older=x", "/whats-new?older=999999999999999999.1",
     "/whats-new?show=all", "/boards/2?sort=drop", "/boards/2?days=8", "/moderation-log?before=0",
     "/members?after=x.y", "/sitemap-99.xml", "/threads/1;a=b",
     "/.git/config", "/static/../settings.py", "/static/%2e%2e/x", "/setup/guess"],
)  # fmt: skip
def test_what_is_not_there_is_404_and_helps(web, cast, address):
    """SEC-068, 070, 114, 115."""
    answer = web.get(address)
    assert answer.status_code == 404
    assert "All boards" in answer.text


@pytest.mark.parametrize("screen", SCREENS)
def test_screens_answer_get_and_head_alone(web, cast, screen):
    address = screens(cast)[screen]
    assert web.head(address).status_code == 200
    for method in ("post", "put", "delete", "patch", "trace"):
        assert getattr(web, method)(address).status_code == 405


def test_a_guest_gets_no_cookie_and_writes_nothing(web, indexed, cast):
    """Gate 30: not one row is written by a guest's GET."""
    addresses_ = [*screens(cast).values(), "/nope", "/robots.txt", "/sitemap.xml"]
    with CaptureQueriesContext(connection) as queries:
        answers = [web.get(address) for address in addresses_]
    assert [a for a in answers if a.cookies] == []
    assert [q["sql"] for q in queries if not q["sql"].lstrip(" (\n").startswith("SELECT")] == []


def test_only_a_form_sets_the_csrf_cookie(web, db):
    cookies = web.get("/account/login").cookies
    assert list(cookies) == [settings.CSRF_COOKIE_NAME]
    assert cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"
    assert cookies[settings.CSRF_COOKIE_NAME]["httponly"]


@pytest.mark.parametrize("address", ["/", "/account/login", "/nope"])
def test_every_page_bears_the_forums_name(web, db, address):
    assert "· Rostra</title>" in web.get(address).text


def test_headers(web, cast):
    """ASVS V3.4; DECISION of the policy without nonces."""
    headers = web.get("/").headers
    policy = dict(p.strip().split(" ", 1) for p in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == policy["form-action"] == "'self'"
    assert policy["frame-src"] == "https://www.youtube-nocookie.com https://player.vimeo.com"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Accept-Language" in headers["Vary"]


def test_a_members_page_is_kept_by_nobody(web, cast):
    """SEC-113."""
    assert as_(web, cast, "quay").get("/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:8000@evil"])
def test_an_unknown_host_is_refused(client, db, host):
    """SEC-074."""
    assert client.get("/", headers={"host": host}).status_code == 400


def test_the_number_leads_to_the_name(client, db):
    answer = client.get("/whats-new?page=2", headers={"host": "127.0.0.1:8000"})
    assert answer.status_code == 301
    assert answer["Location"] == "http://localhost:8000/whats-new?page=2"


@pytest.mark.parametrize(
    ("accepts", "lang", "direction"),
    [("ar", "ar", "rtl"), ("fr, ar;q=0.8, en;q=0.5", "ar", "rtl"), ("fr", "en", "ltr"),
     ("ar;q=0", "en", "ltr"), ("en-GB, ar;q=0.1", "en", "ltr"), (";;;q=x,ar", "ar", "rtl")],
)  # fmt: skip
def test_the_browsers_language_is_honoured(web, cast, accepts, lang, direction):
    page = web.get("/", headers={"accept-language": accepts}).text
    assert f'<html lang="{lang}" dir="{direction}">' in page


def test_a_members_choice_of_language_wins(web, cast):
    cast.quay.language = "ar"
    cast.quay.save()
    page = as_(web, cast, "quay").get("/", headers={"accept-language": "en"}).text
    assert '<html lang="ar" dir="rtl">' in page


def test_the_board_sorts_and_filters(web, cast):
    old = start_thread(cast.view(cast.hill), cast.harbour.pk, "Second thread", "Alone")
    address = screens(cast)["board"]

    def titles(query):
        return re.findall(
            r'<h3><a href="/threads/[^"]+" dir="auto">([^<]+)', web.get(address + query).text
        )

    assert titles("") == ["Second thread", "Flood barrier"]
    assert titles("?sort=replies") == ["Flood barrier", "Second thread"]
    assert titles("?starter=Hill") == ["Second thread"]
    assert titles("?starter=hill&unanswered=1") == ["Second thread"]
    assert titles("?starter=Nobody+Known") == []
    assert "no member of that name" in web.get(f"{address}?starter=Nobody+Known").text
    pin_thread(cast.view(cast.mod), cast.barrier.pk, pinned=True, reason=REASON)
    assert titles("") == ["Flood barrier", "Second thread"]
    assert old.pk


@pytest.mark.parametrize(
    "title", ["ميزانية الميناء: أسئلة", "防潮堤", "Über % & / ? #", "…", "a_b c"]
)
def test_every_title_has_an_address_that_answers(web, cast, title):
    thread = start_thread(cast.view(cast.quay), cast.region.pk, title, "Words")
    address = addresses.thread(thread.pk, title)
    assert web.get(address).status_code == 200
    cast.quay.name = title
    cast.quay.save()
    assert web.get(addresses.member(cast.quay.pk, title)).status_code == 200


def test_lists_go_on_by_key(web, cast):
    for n in range(45):
        start_thread(cast.view(cast.hill), cast.region.pk, f"Thread {n:02}", "Words")
    seen, address = [], "/whats-new"
    while address:
        page = web.get(address).text
        seen += re.findall(r"Thread \d\d(?=</a></h3>)", page)
        onward = re.search(r'rel="next"[^>]*href="([^"]+)"', page)
        address = onward.group(1).replace("&amp;", "&") if onward else ""
    assert seen == [f"Thread {n:02}" for n in reversed(range(45))]


def test_json_ld_cannot_leave_its_script(web, cast):
    """SEC-023."""
    thread = start_thread(
        cast.view(cast.quay), cast.harbour.pk, "</script><script>alert(1)//\u2028", "</script>"
    )
    page = web.get(addresses.thread(thread.pk, thread.title)).text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S).group(1)
    assert json.loads(data)["headline"].startswith("</script><script>alert(1)//")
    assert "alert(1)//</script>" not in page


def test_feeds_and_sitemap_are_xml(web, cast):
    import defusedxml.ElementTree as ElementTree

    start_thread(cast.view(cast.quay), cast.harbour.pk, "Bells \x07 & <b>", "\x07 & <b>")
    for address in (
        f"/boards/{cast.harbour.pk}/feed.atom", f"/threads/{cast.barrier.pk}/feed.atom",
        "/sitemap.xml", "/sitemap-0.xml",
    ):  # fmt: skip
        answer = web.get(address)
        assert answer.status_code == 200
        ElementTree.fromstring(answer.content)
