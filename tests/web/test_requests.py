"""Requests nobody's browser sends: by every route, every method, in every odd form."""

from __future__ import annotations

import dataclasses
import logging
import re
import tomllib
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from rostra.forum.boards.models import Board
from rostra.kernel import logs
from rostra.web import limits
from rostra.web.client import client_address, is_near, shortened
from rostra.web.request_log import Logged, shown
from rostra.web.search import views
from tests.web.routes import METHODS, addresses_of, routes
from tests.web.visits import as_, thread_address

SNAPSHOT = tomllib.loads((Path(__file__).parent / "routes.toml").read_text())
OUTSIDE = "198.51.100.7"
ODD_NUMBERS = (
    "-1", "0", "00", "01", "1.5", "1e3", "0x1", "٣", "９", "9223372036854775808", "9" * 400, "null",
    "None", "NaN", "true", "[]", "[1]", "{}", "1,2", "1;2", "1%00", "%00", "__proto__",
    "constructor", "..", "%2e%2e", "a\udcffb", "' OR 1=1--", "1 ", "+1",
)  # fmt: skip
HOSTILE = (
    "'", '"', "''", "';--", "' OR '1'='1", "1;DROP TABLE x", "%", "%s", "%(x)s", "{0}", "x-{{7*7}}-x",
    "x-${7*7}-x", "x-#{7*7}-x", "x-<%= 7*7 %>-x", "{% raw %}", "\\", "\x00", "\x1b[31m", "\r\nSet-Cookie: a=b",
    "\u2028", "\ud800", "ＡＢ", "x" * 5000, "-" * 300, "*", "NEAR(", "a:*", '"unbalanced', "^", "-1", "0",
    "9" * 30, "1e309", "NaN", "[]", "{}", "null", "desc", "id", "password", "email", "-created_at",
    "thread__author__password", "../../etc/passwd", "file:///etc/passwd", "//evil.example",
    "javascript:alert(1)", "2026-13-45", "0000-00-00", "١٢٣", "\U0010ffff",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _pictures_are_shown(settings):
    """Of other sites: else nothing stands at their addresses."""
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, remote_images="proxy")


def test_nothing_is_reachable_that_is_not_written_down(web, cast):
    """SEC-070: handlers × methods as in the snapshot; TRACE, CONNECT and made-up ones nowhere."""
    assert {route.pattern for route in routes()} == set(SNAPSHOT)
    as_(web, cast, "admin")
    for pattern, address in addresses_of(cast).items():
        limits.made.forget()  # of all these forms the last would be too many in a minute
        limits.given.forget()
        reached = {
            method
            for method in METHODS
            if web.generic(method, address).status_code not in (404, 405, 501)
        }
        if pattern == "<path:path>" or "<str:token>" in pattern or "<slug:key>" in pattern:
            assert reached == set()  # nothing stands there, for any method
        else:
            assert reached == set(SNAPSHOT[pattern].split()), pattern


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("HTTP_X_HTTP_METHOD_OVERRIDE", "DELETE"), ("HTTP_X_HTTP_METHOD", "PUT"),
        ("HTTP_X_METHOD_OVERRIDE", "POST"), ("HTTP_X_ORIGINAL_URL", "/staff/access"),
        ("HTTP_X_REWRITE_URL", "/staff/access"),
    ],
)  # fmt: skip
def test_no_header_leads_to_another_handler(web, cast, header, value):
    """SEC-070."""
    assert web.get("/members", **{header: value}).text == web.get("/members").text
    assert web.get("/members?_method=DELETE").status_code == 200


@pytest.mark.parametrize(
    "door",
    ["//staff/access", "/./staff/access", "/x/../staff/access", "/staff//access", "/staff/access/",
     "/STAFF/access", "/staff/access;x", "/staff;x/access", 
     "/staff\\access", "/staff/access%00", "/staff/access%20", "/staff/access.json", "/members/",
     "/staff/access%2e", ],
)  # fmt: skip
def test_no_other_spelling_is_a_door(web, cast, door):
    """SEC-070: nobody gets in by another spelling, and nobody is refused what is not there."""
    assert web.get("/staff/access").status_code == 403
    assert web.get(door).status_code == 404
    assert as_(web, cast, "admin").get(door).status_code == 404


