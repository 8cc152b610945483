"""Which posts lead to which documents, and who may know of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from rostra.forum.documents import queries
from rostra.forum.documents.actions.forgetting import forget_unlinked
from rostra.forum.documents.actions.linking import AT_ONCE, document_at, note_links_between
from rostra.forum.documents.models import Address, Document, Link, Publisher
from rostra.forum.documents.rules import MOST_LINKS
from rostra.forum.threads.actions.describing import edit_opening
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post, withdraw_post
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.models import Job
from rostra.reading.publisher_page import publisher_page
from tests.forum.documents.press import article, work

REASON = "It belongs in another board, says the rule."
URL = "https://www.courier.example/a?id=1&utm_source=feed#top"


def replied(cast, source, thread=None, who="hill"):
    viewer = cast.view(getattr(cast, who))
    return post_reply(viewer, (thread or cast.barrier).pk, source)


def news(cast, url=URL, board=None, who="quay"):
    viewer = cast.view(getattr(cast, who))
    head = Head("news", url, "The gauge at the quay stood at 7 metres")
    return start_thread(
        viewer, (board or cast.harbour).pk, "Barrier", "What do you say?", head=head
    )


def linked(post):
    found = Link.objects.filter(post=post).order_by("place")
    return [(link.place, link.document.url) for link in found]


def test_a_link_is_written_down_and_goes_with_its_words(cast):
    post = replied(cast, f"See [this]({URL}) and\n\nhttps://other.example/b")
    work()
    courier, other = "https://www.courier.example/a?id=1", "https://other.example/b"
    assert linked(post) == [(1, courier), (2, other)]
    assert Publisher.objects.filter(domain="courier.example").count() == 1
    edit_post(cast.view(cast.hill), post.pk, "Only\n\nhttp://other.example/b#c")
    work()
    assert [url for _, url in linked(post)] == [other]  # the same document, spelled otherwise
    assert Document.objects.count() == 2
    edit_post(cast.view(cast.hill), post.pk, "None of them.")
    work()
    assert linked(post) == []


def test_what_is_no_document(cast, settings):
    own = f"{settings.ROSTRA.base_url}/threads/{cast.barrier.pk}"
    post = replied(cast, f"[own]({own}) mailto:a@b.example http://x@y.example/ http://[::1")
    many = replied(cast, "\n".join(f"https://many.example/{n}" for n in range(MOST_LINKS + 20)))
    long = replied(cast, f"https://long.example/?{'&'.join(f'utm_{n}=x' for n in range(260))}")
    work()
    assert linked(post) == linked(long) == []
    assert len(linked(many)) == MOST_LINKS


def test_noting_twice_is_noting_once(cast):
    post = replied(cast, f"{URL}\n\n{URL}")
    for _ in range(2):
        from rostra.forum.documents.actions.linking import note_links

        note_links(post.pk, cast.hill.pk)
    assert len(linked(post)) == 1
    assert Address.objects.count() == 1


def test_a_thread_is_about_one_document_and_the_first_thread_is_offered(cast):
    """However the address is spelled there; one that may not be read is not."""
    first = news(cast)
    hidden = news(cast, "https://secret.example/x", cast.staff_room, who="mod")
    work()
    assert linked(Post.objects.get(thread=first, number=1)) == [
        (0, "https://www.courier.example/a?id=1")
    ]
    spelled = "http://WWW.courier.example:80/./a?fbclid=7&id=1"
    guest, mod = cast.view(None), cast.view(cast.mod)
    assert [thread.id for thread in queries.threads_about(guest, spelled)] == [first.pk]
    assert queries.threads_about(guest, "https://secret.example/x") == []
    assert [t.id for t in queries.threads_about(mod, "https://secret.example/x")] == [hidden.pk]
    assert queries.threads_about(guest, "no address") == []
    opening = Post.objects.get(thread=first, number=1)
    edit_opening(cast.view(cast.quay), opening.pk, "What do you say?", Head("discussion"))
    work()
    assert queries.threads_about(guest, spelled) == []


@pytest.mark.parametrize("how", ["removed", "withdrawn", "moved", "thread"])
def test_sec_046_a_document_is_known_to_who_may_read_a_post_that_leads_there(cast, how):
    """Canaries by every way: its page, its publisher's, looking its address up, its card."""
    thread = start_thread(cast.view(cast.hill), cast.harbour.pk, "Tram", "Words.")
    post = replied(cast, "https://canary.example/a", thread)
    work()
    document = Document.objects.get(url="https://canary.example/a")
    Document.objects.update(title="Canary")

    def known(who):
        viewer = cast.view(who)
        try:
            queries.document_for(viewer, document.pk)
            links = queries.links_to(viewer, document.pk)
            publisher_page(viewer, document.publisher_id)
        except NotFound:
            assert queries.find_document(viewer, "https://canary.example/a") is None
            assert queries.links_to(viewer, document.pk) == []
            with pytest.raises(NotFound):
                publisher_page(viewer, document.publisher_id)
            return False
        return queries.find_document(viewer, document.url) == document.pk and len(links) == 1

    assert [known(who) for who in (None, cast.quay, cast.hill, cast.mod)] == 4 * [True]
    if how == "removed":
        remove_post(cast.view(cast.mod), post.pk, REASON)
    elif how == "withdrawn":
        withdraw_post(cast.view(cast.hill), post.pk)
    elif how == "moved":
        move_thread(cast.view(cast.mod), thread.pk, cast.staff_room.pk, reason=REASON)
    else:
        Thread.objects.filter(pk=thread.pk).update(state="removed")
    is_author_shown = how in ("removed", "withdrawn")
    assert [known(who) for who in (None, cast.quay, cast.hill, cast.mod)] == [
        False, False, is_author_shown, True,
    ]  # fmt: skip


