"""Documents as they are read, change, and disappear."""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.db import transaction
from django.db.models import ProtectedError

from rostra.forum.conversations.actions.messages import start_conversation
from rostra.forum.documents import queries, rules
from rostra.forum.documents.actions.linking import document_at
from rostra.forum.documents.actions.reading import Look, check_documents, keep, look_at
from rostra.forum.documents.models import Address, Document, Link, Snapshot
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import clock
from rostra.kernel.models import Job
from tests.forum.documents.press import WORDS, article, work
from tests.forum.documents.test_linking import news, replied

QUOTE = "The gauge at the quay stood at 7 metres, the authority said."


def read(cast, courier, body=None, path="/a"):
    courier.put(path, article() if body is None else body)
    thread = news(cast, courier.url(path))
    work()
    return thread, Document.objects.get()


def test_what_is_kept_of_a_page(cast, courier):
    thread, document = read(cast, courier)
    assert (document.title, document.state, document.language, document.kind) == (
        "Barrier closed in time", "live", "en", "article",
    )  # fmt: skip
    assert (document.publisher.domain, document.publisher.name) == (
        "courier.example", "Harbour Courier",
    )  # fmt: skip
    assert (f"{document.published_at:%Y-%m-%dT%H:%M}", document.is_exact) == (
        "2026-11-20T07:10", True,
    )  # fmt: skip
    copy = Snapshot.objects.get()
    assert QUOTE in copy.text
    assert copy.sha256 == hashlib.sha256(copy.text.encode()).hexdigest()
    assert queries.saved_text(document.pk) == copy.text
    thread.refresh_from_db()
    assert thread.has_cards
    opening = Post.objects.get(thread=thread, number=1)
    (card,) = queries.cards_of([opening.pk])[opening.pk]
    assert (card.place, card.document.title) == (0, document.title)


def test_sec_045_a_publisher_learns_nothing_of_us(cast, courier):
    read(cast, courier)
    [(_, told)] = courier.asked
    assert set(told) == {"host", "accept", "accept-encoding", "user-agent", "connection"}
    assert "localhost" not in told["user-agent"]


def test_sec_034_own_and_inner_addresses_are_not_read(cast, courier, settings):
    import dataclasses

    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, reach_inside="")
    _, document = read(cast, courier)
    assert courier.asked == []
    assert (document.state, document.title) == ("closed", "")
    assert look_at("http://127.0.0.1/") == Look(reason="address_is_inside")
    settings.ROSTRA = dataclasses.replace(
        settings.ROSTRA, reach_inside="127.0.0.0/8", base_url="http://courier.example"
    )
    assert look_at(courier.url("/a")).facts is None


HOSTILE = [
    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/", "http://0x7f.1/",
    "http://[64:ff9b::7f00:1]/", "http://2130706433/", "http://①②⑦.0.0.1/", "http://[fe80::1%25lo]/",
    "http://192.0.0.8/", "file:///etc/passwd", "gopher://outside.test/", "ftp://outside.test/",
    "http://8.8.8.8:25/", "http://8.8.8.8:5432/", "http://a:b@8.8.8.8/", "http://8.8.8.8\r\nX: y/", "",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_sec_034_035_044_where_a_link_and_a_hop_may_not_lead(courier, url):
    """Linked to, or sent on to by a page that may be read: nobody is asked, and at once."""
    began = time.monotonic()
    look = look_at(url)
    assert (look.facts, look.status) == (None, 0)
    assert look.reason in ("address_is_inside", "address_is_none", "no_answer", "host_is_unknown")
    if url and url.isprintable():
        courier.put("/hop", b"", status=302, kind=quote(url, safe=":/@%[]"))
        assert look_at(courier.url("/hop")).facts is None
        assert len(courier.asked) == 1
    assert time.monotonic() - began < 5


def test_sec_035_037_what_a_page_names_is_not_fetched(cast, courier):
    """Neither where it refreshes to, nor its pictures, icons, feeds, other forms of it."""
    named = "".join(
        f'<link rel="{rel}" href="{courier.url("/" + rel)}">'
        for rel in ("canonical", "icon", "alternate", "amphtml", "webmention")
    )
    head = (
        f'{named}<meta http-equiv="refresh" content="0; url={courier.url("/refresh")}">'
        f'<meta property="og:image" content="{courier.url("/image")}">'
    )
    read(cast, courier, article(head=head))
    assert [path for path, _ in courier.asked] == ["/a"]


def test_sec_041_no_more_than_so_much_of_a_page(cast, courier, monkeypatch):
    monkeypatch.setattr("rostra.forum.documents.actions.reading.LARGEST", 2_000)
    _, document = read(cast, courier, article(words="<p>Words</p>" * 100_000))
    assert len(Snapshot.objects.get(document=document).text) < 2_000


def test_sec_045_what_is_said_in_private_leads_nowhere(cast, courier):
    words = f"Look:\n\n{courier.url('/a')}"
    start_conversation(cast.view(cast.quay), [cast.hill.pk], "Between us", words)
    work()
    assert not Document.objects.exists()
    assert courier.asked == []


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "application/pdf", b"%PDF-1.7"),
        (200, "application/zip", b"PK"),
        (200, "text/html", b"<p>No title at all"),
        (403, "text/html", b"<title>Forbidden</title>"),
        (500, "text/html", b"<title>Oh</title>"),
        (404, "text/html", b"<title>Not here</title>"),
    ],
)
def test_what_cannot_be_read_is_left_to_people(cast, courier, status, kind, body):
    courier.put("/a", body, kind=kind, status=status)
    news(cast, courier.url("/a"))
    work()
    document = Document.objects.get()
    assert (document.state, document.title, document.read_at) == ("closed", "", None)
    assert document.check_at is not None
    assert not Snapshot.objects.exists()


