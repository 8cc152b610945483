"""Guests' pages kept whole: never another's, never older than the last change."""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.conf import settings
from django.http import QueryDict

from rostra.forum.access.actions import set_access
from rostra.forum.boards.actions import create_board
from rostra.forum.choices.actions import Wish, choose
from rostra.forum.members.models import Member
from rostra.forum.threads.actions.posts import (
    edit_post,
    post_reply,
    remove_post,
    restore_post,
    withdraw_post,
)
from rostra.forum.threads.actions.threads import lock_thread, move_thread, pin_thread, start_thread
from rostra.forum.threads.models import Post
from rostra.web.kept_pages import coding_wanted
from tests.cast import WHY
from tests.web.door import Door
from tests.web.visits import as_, screens, thread_address


def test_a_page_asked_for_twice_is_made_once(door, cast):
    first, second = door.get(thread_address(cast)), door.get(thread_address(cast))
    assert (first.status, second.status, door.entered) == (200, 200, 1)
    assert second.body == first.body
    assert "Flood barrier" in second.body.decode()


@pytest.mark.parametrize("name", ["front", "board", "thread", "whats_new"])
def test_the_pages_guests_read_are_kept_with_their_headers(door, cast, name):
    """SEC-113: what is kept has the headers of the page and no cookie."""
    first, second = (door.get(screens(cast)[name]) for _ in range(2))
    assert door.entered == 1
    assert second.headers == first.headers
    assert "content-security-policy" in second.headers
    assert "set-cookie" not in second.headers
    assert second.headers["cache-control"] == "no-cache"
    assert int(second.headers["content-length"]) == len(second.body)


@pytest.mark.parametrize("ending", [{}, {"HTTP_ACCEPT_ENCODING": "br"}, {"HTTP_IF_NONE_MATCH": ""}])
def test_a_connection_ends_with_its_page_while_the_worker_does(door, cast, ending):
    """REL-028: and what was kept while it did says so no more when it does not."""
    first = door.get(thread_address(cast))
    if "HTTP_IF_NONE_MATCH" in ending:
        ending = {"HTTP_IF_NONE_MATCH": first.headers["etag"]}
    door.pages.is_last = lambda: True
    assert door.get(thread_address(cast), **ending).headers["connection"] == "close"
    door.get("/")
    door.pages.is_last = lambda: False
    assert "connection" not in door.get("/").headers
    assert "connection" not in door.get(thread_address(cast), **ending).headers