def test_who_spells_a_slash_otherwise_gains_nothing(web, cast):
    """SEC-070: the server hands over paths decoded; rights are the viewer's, never the path's.

    The proxy refuses such paths (docs/deploy/nginx.conf).
    """
    for door in ("/staff%2faccess", "/staff%2Faccess", "/%73taff%2Faccess"):
        assert web.get(door).status_code == web.get("/staff/access").status_code == 403


@pytest.mark.parametrize("odd", ODD_NUMBERS)
def test_a_number_that_is_none_is_not_there(web, cast, odd):
    """SEC-068: in every place of an address where a number stands."""
    as_(web, cast, "admin")
    spelled = quote(odd.encode("utf-8", "surrogateescape"), safe="%")
    for route in routes():
        if not route.converters or "path" in route.converters:
            continue
        for name, kind in route.converters.items():
            if kind == "ref" and re.match(r"[1-9][0-9]*\.", odd):
                continue  # a number, and words for the eye
            if (kind, odd) == ("part", "0") or kind == "words":
                continue
            parts = dict.fromkeys(route.converters, cast.barrier.pk) | {name: spelled}
            assert web.get(route.address(**parts)).status_code == 404, route.pattern


def test_no_value_of_any_parameter_breaks_a_page(web, indexed, cast, monkeypatch):
    """SEC-096, 097: refused or ignored, never an error, never worked out as a template."""
    as_(web, cast, "admin")
    asked = {}
    found = addresses_of(cast)
    for pattern, address in found.items():
        limits.made.forget()  # of all addresses the last would be too many in a minute
        with read_names(monkeypatch) as names:
            web.get(address)
            web.get(f"{address}?q=closed&board={cast.harbour.pk}&member=Quay")
        asked[pattern] = names - {"csrfmiddlewaretoken"}
    assert {"page", "older", "sort"} <= asked["boards/<ref:ref>"]
    assert len(asked["search"]) > 5
    for pattern, names in asked.items():
        for name in names:
            for words in HOSTILE:
                raw = quote(words.encode("utf-8", "surrogatepass"))
                answer = web.get(f"{found[pattern]}?{name}={raw}")
                assert answer.status_code in (200, 301, 302, 303, 404, 422), (pattern, name, words)
                assert "x-49-x" not in answer.text
                assert "Set-Cookie" not in answer.headers.get("Location", "")
                limits.made.forget()
                views.searches.forget()
                views.asked_while_typing.forget()


@contextmanager
def read_names(monkeypatch):
    """Collect the names of the query that are looked at meanwhile."""
    names = set()
    real = QueryDict.__getitem__

    def look(self, name):
        names.add(name)
        return real(self, name)

    with monkeypatch.context() as patch:
        patch.setattr(QueryDict, "__getitem__", look)
        yield names


@pytest.mark.parametrize(
    "field", ["email", "-password", "password", "last_login", "id", "author__email"]
)
def test_no_list_is_ordered_by_what_is_hidden(web, indexed, cast, field):
    """SEC-053."""
    for address in ("/members", f"/boards/{cast.harbour.pk}", "/whats-new", "/search?q=closed"):
        joined = "&" if "?" in address else "?"
        answer = web.get(f"{address}{joined}sort={quote(field)}")
        told = re.sub(r'next=[^"]*"', "", answer.text)
        assert answer.status_code == 404 or told == re.sub(
            r'next=[^"]*"', "", web.get(address).text
        )