def test_sec_045_only_what_a_card_is_for_is_read_and_only_so_much(cast, courier):
    """And for members only so many an hour; what has no place for a card is not read at all."""
    for n in range(30):
        courier.put(f"/{n}", article(f"Number {n}"))
    shown = "\n\n".join(courier.url(f"/{n}", f"h{n}.example") for n in range(25))
    replied(cast, f"{shown}\n\nAnd [more]({courier.url('/29')}).")
    work()
    assert len(courier.asked) == 20
    assert Document.objects.filter(state="live").count() == 20
    assert Job.objects.filter(name__endswith="read_document", done_at=None).count() == 5
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        work()
    assert len(courier.asked) == 25
    assert "/29" not in {path for path, _ in courier.asked}


def test_prv_010_what_nothing_leads_to_is_forgotten(cast):
    post = replied(cast, "https://other.example/b")
    kept = news(cast)
    work()
    edit_post(cast.view(cast.hill), post.pk, "No link any more.")
    work()
    assert forget_unlinked() == 0
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert (forget_unlinked(), forget_unlinked()) == (1, 0)
    assert Document.objects.get().link_set.get().post.thread == kept


def test_a_document_for_what_else_refers_to_one(cast, settings):
    work()
    found = document_at("https://courier.example/a#b", cast.quay.pk)
    assert document_at("http://courier.example/a", None) == found
    assert document_at("no address", None) is None
    assert document_at(f"{settings.ROSTRA.base_url}/threads/1", None) is None


def test_nothing_is_read_where_that_is_not_switched_on(cast, courier, settings):
    import dataclasses

    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, fetch_links="off")
    news(cast, courier.url("/a"))
    work()
    assert courier.asked == []
    assert Document.objects.get().state == "unread"


def test_posts_that_came_without_an_event_are_gone_through(cast, courier):
    """Imported ones: a range of ids at a time, twice is once, and nothing is read for them."""
    thread = news(cast, courier.url("/news"))
    posts = [replied(cast, courier.url(f"/{n}")) for n in range(3)]
    plain = replied(cast, "Nowhere.")
    work()
    before = [linked(post) for post in (*posts, plain)]
    asked = len(courier.asked)
    Document.objects.all().delete()
    opening = thread.posts.get()
    for _ in range(2):
        note_links_between(1, plain.pk + 5 * AT_ONCE)
        work()
    assert [linked(post) for post in (*posts, plain)] == before
    assert linked(opening) == [(0, courier.url("/news"))]
    assert len(courier.asked) == asked
    assert set(Document.objects.values_list("state", flat=True)) == {"unread"}
    assert not Job.objects.filter(is_dead=True).exists()
