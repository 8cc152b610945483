"""Reading as a member: marks, watching, bookmarks, whom one follows and ignores."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from rostra.forum.bookmarks.actions import MOST, keep_post
from rostra.forum.bookmarks.models import Bookmark
from rostra.forum.bookmarks.queries import bookmark_for
from rostra.forum.claims.actions.making import make_claim
from rostra.forum.members.models import Member, Tie
from rostra.forum.members.ties import set_tie
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import move_thread
from rostra.forum.threads.models import BoardMark, Post, ThreadMark
from rostra.web.threads import views
from tests.web.visits import as_, screens, thread_address

REASON = "It belongs into another board."


def mark_of(member):
    return ThreadMark.objects.filter(member=member).values_list("number", flat=True).first()


def test_a_page_that_was_shown_is_read(web, cast):
    as_(web, cast, "hill")
    assert 'class="tag new"' in web.get("/whats-new").text
    assert 'class="tag new"' in web.get(screens(cast)["board"]).text
    web.get(thread_address(cast))
    assert mark_of(cast.hill) == 3
    assert 'class="tag new"' not in web.get("/whats-new").text
    assert 'class="tag new"' not in web.get(screens(cast)["board"]).text


def test_a_guest_sees_no_mark_and_leaves_none(web, cast):
    web.get(thread_address(cast))
    assert 'class="tag new"' not in web.get("/whats-new").text
    assert not ThreadMark.objects.exists()
    there = web.get(f"/threads/{cast.barrier.pk}/unread")
    assert there.status_code == 302
    assert there.headers["Location"] == thread_address(cast)


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Purpose": "prefetch"}, {"Sec-Fetch-Dest": "image"}, {"Sec-Fetch-Dest": "iframe"}],
)
def test_what_nobody_looks_at_is_not_read(web, cast, headers):
    as_(web, cast, "hill").get(thread_address(cast), headers=headers)
    web.head(thread_address(cast))
    assert mark_of(cast.hill) is None


def test_a_page_is_read_even_where_nothing_can_be_noted(web, cast, monkeypatch):
    def full(*args):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(views, "note_read", full)
    assert as_(web, cast, "hill").get(thread_address(cast)).status_code == 200


def test_new_posts_are_marked_where_they_begin(web, cast):
    as_(web, cast, "hill")
    assert "new-from" not in web.get(thread_address(cast)).text  # all of it is
    post_reply(cast.view(cast.quay), cast.barrier.pk, "Fresh words.")
    page = web.get(thread_address(cast)).text
    assert page.count("new-from") == 1
    assert page.index("Post 3.") < page.index("new-from") < page.index("Fresh words.")
    assert "new-from" not in web.get(thread_address(cast)).text


def test_the_way_to_the_first_unread_post(web, cast):
    for number in range(4, 30):
        post_reply(cast.view(cast.quay), cast.barrier.pk, f"Post {number}.")
    as_(web, cast, "hill").get(thread_address(cast))
    there = web.get(f"/threads/{cast.barrier.pk}/unread")
    assert there.headers["Location"] == f"{thread_address(cast, 2)}#post-21"


def test_a_board_and_everything_called_read(web, cast):
    as_(web, cast, "hill")
    board = screens(cast)["board"]
    until = re.search(r'name="until" value="(\d+)"', web.get(board).text)[1]
    late = str(int(until) + 2)
    assert web.post("/whats-new/read", {"board": cast.harbour.pk, "until": late}).status_code == 303
    assert BoardMark.objects.get(member=cast.hill).read_before <= timezone.now()
    assert 'class="tag new"' not in web.get(board).text
    assert "Mark all read" not in web.get("/whats-new?show=unread").text
    web.post("/whats-new/read", {"board": "", "until": until})
    assert Member.objects.get(pk=cast.hill.pk).read_before is not None


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"board": "", "until": "soon"}, 422),
        ({"board": "x", "until": "1"}, 404),
        ({"board": "999", "until": "1"}, 404),
        ({"until": "1", "more": "1"}, 422),
    ],
)
def test_a_form_that_is_none_of_ours_marks_nothing(web, cast, form, status):
    assert as_(web, cast, "hill").post("/whats-new/read", form).status_code == status
    assert not BoardMark.objects.exists()


def test_watching_a_thread_and_a_board(web, cast):
    as_(web, cast, "hill")
    assert ">Watch<" in web.get(thread_address(cast)).text
    there = web.post(f"/threads/{cast.barrier.pk}/watch", {"level": "watch"})
    assert there.status_code == 303
    assert ">Watching<" in web.get(thread_address(cast)).text
    assert "Flood barrier" in web.get("/whats-new?show=watched").text
    web.post(f"/threads/{cast.barrier.pk}/watch", {"level": ""})
    assert "Flood barrier" not in web.get("/whats-new?show=watched").text
    web.post(f"/boards/{cast.harbour.pk}/watch", {"level": "mute"})
    assert ">Muted<" in web.get(screens(cast)["board"]).text
    assert "Flood barrier" not in web.get("/whats-new").text


def test_watching_a_claim(web, cast):
    opening = cast.barrier.posts.get(number=1)
    claim = make_claim(cast.view(cast.mod), opening.pk, "The barrier was closed in time.")
    address = f"/claims/{claim.pk}"
    assert "/watch" not in web.get(address).text
    assert "show=watched" not in web.get("/claims").text
    as_(web, cast, "hill")
    assert ">Watch<" in web.get(address).text
    assert claim.text not in web.get("/claims?show=watched").text
    there = web.post(f"{address}/watch", {"level": "watch"})
    assert (there.status_code, there.headers["Location"]) == (303, address)
    assert ">Stop watching<" in web.get(address).text
    assert claim.text in web.get("/claims?show=watched").text
    assert claim.text not in as_(web, cast, "quay").get("/claims?show=watched").text
    as_(web, cast, "hill")
    assert web.post(f"{address}/watch", {"level": "loudly"}).status_code == 422
    web.post(f"{address}/watch", {"level": ""})
    assert ">Watch<" in web.get(address).text
    assert claim.text not in web.get("/claims?show=watched").text
    page = as_(web, cast, "mod").get(address).text
    assert "You have a part in this claim" in page
    assert ">Watch<" not in page


def test_muting_a_tag_and_taking_that_back(web, cast):
    as_(web, cast, "hill")
    assert ">Mute<" in web.get("/tags/harbour").text
    there = web.post("/account/tags", {"tag": "Harbour", "level": "mute"})
    assert (there.status_code, there.headers["Location"]) == (303, "/tags/harbour")
    assert ">Muted<" in web.get("/tags/harbour").text
    assert "Flood barrier" not in web.get("/whats-new").text
    assert "Flood barrier" in as_(web, cast, "quay").get("/whats-new").text
    page = as_(web, cast, "hill").get("/account/people").text
    assert "<bdi>harbour</bdi>" in page
    form = {"tag": "harbour", "level": "", "from": "people"}
    assert web.post("/account/tags", form).headers["Location"] == "/account/people"
    assert "<bdi>harbour</bdi>" not in web.get("/account/people").text
    assert "Flood barrier" in web.get("/whats-new").text
    assert web.post("/account/tags", {"tag": "?", "level": "mute"}).status_code == 422
    web.logout()
    assert "/account/tags" not in web.get("/tags/harbour").text


DOORS = {
    "watch": ("/threads/{thread}/watch", {"level": "watch"}),
    "watch board": ("/boards/{board}/watch", {"level": "posts"}),
    "watch claim": ("/claims/{claim}/watch", {"level": "watch"}),
    "bookmark": ("/posts/{post}/bookmark", {"note": "", "remind": ""}),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", [None, "hill"])
def test_nobody_marks_what_they_cannot_see(web, cast, who, door):
    """SEC-049: an id that one may not see answers as one that is not there, and shows nothing."""
    address, form = DOORS[door]
    secret = cast.secret.posts.get()
    claim = make_claim(cast.view(cast.mod), secret.pk, "What only the staff may read.")
    where = address.format(
        thread=cast.secret.pk, board=cast.staff_room.pk, post=secret.pk, claim=claim.pk
    )
    answer = as_(web, cast, who).post(where, form)
    assert answer.status_code == (404 if who or door == "bookmark" else 403)
    assert "canary" not in answer.text
    nowhere = web.post(address.format(thread=10**9, board=10**9, post=10**9, claim=10**9), form)
    assert nowhere.status_code == answer.status_code
    assert not ThreadMark.objects.exists() and not BoardMark.objects.exists()
    assert not Bookmark.objects.exists()


def test_a_bookmark_with_a_note_and_a_reminder(web, cast):
    as_(web, cast, "hill")
    post = Post.objects.get(thread=cast.barrier, number=1)
    door = f"/posts/{post.pk}/bookmark"
    assert ">Bookmark<" in web.get(thread_address(cast)).text
    assert web.post(door, {"note": "Ask about the date.", "remind": "7"}).status_code == 303
    kept = bookmark_for(cast.view(cast.hill), post.pk)
    assert kept.note == "Ask about the date."
    assert timedelta(days=6) < kept.remind_at - timezone.now() <= timedelta(days=7)
    page = web.get(thread_address(cast)).text
    assert page.count(">Bookmarked<") == 1
    listed = web.get("/account/bookmarks").text
    assert "Ask about the date." in listed and "It was closed in time." in listed
    web.post(door, {"note": "Another note.", "remind": "kept"})
    assert bookmark_for(cast.view(cast.hill), post.pk).remind_at == kept.remind_at
    web.post(door, {"note": "", "remind": "", "do": "remove"})
    assert not Bookmark.objects.exists()
    assert ">Bookmarked<" not in web.get(thread_address(cast)).text


def test_a_bookmark_is_its_owners_alone(web, cast):
    """SEC-067: another's list and form show and change nothing of it."""
    post = Post.objects.get(thread=cast.barrier, number=1)
    keep_post(cast.view(cast.hill), post.pk, note="A private thought.", remind_at=None)
    as_(web, cast, "quay")
    for address in ("/account/bookmarks", f"/posts/{post.pk}/bookmark", thread_address(cast)):
        assert "A private thought." not in web.get(address).text
    web.post(f"/posts/{post.pk}/bookmark", {"note": "", "remind": "", "do": "remove"})
    assert Bookmark.objects.get().note == "A private thought."


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"note": "x" * 501, "remind": ""}, 422),
        ({"note": "Fine.", "remind": "yesterday"}, 422),
        ({"note": "Fine.", "remind": "", "until": "1"}, 422),
    ],
)
def test_a_bookmark_that_cannot_be_comes_back_with_what_was_typed(web, cast, form, status):
    post = Post.objects.get(thread=cast.barrier, number=1)
    answer = as_(web, cast, "hill").post(f"/posts/{post.pk}/bookmark", form)
    assert answer.status_code == status
    assert "until" in form or form["note"] in answer.text
    assert not Bookmark.objects.exists()


