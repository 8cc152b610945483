"""Documents on pages: cards, their own pages, the form; what each costs."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.documents.actions.listeners import show_card
from rostra.forum.documents.actions.reading import Look, keep, look_at
from rostra.forum.documents.models import Document, Publisher
from rostra.forum.threads.models import Thread
from rostra.web import addresses
from tests.budgets import GUEST, MEMBER_MORE
from tests.forum.documents.press import article, begin, work
from tests.forum.documents.test_linking import news, replied
from tests.web.visits import as_, thread_address

FORM = {"title": "ما <b> جرى", "publisher": "", "published": "2026-11-20", "language": "ar", "summary": "",
        "reason": ""}  # fmt: skip


@pytest.fixture
def courier(monkeypatch, settings):
    found = begin(monkeypatch, settings)
    yield found
    found.close()


def page_of(thread):
    return addresses.thread(thread.pk, thread.title)


def cost(web, address):
    web.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = web.get(address)
    assert answer.status_code == 200
    return len(asked), answer.text


def test_a_card_stands_below_its_link_and_costs_one_query(web, cast, courier):
    before, _ = cost(web, thread_address(cast))
    hostile = 'Closed </script><i data-x="'.replace('"', "&quot;").replace("</script>", "")
    courier.put("/a", article(f"{hostile}in time"))
    replied(cast, f"Look:\n\n{courier.url('/a')}\n\nand [not here]({courier.url('/a')})")
    work()
    after, page = cost(web, thread_address(cast))
    assert after == before + GUEST["cards"]
    assert page.count('class="doc-card"') == 1
    link = page.index(f">{courier.url('/a')}</a></p>")
    assert link < page.index('class="doc-card"') < page.rindex("not here")
    assert '<a href="/publishers/' in page
    assert "<i data-x" not in page
    assert "style=" not in page


def test_a_kept_page_tells_what_became_of_a_document(door, cast, courier):
    """Above the thread that is about it, and below a link to it; gone, and changed."""
    courier.put("/a", article())
    thread = news(cast, courier.url("/a"))
    replied(cast, courier.url("/a"))
    work()
    document = Document.objects.get()
    for address in 2 * (page_of(thread), thread_address(cast)):
        page = door.get(address).body.decode()
        assert "Barrier closed in time" in page
        assert "A copy was saved on" in page
    assert door.entered == 2
    courier.put("/a", article(words="<p>Nothing of what it said is left of it here.</p>"))
    keep(document.pk, look_at(document.url))
    work()
    for address in (page_of(thread), thread_address(cast)):
        assert "Changed after posting" in door.get(address).body.decode()
    own = door.get(addresses.document(document.pk)).body.decode()
    assert "No longer there:" in own
    assert own.count("stood at 7 metres") == 1
    assert "stood at 23 metres" not in own  # what was saved is not for reading here
    Document.objects.update(failures=2, failing_since="2026-01-01T00:00:00Z")
    keep(document.pk, Look(status=410))
    work()
    for address in (page_of(thread), thread_address(cast)):
        assert "Gone; a copy was saved on" in door.get(address).body.decode()


def test_pages_of_documents_and_publishers(web, cast):
    thread = news(cast)
    replied(cast, "http://www.courier.example/b")
    work()
    found = Document.objects.get(link__post__thread=thread)
    Document.objects.exclude(pk=found.pk).update(title="الثاني", summary="Second.")
    queries, page = cost(web, f"/documents/{found.pk}")
    assert queries == GUEST["document"]
    assert "About it" in page
    assert f"<bdi>{thread.title}</bdi>" in page
    assert "/describe" not in page
    queries, page = cost(web, f"/publishers/{found.publisher_id}")
    assert queries == GUEST["publisher"]
    assert page.index("الثاني") < page.index("courier.example/a")
    as_(web, cast, "quay")
    queries, page = cost(web, f"/documents/{found.pk}")
    assert queries == GUEST["document"] + MEMBER_MORE + 1
    assert f"/documents/{found.pk}/describe" in page


def test_what_a_page_says_of_itself_is_text(web, cast):
    """SEC-012: whatever a publisher calls itself and its documents, on every page that shows it."""
    thread = news(cast)
    replied(cast, "https://www.courier.example/a?id=1")
    work()
    hostile = '"><script>alert(1)</script>\u202e<a data-thread="1"></a>'
    Document.objects.update(title=hostile, summary=hostile, authors=hostile, language='en" x="')
    Publisher.objects.update(name=hostile)
    found = Document.objects.get()
    show_card(found.pk)
    for address in (
        page_of(thread), thread_address(cast), f"/documents/{found.pk}",
        f"/publishers/{found.publisher_id}",
    ):  # fmt: skip
        page = web.get(address).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert 'en" x="' not in page


def test_a_document_that_many_link_to_is_paged_by_key(web, cast):
    for n in range(25):
        replied(cast, f"Number {n}: https://www.courier.example/a")
    work()
    found = Document.objects.get()
    queries, page = cost(web, f"/documents/{found.pk}")
    assert queries == GUEST["document"]
    assert page.count('class="hit"') == 20
    [older] = re.findall(rf'href="(/documents/{found.pk}\?before=\d+)"', page)
    queries, page = cost(web, older)
    assert (queries, page.count('class="hit"')) == (GUEST["document"], 5)
    assert "?before=" not in page


def test_an_address_is_looked_up(web, cast):
    news(cast)
    news(cast, "https://secret.example/", cast.staff_room, who="mod")
    work()
    found = Document.objects.get(publisher__domain="courier.example")
    answer = web.get("/documents", {"address": " https://www.courier.example/a?id=1#x"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/documents/{found.pk}")
    absent = web.get("/documents", {"address": "https://nobody.example/"}).text
    hidden = web.get("/documents", {"address": "https://secret.example/"}).text
    assert "No post that you may read leads there." in hidden
    assert hidden.replace("secret", "nobody") == absent


def test_a_document_is_described_by_a_plain_form(web, cast):
    thread = news(cast)
    work()
    found = Document.objects.get()
    address = f"/documents/{found.pk}/describe"
    assert web.get(address).status_code in (302, 303, 403)
    as_(web, cast, "hill")
    assert web.get(address).status_code == 403
    as_(web, cast, "quay")
    assert "does not read linked pages" in web.get(address).text
    wrong = web.post(address, {**FORM, "published": "yesterday"})
    assert wrong.status_code == 422
    assert 'value="ما &lt;b&gt; جرى"' in wrong.text
    assert "not a day that has been" in wrong.text
    assert web.post(address, FORM).status_code == 303
    work()
    page = web.get(page_of(thread)).text
    assert "ما &lt;b&gt; جرى" in page
    assert 'lang="ar"' in page
    assert "Described by a member" in page


def test_who_edits_a_post_is_told_what_has_no_card(web, cast):
    post = replied(cast, "See https://www.courier.example/a and\n\nhttps://other.example/b")
    work()
    Document.objects.filter(publisher__domain="other.example").update(title="Known")
    found = Document.objects.get(title="")
    as_(web, cast, "hill")
    page = web.get(f"/posts/{post.pk}/edit").text
    assert page.count("/describe") == 1
    assert f"/documents/{found.pk}/describe" in page


def test_the_same_document_is_offered_its_first_thread(web, cast):
    """Once, by a plain form: whoever then goes on has seen it."""
    first = news(cast)
    work()
    as_(web, cast, "hill")
    start = f"/boards/{cast.region.pk}/start"
    form = {
        "kind": "news",
        "link": "http://www.courier.example/a?id=1",
        "title": "Mine",
        "source": "Hm.",
    }
    answer = web.post(start, {**form, "seen": "0"})
    assert answer.status_code == 200
    assert "There is a thread about this article already" in answer.text
    assert page_of(first) in answer.text
    assert web.post(start, {**form, "seen": ""}).status_code == 303
    assert Thread.objects.filter(title="Mine").exists()