def test_two_addresses_of_one_document_are_one(cast, courier):
    """By what it calls canonical, and by where it sends on; links and cards come together."""
    _, first = read(cast, courier)
    courier.put("/amp", article(head='<link rel="canonical" href="/a">'))
    courier.put("/short", b"", status=301, kind=courier.url("/a"))
    post = replied(cast, f"{courier.url('/amp')}\n\n{courier.url('/short', 'to.example')}")
    work()
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        work()  # the same host is asked once a second
    assert Document.objects.get() == first
    assert set(Link.objects.filter(post=post).values_list("document", flat=True)) == {first.pk}
    assert Address.objects.count() == 3
    assert len(queries.cards_of([post.pk])[post.pk]) == 2


def test_a_document_that_something_rests_on_stays_itself(cast, courier, monkeypatch):
    _, first = read(cast, courier)
    courier.put("/amp", article("The same", head='<link rel="canonical" href="/a">'))
    other = Document.objects.get(pk=document_at(courier.url("/amp"), None))

    def protected(self):
        raise ProtectedError("a claim rests on it", set())

    monkeypatch.setattr(Document, "delete", protected)
    keep(other.pk, look_at(other.url))
    other.refresh_from_db()
    assert (other.title, other.state) == ("The same", "live")
    assert Address.objects.filter(document=first).count() == 1


def test_a_canonical_address_of_another_publisher_counts_for_nothing(cast, courier):
    foreign = '<link rel="canonical" href="http://famous.example/a">'
    _, document = read(cast, courier, article(head=foreign))
    assert document.url == courier.url("/a")
    assert document.publisher.domain == "courier.example"


def test_when_it_is_looked_at_again(cast, courier):
    thread, document = read(cast, courier)
    first = document.read_at
    for days in rules.AFTER:
        due = first + timedelta(days=days, minutes=1)
        document.refresh_from_db()
        assert document.check_at <= due
        with time_machine.travel(due, tick=False):
            check_documents()
            work()
    document.refresh_from_db()
    assert (document.check_at, document.state, len(courier.asked)) == (None, "live", 5)
    assert Snapshot.objects.count() == 1
    thread.refresh_from_db()
    version = thread.version
    with time_machine.travel(first + timedelta(days=999), tick=False):
        check_documents()
        work()
    assert Thread.objects.get(pk=thread.pk).version == version


def test_changed_after_posting(cast, courier):
    """What it said stays; a passage that was quoted is shown with what became of it."""
    lead = "<p>The barrier was closed at six that morning.</p>"
    thread, document = read(cast, courier, article(words=lead + WORDS))
    version = Thread.objects.get(pk=thread.pk).version
    half = lead.replace("six", "nine") + WORDS[: len(WORDS) // 2]
    courier.put("/a", article("Another headline", half))
    keep(document.pk, look_at(document.url))
    work()
    document.refresh_from_db()
    assert (document.state, document.title) == ("changed", "Barrier closed in time")
    assert Snapshot.objects.count() == len(queries.saved_at(document.pk)) == 2
    assert Thread.objects.get(pk=thread.pk).version > version
    [pieces] = queries.became_of(document.pk, ["barrier was closed at six", "Never said."]).values()
    assert [(p.kind, p.text) for p in pieces if p.kind != "same"] == [
        ("out", "six"),
        ("in", "nine"),
    ]
    keep(document.pk, look_at(document.url))  # and says so from then on
    document.refresh_from_db()
    assert (document.state, Snapshot.objects.count()) == ("changed", 2)


def test_a_word_more_or_less_is_no_change(cast, courier):
    _, document = read(cast, courier)
    courier.put("/a", article(words=WORDS + "<p>Read more.</p>"))
    keep(document.pk, look_at(document.url))
    document.refresh_from_db()
    assert (document.state, Snapshot.objects.count()) == ("live", 1)


def test_gone_after_three_failures_over_three_days(cast, courier):
    _, document = read(cast, courier)
    del courier.pages["/a"]
    began = document.check_at
    states = []
    for hours in (0, 36, 73):
        with time_machine.travel(began + timedelta(hours=hours), tick=False):
            check_documents()
            work()
            document.refresh_from_db()
            states.append(document.state)
    assert states == ["live", "live", "gone"]
    assert queries.saved_text(document.pk)
    courier.put("/a", article())  # it comes back
    with time_machine.travel(began + timedelta(days=10), tick=False):
        check_documents()
        work()
    document.refresh_from_db()
    assert (document.state, document.gone_at, document.failures) == ("live", None, 0)


def test_not_to_be_had_is_not_gone(cast, courier):
    _, document = read(cast, courier)
    for look in 5 * (Look(status=503), Look(reason="took_too_long"), Look(status=403)):
        keep(document.pk, look)
    document.refresh_from_db()
    assert (document.state, document.failures) == ("live", 0)
    assert Look(reason="host_is_unknown").is_absent


def test_a_document_that_vanished_meanwhile_is_nothing_to_keep(db):
    with transaction.atomic():
        keep(12345, Look(status=200))
    assert not Job.objects.exists()
