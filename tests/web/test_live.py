"""The poll of open pages: what is new, for whose eyes, and what a closed session hears."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.db import DatabaseError

from rostra.forum.members.actions import set_bells
from rostra.forum.members.models import Session
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import move_thread
from rostra.web import live
from tests.web.visits import as_

REASON = "It belongs into another board."


@pytest.fixture
def poll(web):
    """Return what asks as the browser of this client would: status, answer."""

    def inside(environ, start_response):
        raise AssertionError("asked Django")

    def ask(query="", method="GET"):
        said = []
        cookie = web.cookies.get(settings.SESSION_COOKIE_NAME)
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": "/live", "QUERY_STRING": query,
            "HTTP_COOKIE": "a=b; " + (cookie.OutputString() if cookie else ""),
        }  # fmt: skip
        body = b"".join(live.LivePoll(inside)(environ, lambda *of: said.append(of)))
        ((status, headers),) = said
        assert ("Cache-Control", "private, no-store") in headers
        assert not any(name == "Set-Cookie" for name, _ in headers)
        return int(status[:3]), json.loads(body) if body else None

    return ask


def test_a_guest_hears_of_new_posts_and_nothing_else(poll, cast):
    thread = cast.barrier.pk
    assert poll(f"thread={thread}&after=3") == (200, {})
    post_reply(cast.view(cast.hill), thread, "More.")
    assert poll(f"thread={thread}&after=3") == (200, {"last": 4})
    assert poll("") == (200, {})


def test_a_member_hears_what_stands_beside_their_bell(web, poll, cast):
    as_(web, cast, "hill")
    assert poll() == (200, {"bell": 0, "envelope": 0})
    set_bells({cast.hill.pk: 7})
    assert poll(f"thread={cast.barrier.pk}&after=2") == (200, {"bell": 7, "envelope": 0, "last": 3})


@pytest.mark.parametrize("who", [None, "hill", "mod"])
def test_what_one_may_not_read_is_told_to_nobody(web, poll, cast, who):
    """SEC-059: numbers are guessed in vain."""
    as_(web, cast, who)
    _, found = poll(f"thread={cast.secret.pk}&after=0")
    assert ("last" in found) == (who == "mod")
    _, nowhere = poll(f"thread={10**9}&after=0")
    assert "last" not in nowhere


@pytest.mark.parametrize("how", ["ended", "inactive", "password"])
def test_a_closed_session_hears_nothing(web, poll, cast, how):
    """SEC-029, SEC-059: from the very next question on."""
    as_(web, cast, "mod")
    set_bells({cast.mod.pk: 7})
    assert poll(f"thread={cast.secret.pk}&after=0") == (200, {"bell": 7, "envelope": 0, "last": 1})
    if how == "ended":
        Session.objects.filter(member=cast.mod).delete()
    elif how == "inactive":
        cast.mod.is_active = False
        cast.mod.save()
    else:
        cast.mod.set_password("another open water")
        cast.mod.save()
    assert poll(f"thread={cast.secret.pk}&after=0") == (200, {})


def test_a_board_that_closes_is_closed_to_the_poll(web, poll, cast):
    """SEC-029: loss of the board, while the page is open."""
    as_(web, cast, "hill")
    query = f"thread={cast.barrier.pk}&after=0"
    assert poll(query)[1]["last"] == 3
    move_thread(cast.view(cast.mod), cast.barrier.pk, cast.staff_room.pk, reason=REASON)
    assert poll(query) == (200, {"bell": 0, "envelope": 0})


@pytest.mark.parametrize(
    "query",
    [
        "thread=x",
        "thread=-1",
        "after",
        "thread=1&more=2",
        "thread=" + "9" * 30,
        "x" * 200,
        "thread=",
    ],
)
def test_a_question_that_is_none_of_ours_is_refused(poll, cast, query):
    assert poll(query) == (400, None)


def test_only_reading_is_answered(poll, cast):
    assert poll("", "POST") == (405, None)
    assert poll("", "HEAD") == (200, None)


def test_a_database_that_is_away_is_said(poll, cast, monkeypatch):
    def away(*args):
        raise DatabaseError

    monkeypatch.setattr(live, "thread_for", away)
    assert poll("thread=1&after=0") == (503, None)


def test_pages_say_what_they_know(web, cast):
    page = web.get(f"/threads/{cast.barrier.pk}.flood-barrier").text
    assert f'data-thread="{cast.barrier.pk}" data-after="3"' in page
    assert "rostra-live" not in web.get("/").text  # guests have no bell
    assert "rostra-live" in as_(web, cast, "hill").get("/").text