def test_there_is_an_end_to_bookmarks(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=1)
    others = Post.objects.bulk_create(
        [Post(thread=cast.barrier, number=n, source="", html="") for n in range(10, 10 + MOST)]
    )
    now = timezone.now()
    Bookmark.objects.bulk_create([Bookmark(member=cast.hill, post=p, at=now) for p in others])
    answer = as_(web, cast, "hill").post(
        f"/posts/{post.pk}/bookmark", {"note": "Kept words.", "remind": ""}
    )
    assert answer.status_code == 403
    assert "Kept words." in answer.text


def test_a_bookmark_of_what_moved_out_of_sight_shows_nothing(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=1)
    keep_post(cast.view(cast.hill), post.pk, note="Mine.", remind_at=None)
    move_thread(cast.view(cast.mod), cast.barrier.pk, cast.staff_room.pk, reason=REASON)
    page = as_(web, cast, "hill").get("/account/bookmarks").text
    assert "Flood barrier" not in page and "closed in time" not in page


def test_following_and_ignoring(web, cast):
    as_(web, cast, "hill")
    door = f"/members/{cast.quay.pk}/tie"
    assert web.post(door, {"kind": "follow"}).status_code == 303
    assert "Quay" in web.get("/account/people").text
    web.post(door, {"kind": "ignore"})
    assert Tie.objects.get().kind == "ignore"  # one or the other
    page = web.get(thread_address(cast)).text
    assert page.count("You ignore this member") == 2
    assert "You ignore this member" not in as_(web, cast, "newcomer").get(thread_address(cast)).text
    as_(web, cast, "hill").post(door, {"kind": "", "from": "people"})
    assert not Tie.objects.exists()


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [("hill", "follow", 403), ("quay", "adore", 422), (None, "follow", 403)],
)
def test_nobody_follows_themselves_or_otherwise(web, cast, who, kind, status):
    answer = as_(web, cast, who).post(f"/members/{cast.hill.pk}/tie", {"kind": kind})
    assert answer.status_code == status
    assert not Tie.objects.exists()


def test_a_quote_of_an_ignored_member_is_not_shown(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=1)
    quote = f'[quote="Quay, post: {post.pk}"]It was closed in time.[/quote]\n\nWas it?'
    post_reply(cast.view(cast.mod), cast.barrier.pk, quote)
    as_(web, cast, "hill")
    assert "<bdi>Quay</bdi> wrote" in web.get(thread_address(cast)).text
    set_tie(cast.hill.pk, cast.quay.pk, "ignore")
    page = web.get(thread_address(cast)).text
    assert "<bdi>Quay</bdi> wrote" not in page
    assert re.search(r'<figcaption[^>]*><a class="ignored"', page)


def test_search_leaves_out_whom_one_ignores_unless_asked_for(web, indexed, cast):
    as_(web, cast, "hill")
    assert "in time" in web.get("/search?q=closed").text
    set_tie(cast.hill.pk, cast.quay.pk, "ignore")
    assert "in time" not in web.get("/search?q=closed").text
    assert "in time" in web.get("/search?q=closed&author=Quay").text
