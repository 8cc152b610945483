"""A rush: guests wait for pages that have to be made, members and kept pages do not (REL-044)."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from rostra.web import rush
from rostra.web.rush import FULL, LASTS, SHARE, WAIT, Rush

DEEP = "/threads/7.barrier/page-90"
PAGE = 0.02  # seconds of work, usually


class Forum:
    """An application in a rush or not, with a clock that is set by hand."""

    def __init__(self, monkeypatch):
        self.now = 1_000_000.0
        self.spent = 0.0
        self.made = 0
        self.page = PAGE
        monkeypatch.setattr(rush.time, "time", lambda: self.now)
        self.door = Rush(self._make, clock=lambda: self.now, worked=lambda: self.spent)

    def _make(self, environ, start_response):
        self.made += 1
        self.spent += self.page
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"made"]

    def ask(self, path=DEEP, method="GET", *, cookie="", address="192.0.2.7", language=""):
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query,
            "HTTP_COOKIE": cookie,
            "REMOTE_ADDR": address, "HTTP_ACCEPT_LANGUAGE": language,
        }  # fmt: skip
        self.headers = {}

        def start(status, headers):
            self.status = int(status[:3])
            self.headers = dict(headers)

        self.body = b"".join(self.door(environ, start)).decode()
        return self.status

    def storm(self, seconds, *, per_second=200):
        """Let so many programs a second ask, each from an address of its own; count those served."""
        served = 0
        for n in range(int(seconds * per_second)):
            self.now += 1 / per_second
            served += self.ask(address=f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}") == 200
        return served

    @property
    def ticket(self):
        return self.headers["Set-Cookie"].partition(";")[0]


@pytest.fixture
def forum(monkeypatch):
    return Forum(monkeypatch)


def test_readers_as_they_usually_come_never_wait(forum):
    assert forum.storm(120, per_second=20) == 120 * 20


def test_the_first_pages_after_a_start_are_no_rush(forum):
    forum.page = 3.0  # seconds: templates are compiled
    assert [forum.ask() for _ in range(4)] == [200] * 4


def test_of_a_storm_no_more_is_made_than_the_share_of_guests(forum):
    """REL-044: what is made stays near the share, however many ask."""
    served = forum.storm(60)
    assert forum.made == served
    assert forum.spent < 60 * SHARE * 0.2  # nobody of these has waited: only the first were served
    assert forum.ask() == 503
    assert forum.headers["Retry-After"] == rush.COME_AGAIN
    assert forum.headers["Cache-Control"] == "no-store"


def test_who_has_waited_is_served_and_waits_no_more_for_an_hour(forum):
    forum.storm(20)
    assert forum.ask() == 503
    assert int(forum.headers["Refresh"]) > WAIT
    ticket = forum.ticket
    assert "HttpOnly" in forum.headers["Set-Cookie"]
    forum.storm(WAIT - 2)
    assert forum.ask(cookie=ticket) == 503  # too soon; the time goes on
    assert "Set-Cookie" not in forum.headers
    forum.storm(2)
    assert forum.ask(cookie=ticket) == 200
    forum.storm(300)
    assert forum.ask(cookie=f"a=b; {ticket}") == 200
    forum.now += LASTS
    forum.storm(20)
    assert forum.ask(cookie=ticket) == 503


def test_a_ticket_is_for_one_network_and_cannot_be_made(forum):
    forum.storm(20)
    forum.ask()
    ticket = forum.ticket
    forum.storm(WAIT + 1)
    assert forum.ask(cookie=ticket, address="192.0.2.8") == 503
    assert forum.ask(cookie=ticket[:-1] + ("0" if ticket[-1] != "0" else "1")) == 503
    older = re.sub(r"=[0-9]+-", f"={int(forum.now) - 60}-", ticket)
    assert forum.ask(cookie=older) == 503
    assert forum.ask(cookie=ticket) == 200


def test_an_address_of_one_host_is_one_network(forum):
    forum.storm(20)
    forum.ask(address="2001:db8::1")
    ticket = forum.ticket
    forum.storm(WAIT + 1)
    assert forum.ask(cookie=ticket, address="2001:db8::2") == 200


def test_those_who_have_waited_cannot_take_more_than_the_share_either(forum):
    """Programs that keep the ticket are bounded all together, so that members find room."""
    forum.storm(20)
    forum.ask()
    ticket = forum.ticket
    forum.storm(WAIT + 1)
    before = forum.spent
    for _ in range(60 * 200):
        forum.now += 1 / 200
        forum.ask(cookie=ticket)
    assert forum.spent - before < 60 * SHARE + FULL + PAGE
    assert forum.spent - before > 60 * SHARE * 0.9  # and it is used


def test_it_is_over_by_itself(forum, caplog):
    forum.storm(60)
    assert forum.ask() == 503
    forum.now += 21
    assert forum.ask() == 200
    assert [one.message.partition(":")[0] for one in caplog.records] == [
        "a rush", "the rush is over",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/", "/whats-new", "/robots.txt", "/sitemap.xml", "/sitemap-threads-1.xml",
        "/threads/7/feed.atom", "/boards/3/feed.atom", "/moderation-log/feed.atom",
        "/account/login", "/account/join", "/static/site.0123456789ab.css", "/health/live",
        "/files/abc.pdf", "/unsubscribe/abc", "/reports/abc", "/colours/abc.css",
    ],
)  # fmt: skip
def test_what_nobody_waits_for(forum, path):
    """REL-044: feeds, robots.txt and sitemaps; and the way in, or members would be shut out."""
    forum.storm(20)
    assert forum.ask() == 503
    assert forum.ask(path) == 200


@pytest.mark.parametrize(
    "path",
    [
        "/threads/7",
        "/?page=9",
        "/boards/3",
        "/search",
        "/accounting",
        "/claims/4",
        "/members/9.x",
        "/x.atom\n",
    ],
)
def test_what_is_waited_for(forum, path):
    forum.storm(20)
    assert forum.ask(path) == 503


def test_members_and_those_who_write_do_not_wait(forum):
    forum.storm(60)
    assert forum.ask(cookie=f"{settings.SESSION_COOKIE_NAME}=abc") == 200
    assert forum.ask("/account/login", "POST") == 200
    assert forum.ask("/posts/3/report", "POST") == 200
    assert forum.ask(method="HEAD") == 503
    assert forum.body == ""


@pytest.mark.parametrize(("language", "side"), [("en", "ltr"), ("ar", "rtl")])
def test_the_page_says_what_happens_and_how_to_go_on(forum, language, side):
    forum.storm(20)
    forum.ask(language=language)
    assert f'lang="{language}" dir="{side}"' in forum.body
    assert '<a href="">' in forum.body
    assert "/account/login" in forum.body
    assert forum.headers["X-Content-Type-Options"] == "nosniff"
