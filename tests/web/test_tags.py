"""Tags as they are typed, shown and followed: plain forms, every role."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from rostra.forum.threads.actions.describing import edit_opening
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, Thread
from rostra.web import addresses
from tests.web.door import Door
from tests.web.visits import as_, thread_address

REASON = "It was filed under the wrong words."


def test_tags_are_typed_at_starting_and_lead_to_their_page(web, cast):
    as_(web, cast, "hill")
    form = {"title": "Ferries", "source": "Words.", "tags": "Ferry, حاجز الفيضان"}
    answer = web.post(f"/boards/{cast.harbour.pk}/start", form)
    assert answer.status_code == 303
    web.logout()
    board = addresses.board(cast.harbour.pk, cast.harbour.title)
    for address in (answer.headers["Location"], board, "/whats-new", "/tags/ferry"):
        page = web.get(address).text
        links = re.findall(r'<a class="tag" href="([^"]+)" rel="tag"><bdi>#([^<]+)</bdi>', page)
        found = {words: unquote(link) for link, words in links}
        assert found["حاجز الفيضان"] == "/tags/حاجز_الفيضان"
        assert found["ferry"] == "/tags/ferry"
    assert "Ferries" in web.get(addresses.tag("حاجز الفيضان")).text


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ("a1, b2, c3, d4, e5, f6", "5 tags at most"),
        ("x", "2 to 30 characters"),
        ("un/fit", "letters, digits, spaces and hyphens only"),
    ],
)
def test_what_is_no_tag_comes_back_as_typed(web, cast, tags, words):
    as_(web, cast, "hill")
    form = {"title": "A good title", "source": "Words.", "tags": tags, "kind": "question"}
    answer = web.post(f"/boards/{cast.harbour.pk}/start", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{tags}"' in answer.text
    assert 'value="question" checked' in answer.text
    assert not Thread.objects.filter(title="A good title").exists()


@pytest.mark.parametrize(
    ("address", "status", "leads"),
    [
        ("/tags/harbour", 200, None),
        ("/tags/Harbour", 301, "/tags/harbour"),
        ("/tags/%23harbour", 301, "/tags/harbour"),
        ("/tags/flood%20barrier", 301, "/tags/flood_barrier"),
        ("/tags/flood_barrier", 404, None),
        ("/tags/x", 404, None),
        ("/tags/%3Cscript%3E", 404, None),
        ("/tags/harbour?older=1.1", 404, None),
        ("/tags/harbour?older=x", 404, None),
        ("/tags/harbour?page=2", 404, None),
    ],
)
def test_an_address_of_a_tag_is_one(web, cast, address, status, leads):
    answer = web.get(address)
    assert (answer.status_code, answer.headers.get("Location")) == (status, leads)


@pytest.mark.parametrize(
    ("who", "status"), [(None, 404), ("quay", 404), ("newcomer", 404), ("mod", 200), ("admin", 200)]
)
def test_a_tag_of_hidden_threads_alone_is_like_none(web, cast, who, status):
    """SEC-054, 055."""
    head = Head(tags="ferry, harbour")
    start_thread(cast.view(cast.mod), cast.staff_room.pk, "canary", "Words.", head=head)
    hidden, absent = (as_(web, cast, who).get(f"/tags/{tag}") for tag in ("ferry", "nobody"))
    assert (hidden.status_code, absent.status_code) == (status, 404)
    assert ("canary" in web.get("/tags/harbour").text) is (status == 200)
    if status == 404:
        assert hidden.text.replace("ferry", "nobody") == absent.text


def test_a_page_of_a_tag_goes_on_by_key(web, cast):
    for n in range(45):
        start_thread(
            cast.view(cast.hill), cast.region.pk, f"Thread {n:02}", "Words", head=Head(tags="ferry")
        )
    seen, address = [], "/tags/ferry"
    while address:
        page = web.get(address).text
        seen += re.findall(r"Thread \d\d(?=</a></h3>)", page)
        onward = re.search(r'rel="next"[^>]*href="([^"]+)"', page)
        address = onward.group(1) if onward else ""
    assert seen == [f"Thread {n:02}" for n in reversed(range(45))]
    assert 'rel="prev"' in page


def test_kept_pages_follow_a_change_of_tags(door, cast):
    """SEC-113."""
    opening = Post.objects.get(thread=cast.barrier, number=1)
    places = [thread_address(cast), addresses.board(cast.harbour.pk, cast.harbour.title)]
    before = [door.get(place).body for place in places]
    edit_opening(cast.view(cast.quay), opening.pk, opening.source, Head(tags="gates"))
    after = [door.get(place).body for place in places]
    assert all(b"/tags/gates" in body for body in after)
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert after == [Door().get(place).body for place in places]


def test_a_thread_that_is_moved_out_of_sight_leaves_its_tags(web, cast):
    """SEC-052."""
    assert web.get("/tags/harbour").status_code == 200
    move_thread(cast.view(cast.admin), cast.barrier.pk, cast.staff_room.pk, reason=REASON)
    assert web.get("/tags/harbour").status_code == 404
    assert as_(web, cast, "mod").get("/tags/harbour").status_code == 200


def test_an_old_draft_of_an_edit_brings_its_tags(web, cast):
    opening = Post.objects.get(thread=cast.barrier, number=1)
    address = f"/posts/{opening.pk}/edit"
    as_(web, cast, "quay")
    assert 'name="tags" type="text" value="harbour"' in web.get(address).text
    form = {"place": f"p{opening.pk}", "source": "Begun.", "kind": "discussion", "tags": "gates"}
    assert web.post("/write/draft", form).status_code == 204
    assert 'name="tags" type="text" value="gates"' in web.get(address).text
    assert web.post(address, {"source": "Begun.", "kind": "discussion"}).status_code == 303
    assert Thread.objects.get(pk=cast.barrier.pk).tags == ""