# What may stand in each place of an address: nothing need be there, for no handler looks.
SOME = {
    "id": 1, "ref": "1.x", "part": 0, "words": "R1", "file": "0" * 32, "slug": "a-key",
    "str": "a-token", "path": "old/address.1",
}  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("pattern", list(SNAPSHOT))
def test_a_fault_in_any_handler_says_nothing_of_the_inside(
    web, db, pattern, method, monkeypatch, caplog
):
    """SEC-116: a generic page with a number, rolled back, in the log with that number."""
    if method not in SNAPSHOT[pattern].split():
        method = "HEAD"
    target = next(entry for entry in _patterns() if entry[0] == pattern)[1]
    route = next(route for route in routes() if route.pattern == pattern)
    boards = Board.objects.count()

    def fail(request, *args, **kwargs):
        with transaction.atomic():
            Board.objects.create(title="half done", position=9)
            raise RuntimeError("the secret inside")

    fail.csrf_exempt = True
    monkeypatch.setattr(target, "callback", fail)
    web.raise_request_exception = False
    logs.request_id.set("abc-1")
    with caplog.at_level(logging.ERROR):
        answer = web.generic(method, route.address(**{
            name: SOME[kind] for name, kind in route.converters.items()
        }))  # fmt: skip
    assert answer.status_code == 500
    for inside in ("secret", "RuntimeError", "Traceback", "rostra/"):
        assert inside not in answer.text
    if method != "HEAD":
        assert "abc-1" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "the secret inside" in caplog.text
    assert Board.objects.count() == boards


def _patterns():
    from django.urls import URLResolver, get_resolver

    def below(resolver, prefix):
        for entry in resolver.url_patterns:
            found = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from below(entry, found)
            else:
                yield found, entry

    return below(get_resolver(), "")


@pytest.mark.parametrize("who", [None, "quay", "admin"])
def test_no_page_stands_in_a_foreign_frame(web, cast, who):
    """SEC-031: whatever the answer, also errors."""
    as_(web, cast, who)
    for address in [*addresses_of(cast).values(), "/nope", "/staff/nope", "/boards/0"]:
        headers = web.get(address).headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"], address
        assert headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "forged",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_X_HOST": "evil.example"}, {"HTTP_X_FORWARDED_SERVER": "evil.example"},
        {"HTTP_X_FORWARDED_PROTO": "https"}, {"SERVER_NAME": "evil.example"},
        {"HTTP_X_FORWARDED_PORT": "1"}, {"HTTP_X_ORIGINAL_HOST": "evil.example"},
    ],
)  # fmt: skip
def test_every_address_is_made_of_the_configured_one(web, cast, forged):
    """SEC-074: canonical, feed, sitemap, robots, redirects; not of what a request claims."""
    for address in (
        thread_address(cast), "/", f"/threads/{cast.barrier.pk}/feed.atom", "/sitemap.xml",
        "/sitemap-0.xml", "/robots.txt", f"/posts/{cast.barrier.posts.first().pk}", "/account/login",
    ):  # fmt: skip
        answer = web.get(address, **forged)
        told = answer.text + str(answer.headers)
        assert "evil.example" not in told
        assert "https://localhost" not in told
        assert "localhost:1/" not in told


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost:8000.evil.example", "evil.example:8000", "localhost:8000@evil.example",
     "localhost:8000/../", "localhost:8000 ", "", "localhost:8000\u3002evil", "[::1]", "%6cocalhost",
     "localhost:8000,evil.example"],
)  # fmt: skip
def test_an_unknown_host_gets_nothing(web, cast, host):
    """SEC-074: neither a page nor a redirect."""
    answer = web.get("/", HTTP_HOST=host, HTTP_X_FORWARDED_HOST="localhost:8000")
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "found"),
    [
        ("", OUTSIDE, "6.6.6.6", OUTSIDE),
        ("", "127.0.0.1", "6.6.6.6", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", OUTSIDE, OUTSIDE),
        ("127.0.0.1", "127.0.0.1", f"6.6.6.6, {OUTSIDE}", OUTSIDE),
        ("127.0.0.1", OUTSIDE, "127.0.0.1", OUTSIDE),
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", f"6.6.6.6, {OUTSIDE}, 10.1.2.3", OUTSIDE),
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", f"{OUTSIDE}, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("10.0.0.0/8", "10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("127.0.0.1", "127.0.0.1", "not an address", "not an address"),
        ("127.0.0.1", "127.0.0.1", "2001:db8::7", "2001:db8::7"),
    ],
)  # fmt: skip
def test_the_address_is_what_our_proxies_say(rf, settings, proxies, remote, forwarded, found):
    """SEC-082: right to left, past configured proxies alone; other headers say nothing."""
    from dataclasses import replace

    from rostra.web import client

    settings.ROSTRA = replace(settings.ROSTRA, trusted_proxies=proxies)
    client._proxies.cache_clear()
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = rf.get(
        "/", REMOTE_ADDR=remote, HTTP_X_REAL_IP="9.9.9.9", HTTP_FORWARDED="for=9.9.9.9", **more
    )
    try:
        assert client_address(request) == found
    finally:
        client._proxies.cache_clear()


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.git/HEAD", "/.env", "/.htaccess", "/rostra.toml", "/var/rostra.sqlite3",
     "/rostra.sqlite3", "/backups/", "/secret", "/debug", "/admin", "/admin/", "/metrics", "/health",
     "/docs", "/redoc", "/openapi.json", "/api/schema", "/static/", "/static", "/server-status",
     "/phpinfo.php", "/wp-login.php", "/static/app.css.map", "/static/.gitignore", "/console",
     "/__debug__/", "/swagger.json", "/static/manifest.json.bak"],
)  # fmt: skip
def test_nothing_of_the_inside_is_served(door, path):
    """SEC-114: through the whole door, static files and health included."""
    assert _door(path)[0].startswith("404")
    assert _door(path, "TRACE")[0][:3] in ("404", "405")


