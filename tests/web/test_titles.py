"""A thread's title in the form of its opening post, in the history of it, and on kept pages."""

from __future__ import annotations

from datetime import timedelta

from rostra.forum.threads.actions.describing import edit_opening, head_of
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import clock
from rostra.web import addresses
from tests.web.door import Door
from tests.web.visits import as_, thread_address

REASON = "The title said more than the article."


def form(cast, **more: str) -> dict[str, str]:
    return {"title": "It held", "source": opening(cast).source, "kind": "discussion", **more}


def opening(cast) -> Post:
    return Post.objects.get(thread=cast.barrier, number=1)


def edit(cast) -> str:
    return f"/posts/{opening(cast).pk}/edit"


def after_the_grace(cast) -> None:
    past = clock.now() - timedelta(hours=1)
    Post.objects.filter(thread=cast.barrier).update(created_at=past)


def test_a_title_is_changed_where_the_words_are(web, cast):
    after_the_grace(cast)
    as_(web, cast, "quay")
    assert 'name="title" type="text" value="Flood barrier"' in web.get(edit(cast)).text
    assert web.post(edit(cast), form(cast)).status_code == 303
    old = web.get(thread_address(cast))
    assert old.status_code == 301
    assert old.headers["Location"] == addresses.thread(cast.barrier.pk, "It held")
    for address in ("/", "/whats-new", addresses.board(cast.harbour.pk, "Harbour")):
        page = web.get(address).text
        assert "It held" in page, address
        assert "Flood barrier" not in page, address
    web.logout()
    page = web.get(f"/posts/{opening(cast).pk}/history").text
    assert "The thread was called <q><bdi>Flood barrier</bdi></q>" in page


def test_no_reply_has_a_title(web, cast):
    reply = Post.objects.get(thread=cast.barrier, number=2)
    as_(web, cast, "hill")
    assert 'name="title"' not in web.get(f"/posts/{reply.pk}/edit").text
    answer = web.post(f"/posts/{reply.pk}/edit", {"source": "Two.", "title": "Mine"})
    assert answer.status_code == 422
    assert Thread.objects.get(pk=cast.barrier.pk).title == "Flood barrier"


def test_an_empty_title_comes_back_with_what_was_typed(web, cast):
    as_(web, cast, "quay")
    answer = web.post(edit(cast), form(cast, title=" ", source="Closed at noon."))
    assert answer.status_code == 422
    assert "Closed at noon." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert Thread.objects.get(pk=cast.barrier.pk).title == "Flood barrier"
    assert opening(cast).source == "It was closed in time."


def test_words_change_under_a_title_that_is_longer_than_they_are_now(web, cast):
    Thread.objects.filter(pk=cast.barrier.pk).update(title="Flood " * 50 + "barrier")
    as_(web, cast, "quay")
    long = form(cast, title="Flood " * 50 + "barrier", source="Closed at noon.")
    assert web.post(edit(cast), long).status_code == 303
    assert opening(cast).source == "Closed at noon."


def test_what_a_moderator_took_out_of_a_title_is_gone_for_others(web, cast):
    after_the_grace(cast)
    as_(web, cast, "quay")
    web.post(edit(cast), form(cast, title="Call 0555-canary"))
    as_(web, cast, "mod")
    assert web.post(edit(cast), form(cast)).status_code == 422, "why is not said"
    assert web.post(edit(cast), form(cast, reason=REASON)).status_code == 303
    history = f"/posts/{opening(cast).pk}/history"
    assert "0555-canary" in web.get(history).text
    for who in (None, "hill"):
        if who is None:
            web.logout()
        else:
            as_(web, cast, who)
        for number in ("1", "2"):
            assert "canary" not in web.get(f"{history}?edit={number}").text, (who, number)
    assert "Title, type, article or tags of a thread changed" in web.get("/moderation-log").text


def test_kept_pages_follow_a_change_of_title(door, cast):
    """SEC-113. A moderator's change is seen at once also where another thread refers to it."""
    other = start_thread(cast.view(cast.hill), cast.region.pk, "Elsewhere", "As I said.")
    link = f"http://localhost:8000{thread_address(cast)}"
    post_reply(cast.view(cast.hill), other.pk, f"See {link} for more.")
    lists, elsewhere = ["/", "/whats-new"], addresses.thread(other.pk, "Elsewhere")
    assert all(b"Flood barrier" in door.get(place).body for place in (*lists, elsewhere))
    for who, title, places in (("quay", "Tide", lists), ("mod", "Sluice", [*lists, elsewhere])):
        post, head = opening(cast), head_of(Thread.objects.get(pk=cast.barrier.pk))
        view = cast.view(getattr(cast, who))
        edit_opening(view, post.pk, post.source, head, title=title, reason=REASON)
        for place in places:
            body = door.get(place).body
            assert b"Flood barrier" not in body, place
            assert title.encode() in body, place
            assert body == Door().get(place).body
