"""Every address, every state, every role (SEC-046, 049, 053 to 055): see matrix.py."""

from __future__ import annotations

import gzip
import os
import re
from html import unescape

import pytest
from django.db import connection

from rostra.effects.search.actions import catch_up
from rostra.forum.access.queries import viewer_for
from rostra.forum.members.queries import account_for
from rostra.reading.own_data import own_data
from rostra.web import limits
from rostra.web.search import views
from tests.web.asking import asked_for, sign_in
from tests.web.matrix import ALL, build
from tests.web.routes import routes

# Who is asked by day: who sees least, of pages made and pages kept, a member, who was put out of a
# private board, who wrote what others may not see, who decides in some places only, who everywhere.
# PostgreSQL is asked for four of them, and for guests instead of what is kept.
BY_DAY = ("kept", "member", "ex_club", "author", "other_mod", "mod")
OF_BOTH = ("guest", "ex_club", "author", "other_mod")
NIGHTLY = "NIGHTLY" in os.environ


def roles():
    chosen = OF_BOTH if connection.vendor == "postgresql" else BY_DAY
    for role in sorted(ALL):
        yield pytest.param(role, marks=[] if role in chosen else pytest.mark.nightly)


def asked(matrix, role):
    """Return the addresses to ask: all; by day on PostgreSQL every second, other ones each role.

    What the program decides is the same on both, and SQLite is asked for all of it.
    """
    addresses = [*matrix.addresses, *asked_for(matrix, role)]
    if NIGHTLY or connection.vendor != "postgresql":
        return addresses
    return addresses[OF_BOTH.index(role) % 2 :: 2]


@pytest.mark.parametrize("role", list(roles()))
def test_nobody_meets_what_is_not_for_them(client, cast, role, request):
    matrix = build(cast)
    catch_up()
    read = reader(client, matrix, role, request)
    asserted = 0
    met: dict[str, set[str]] = {}
    for address in asked(matrix, role):
        status, told = read(address)
        assert status in (200, 301, 302, 303, 307, 403, 404, 405, 422), (status, address)
        words = set(
            re.findall(
                r"(?:in|board|thread|post|edited|moved|talk|sanction|warned|staffnote|noticed)[a-z]+",
                told,
            )
        )
        for canary in matrix.canaries:
            asserted += 1
            if canary.word in words:
                met.setdefault(canary.word, set()).add(address)
                # Their own words, never a title, are what members take along (SEC-058).
                is_own = address == "/account/data" and role == "author" and "words" in canary.word
                assert role in canary.who or is_own, f"{role} meets {canary.word} at {address}"
    own = {canary.at: followed(read, canary.at) for canary in matrix.canaries if canary.at}
    for canary in matrix.canaries:
        if canary.at and role in canary.who:
            pages = own[canary.at]
            assert canary.word in pages, f"{role} does not meet {canary.word} at {canary.at}"
            asserted += 1
    assert asserted > 2_000


# What a page says of its own address, and the token of its forms.
_OWN = re.compile(r'next=[^"]*"|name="(?:next|csrfmiddlewaretoken)" value="[^"]*"')
PAGES = ("/", "/moderation-log", "/staff/cases")  # that are there, whatever stands on them


def own_archive(member):
    """Return everything that the archive of a member's own data would hold."""
    return str(list(own_data(viewer_for(account_for(member.pk)))))


def _words_in(body):
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()


def forget_limits():
    for limit in (limits.made, limits.given, views.searches, views.asked_while_typing):
        limit.forget()


def followed(read, address):
    """Return what stands at an address and at the one it leads to, and on the next page."""
    told = read(address)[1]
    led = re.search(r"'location': '([^']+)'", told, re.IGNORECASE)
    return told + (read(led[1])[1] if led else "") + read(address + "/page-2")[1]


def reader(client, matrix, role, request):
    """Return what asks for an address as this role: its status, and all that it tells."""
    if role == "kept":
        door = request.getfixturevalue("door")

        def read_twice(address):
            forget_limits()
            made, kept = door.get(address), door.get(address)
            told = [unescape(_words_in(a.body)) + str(a.headers) for a in (made, kept)]
            return made.status, "\n".join(told)

        return read_twice
    sign_in(client, matrix.roles[role])

    def read(address):
        forget_limits()
        answer = client.get(address)
        told = unescape(_words_in(answer.getvalue())) + str(answer.headers)
        if address == "/account/data" and answer.status_code == 200:
            told += own_archive(matrix.roles[role])
        return answer.status_code, told

    return read


def test_the_table_covers_every_route(client, cast):
    """A new route is in the table before it is in the forum."""
    from django.urls import resolve

    matrix = build(cast)
    visited = {
        resolve(address.partition("?")[0]).route
        for address in [*matrix.addresses, *asked_for(matrix, "guest")]
    }
    assert {route.pattern for route in routes()} == visited


@pytest.mark.parametrize("role", ["guest", "ex_club", "other_mod"])
def test_what_is_hidden_and_what_is_not_there_answer_alike(client, cast, role):
    """SEC-054: status, headers and size tell nothing; lists do not count it either."""
    matrix = build(cast)
    catch_up()
    sign_in(client, matrix.roles[role])
    for canary in matrix.canaries:
        if canary.at is None or role in canary.who or canary.at in PAGES:
            continue
        forget_limits()
        number = re.search(r"\d+", canary.at).group()
        if client.get(canary.at).status_code != 404:
            continue  # a word that is hidden within a page that is not
        answers = [client.get(path) for path in (canary.at, canary.at.replace(number, "987654"))]
        assert [a.status_code for a in answers] == [404, 404]
        told = [_OWN.sub("", a.text).replace(number, "987654") for a in answers]
        assert told[0] == told[1]
        for answer in answers:  # the page repeats its address: it is as long as that, and no longer
            del answer.headers["Content-Length"]
        assert str(answers[0].headers) == str(answers[1].headers)
    found = client.get("/search?q=one").text
    assert "instaff" not in found