@pytest.mark.parametrize(
    "path",
    ["/static/../settings.py", "/static/..%2fsettings.py", "/static/%2e%2e/x", "/static/..\\x",
     "/static/....//x", "/static//etc/passwd", "/static/\x00", "/static/a\x00.css", "/static/%00",
     "/static/../../../../../../etc/passwd", "/static/./../web/urls.py", "/static/\\..\\x"],
)  # fmt: skip
def test_static_files_are_those_we_built(door, path):
    """SEC-115."""
    status, _, body = _door(path)
    assert status[:3] in ("404", "301")
    assert b"root:" not in body
    assert b"import" not in body


def test_a_range_is_answered_once(door):
    """SEC-106: ten thousand ranges are one answer, not ten thousand."""
    from rostra.web import assets

    name = next(p.name for p in assets.BUILT.iterdir() if p.suffix == ".css")
    whole = len(_door(f"/static/{name}")[2])
    ranges = ",".join(f"{n}-{n}" for n in range(10_000))
    for wanted in (f"bytes={ranges}", "bytes=0-,0-,0-", "bytes=5-2", "bytes=-0", "bytes=x"):
        status, _, body = _door(f"/static/{name}", HTTP_RANGE=wanted)
        assert status[:3] in ("200", "206", "416"), wanted
        assert len(body) <= whole + 200


def _door(path, method="GET", **headers):
    """Ask the whole application as the server would."""
    import io

    from rostra.project.wsgi import application

    said = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000", "HTTP_HOST": "localhost:8000", "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        **headers,
    }  # fmt: skip
    answer = application(environ, lambda *words: said.append(words))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return said[0][0], dict(said[0][1]), body


def test_who_asks_too_often_is_told_when_to_go_on(web, cast, monkeypatch):
    """SEC-109, ABU-001: by address, by /64, by member; nobody for another, kept pages for free."""
    monkeypatch.setattr(limits, "made", limits.Limit(10))
    for _ in range(10):
        assert web.get("/members", REMOTE_ADDR=OUTSIDE).status_code == 200
    answer = web.get("/members", REMOTE_ADDR=OUTSIDE, HTTP_ACCEPT_LANGUAGE="ar")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "يمكنك المتابعة" in answer.text
    assert web.get("/members", REMOTE_ADDR="198.51.100.8").status_code == 200
    for n in range(10):
        assert web.get("/members", REMOTE_ADDR=f"2001:db8::{n}").status_code == 200
    assert web.get("/members", REMOTE_ADDR="2001:db8::ffff:1").status_code == 429
    assert web.get("/members", REMOTE_ADDR="2001:db8:0:1::1").status_code == 200
    for _ in range(30):
        assert web.get("/members", REMOTE_ADDR="127.0.0.1").status_code == 200
    member = as_(Client(HTTP_HOST="localhost:8000"), cast, "quay")
    for n in range(10):
        assert member.get("/members", REMOTE_ADDR=f"198.51.100.{n + 20}").status_code == 200
    assert member.get("/members", REMOTE_ADDR="198.51.100.50").status_code == 429