CHANGES = {
    "another name": lambda c: choose(
        c.view(c.admin), {"site_name": Wish("Quay talk", "Rostra")}, reason=WHY
    ),
    "another colour": lambda c: choose(
        c.view(c.admin), {"accent": Wish("#0a7f3f", "")}, reason=WHY
    ),
    "a reply": lambda c: post_reply(c.view(c.hill), c.barrier.pk, "Something new"),
    "an edit": lambda c: edit_post(c.view(c.quay), _post(c).pk, "Words altered"),
    "a foreign edit": lambda c: edit_post(c.view(c.mod), _post(c).pk, "Words altered", reason=WHY),
    "a removal": lambda c: remove_post(c.view(c.mod), _post(c).pk, WHY),
    "a withdrawal": lambda c: withdraw_post(c.view(c.quay), _post(c).pk),
    "a lock": lambda c: lock_thread(c.view(c.mod), c.barrier.pk, locked=True, reason=WHY),
    "a pin": lambda c: pin_thread(c.view(c.mod), c.barrier.pk, pinned=True, reason=WHY),
    "a move": lambda c: move_thread(c.view(c.mod), c.barrier.pk, c.region.pk, reason=WHY),
    "a closed board": lambda c: set_access(
        c.view(c.admin), c.harbour.pk, {c.groups.members: {"see", "read"}}, reason=WHY
    ),
    "a thread in hiding": lambda c: move_thread(
        c.view(c.admin), c.barrier.pk, c.staff_room.pk, reason=WHY
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_change_is_slept_through(door, indexed, cast, change):
    """SEC-052, SEC-113: the very next answer is the one Django would give."""
    addresses = [*screens(cast).values(), f"/boards/{cast.harbour.pk}/feed.atom"]
    for address in addresses:
        door.get(address)
    CHANGES[change](cast)
    fresh = Door()
    for address in addresses:
        answer, true = door.get(address), fresh.get(address)
        assert (answer.status, answer.body) == (true.status, true.body), address


def test_a_restored_post_is_back_at_once(door, cast):
    post = _post(cast)
    remove_post(cast.view(cast.mod), post.pk, WHY)
    without = door.get(thread_address(cast)).body
    restore_post(cast.view(cast.mod), post.pk, WHY)
    assert len(door.get(thread_address(cast)).body) != len(without)


def test_a_title_gone_private_leaves_the_pages_that_refer_to_it(door, cast):
    """SEC-052, SEC-056: titles of elsewhere stand on a page; they go with the first act."""
    other = start_thread(cast.view(cast.quay), cast.region.pk, "Secret to be", "An opening post.")
    link = f"{settings.ROSTRA.base_url}/threads/{other.pk}"
    post_reply(cast.view(cast.hill), cast.barrier.pk, f"See {link} there")
    assert "Secret to be" in door.get(thread_address(cast)).body.decode()
    move_thread(cast.view(cast.admin), other.pk, cast.staff_room.pk, reason=WHY)
    assert "Secret to be" not in door.get(thread_address(cast)).body.decode()


def test_a_new_board_stands_on_the_front_page_at_once(door, cast):
    door.get("/")
    board = create_board("Weather", parent_id=None)
    set_access(cast.view(cast.admin), board.pk, {cast.groups.everyone: {"see", "read"}}, reason=WHY)
    assert "Weather" in door.get("/").body.decode()


def test_a_member_never_gets_a_guests_page_nor_a_guest_a_members(door, cast, web):
    """SEC-113: a request with a session goes past what is kept, and leaves nothing there."""
    as_(web, cast, "quay")
    cookie = f"{settings.SESSION_COOKIE_NAME}={web.cookies[settings.SESSION_COOKIE_NAME].value}"
    address = thread_address(cast)
    mine = [door.get(address, HTTP_COOKIE=cookie) for _ in range(2)]
    assert door.entered == 2
    assert all("/account/logout" in answer.body.decode() for answer in mine)
    assert all("no-store" in answer.headers["cache-control"] for answer in mine)
    guest = door.get(address)
    assert "/account/logout" not in guest.body.decode()
    assert "/account/logout" in door.get(address, HTTP_COOKIE=cookie).body.decode()


def test_each_language_has_its_own_page(door, cast):
    english = door.get("/", HTTP_ACCEPT_LANGUAGE="en")
    arabic = door.get("/", HTTP_ACCEPT_LANGUAGE="ar, en;q=0.5")
    assert '<html lang="en"' in english.body.decode()
    assert '<html lang="ar" dir="rtl"' in arabic.body.decode()
    assert door.get("/", HTTP_ACCEPT_LANGUAGE="en").body == english.body
    assert "Accept-Language" in arabic.headers["vary"]


UNKEYED = {
    "another host": {"HTTP_HOST": "evil.example"},
    "a host without its port": {"HTTP_HOST": "localhost"},
    "a method of writing": {"method": "POST"},
    "the address of the machine": {"HTTP_HOST": "127.0.0.1:8000"},
}


@pytest.mark.parametrize("case", UNKEYED)
def test_what_is_not_in_the_key_is_not_answered_from_it(door, cast, case):
    """SEC-113: no unkeyed header, host or method meets a kept page."""
    kept = door.get("/")
    door.get("/", **UNKEYED[case])
    assert door.entered == 2
    assert door.get("/").body == kept.body


@pytest.mark.parametrize(
    "header",
    ["HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL",
     "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_REQUESTED_WITH", "HTTP_RANGE", "HTTP_REFERER"],
)  # fmt: skip
def test_headers_that_mean_nothing_poison_nothing(door, cast, header):
    """SEC-113: the first asker's headers leave no trace in what the next one gets."""
    poisoned = door.get("/", **{header: "evil.example/canary"})
    assert b"canary" not in poisoned.body
    assert door.get("/").body == Door().get("/").body


@pytest.mark.parametrize(
    "address",
    ["/?utm=1", "/whats-new?page=100", "/boards/1?page=0", "/settings/x.css", "/threads/1;.js",
     "/nope", "/moderation-log", "/members", "/account/login", "//", "/threads/999999"],
)  # fmt: skip
def test_what_is_endless_personal_or_not_there_is_not_kept(door, cast, address):
    """SEC-113: neither parameters without end nor errors fill the memory."""
    door.get(address)
    door.get(address)
    assert door.entered == 2
    assert door.pages.pages.size == 0


def test_a_browser_that_has_the_page_is_told_so(door, cast):
    address = thread_address(cast)
    first = door.get(address)
    again = door.get(address, HTTP_IF_NONE_MATCH=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    post_reply(cast.view(cast.hill), cast.barrier.pk, "Something new")
    changed = door.get(address, HTTP_IF_NONE_MATCH=first.headers["etag"])
    assert changed.status == 200
    assert changed.headers["etag"] != first.headers["etag"]


def test_a_head_is_answered_like_a_get_without_the_body(door, cast):
    head, get = door.get("/", method="HEAD"), door.get("/")
    assert (head.body, door.entered) == (b"", 1)
    assert head.headers == get.headers


def test_bodies_are_compressed_as_the_browser_can(door, cast):
    plain = door.get("/").body
    small, smaller = (
        door.get("/", HTTP_ACCEPT_ENCODING=c) for c in ("gzip", "gzip, deflate, br, zstd")
    )
    assert gzip.decompress(small.body) == plain
    assert brotli.decompress(smaller.body) == plain
    assert (small.headers["content-encoding"], smaller.headers["content-encoding"]) == (
        "gzip",
        "br",
    )
    assert "Accept-Encoding" in smaller.headers["vary"]
    assert door.get("/").body == plain


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("", ""), ("identity", ""), ("gzip", "gzip"), ("br;q=1.0, gzip;q=0.8", "br"),
     ("br;q=0, gzip", "gzip"), ("gzip;q=0", ""), ("brotli", ""), ("*", "")],
)  # fmt: skip
def test_the_coding_is_one_that_was_asked_for(accepted, coding):
    assert coding_wanted(accepted) == coding


def test_what_no_version_covers_is_out_of_date_for_a_minute_at_most(door, cast, monkeypatch):
    from rostra.web import kept_pages

    door.get(thread_address(cast))
    Member.objects.filter(pk=cast.quay.pk).update(title="Harbour pilot")
    assert "Harbour pilot" not in door.get(thread_address(cast)).body.decode()
    now = kept_pages.time.monotonic()
    monkeypatch.setattr(kept_pages.time, "monotonic", lambda: now + kept_pages.LIFETIME)
    assert "Harbour pilot" in door.get(thread_address(cast)).body.decode()


def test_memory_has_an_end(door, cast):
    door = Door(capacity=60_000)
    for number in range(20):
        thread = start_thread(cast.view(cast.quay), cast.harbour.pk, f"Thread {number}", "Words.")
        door.get(f"/threads/{thread.pk}.thread-{number}")
    assert 0 < door.pages.pages.size <= 60_000


def _post(cast):
    return Post.objects.get(thread=cast.barrier, number=1)


@pytest.mark.parametrize("word", ["viewer", "user", "COOKIES", "META", "session"])
def test_a_frame_cannot_be_made_of_who_asks(word):
    """SEC-113: what is kept for all who see the same has no way to the one who asked first."""
    from rostra.web.frames import Asked

    assert not hasattr(Asked("/", QueryDict()), word)