def test_staff_learn_that_a_proxy_was_not_made_known(web, cast):
    as_(web, cast, "admin")
    words = "Set trusted_proxies"
    assert words not in web.get("/staff/access").text
    assert words in web.get("/staff/access", HTTP_X_FORWARDED_FOR=OUTSIDE).text


@pytest.mark.parametrize(
    ("address", "near", "short"),
    [
        ("127.0.0.1", True, "127.0.0.0/24"), ("10.9.8.7", True, "10.9.8.0/24"), ("::1", True, "::/48"),
        ("172.31.0.1", True, "172.31.0.0/24"), ("fe80::1", True, "fe80::/48"), ("", True, ""),
        ("::ffff:192.168.1.1", True, "::/48"), (OUTSIDE, False, "198.51.100.0/24"),
        ("2001:db8:1:2::3", False, "2001:db8:1::/48"), ("172.32.0.1", False, "172.32.0.0/24"),
        ("::ffff:198.51.100.7", False, "::/48"), ("x", True, ""),
    ],
)  # fmt: skip
def test_addresses_near_and_short(address, near, short):
    """PRV-004: a log has the network alone."""
    assert is_near(address) is near
    assert shortened(address) == short


@pytest.mark.parametrize(
    ("path", "in_the_log"),
    [
        ("/threads/12.who-said-what/page-3", "/threads/12/page-3"),
        ("/setup/abc", "/setup/…"),
        ("/setup/a\nb", "/setup/…"),
        ("/account/login", "/account/login"),
        ("/account/password/reset/key/1-abc", "/account/…"),
        ("/x/" + "k" * 43, "/x/…"),
        ("/a\r\nb\x1b[2J\u2028c\x85d", "/a\\r\\nb\\x1b[2J\\u2028c\\x85d"),
        ("/" + "é " * 500, ("/" + "é " * 500)[:200]),
    ],
)
def test_what_a_log_may_hold_of_a_path(path, in_the_log):
    """SEC-112."""
    assert shown(path) == in_the_log


def test_every_route_with_a_secret_hides_it():
    """SEC-112: whatever stands in an address and is neither a number nor a slug."""
    secret = "aB3-dE_6.gH9"
    for route in routes():
        if set(route.converters.values()) <= {"ref", "id", "part", "path", "words", "file"}:
            continue  # the key of a file opens nothing to who may not see it
        address = route.address(**dict.fromkeys(route.converters, secret))
        assert "dE_6" not in shown(address), route.pattern


def test_a_line_is_one_line_in_both_formats():
    """SEC-112."""
    import json

    record = logging.makeLogRecord(
        {"name": "x", "levelname": "ERROR", "msg": "a\nb\x1b[1m", "extra": 1, "seen": "c\nd"}
    )
    assert logs.TextFormatter().format(record).endswith(
        "ERROR x: a\\nb\\x1b[1m extra=1 seen=c\\nd"
    ) or ("\n" not in logs.TextFormatter().format(record))
    found = json.loads(logs.JsonFormatter().format(record))
    assert (found["message"], found["seen"]) == ("a\nb\x1b[1m", "c\nd")
    assert "\n" not in logs.JsonFormatter().format(record)


def test_where_nothing_can_answer_something_does(caplog):
    """SEC-116: fail closed, with a number, in the reader's language."""

    def broken(environ, start_response):
        raise RuntimeError("the secret inside")

    said = []
    door = Logged(broken, "none", None, lambda: False)
    body = b"".join(
        door(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_ACCEPT_LANGUAGE": "ar"},
            lambda status, headers, *rest: said.append((status, dict(headers))),
        )
    ).decode()
    assert said[0][0].startswith("500")
    assert said[0][1]["X-Request-ID"] in body
    assert 'dir="rtl"' in body
    assert "secret" not in body
    assert "the secret inside" in caplog.text
