"""Saying by hand what a document is: who may, what is checked, what is logged."""

from __future__ import annotations

import pytest

from rostra.forum.documents import queries
from rostra.forum.documents.actions.describing import describe_document
from rostra.forum.documents.actions.reading import keep, look_at
from rostra.forum.documents.models import Document
from rostra.forum.documents.rules import Description
from rostra.forum.modlog.models import LogEntry
from rostra.forum.modlog.queries import first_fault
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.reading.own_data import own_data
from rostra.transfer.integrity import examine
from tests.forum.documents.press import article, work
from tests.forum.documents.test_linking import news, replied

SAID = Description("ما جرى", "Harbour Courier", "2026-11-20", "ar", "A summary.")
REASON = "The description was about somebody else."


def document(cast):
    thread = news(cast)
    work()
    return thread, Document.objects.get()


def test_who_links_to_it_says_what_it_is(cast):
    thread, found = document(cast)
    describe_document(cast.view(cast.quay), found.pk, SAID)
    work()
    found.refresh_from_db()
    assert (found.title, found.publisher.name, found.language) == (
        "ما جرى",
        "Harbour Courier",
        "ar",
    )
    assert (f"{found.published_at:%Y-%m-%d}", found.is_exact) == ("2026-11-20", False)
    assert (found.state, found.described_by) == ("unread", cast.quay)
    thread.refresh_from_db()
    version = thread.version
    describe_document(cast.view(cast.quay), found.pk, SAID)  # nothing changes
    work()
    thread.refresh_from_db()
    assert thread.version == version
    assert examine() == []
    taken = [one for one in own_data(cast.view(cast.quay)) if one["kind"] == "description"]
    assert [(one["address"], one["title"]) for one in taken] == [(found.url, "ما جرى")]


@pytest.mark.parametrize(
    ("who", "reason"),
    [(None, "log_in_first"), ("hill", "document_not_linked_by_you")],
)
def test_others_do_not(cast, who, reason):
    _, found = document(cast)
    with pytest.raises(Refused, match=reason):
        describe_document(cast.view(who and getattr(cast, who)), found.pk, SAID)


def test_the_first_word_stands_among_those_who_link_to_it(cast):
    _, found = document(cast)
    replied(cast, found.url)
    work()
    describe_document(cast.view(cast.quay), found.pk, SAID)
    with pytest.raises(Refused, match="document_described_by_another"):
        describe_document(cast.view(cast.hill), found.pk, SAID)


def test_a_moderators_change_is_logged_with_its_reason(cast):
    _, found = document(cast)
    describe_document(cast.view(cast.quay), found.pk, SAID)
    other = SAID._replace(title="Another title")
    with pytest.raises(Invalid, match="reason_too_short"):
        describe_document(cast.view(cast.mod), found.pk, other)
    found.refresh_from_db()
    assert found.title == "ما جرى"
    describe_document(cast.view(cast.mod), found.pk, other, reason=REASON)
    entry = LogEntry.objects.get(kind="document.describe")
    assert entry.thread_id is not None
    assert first_fault() is None
    found.refresh_from_db()
    assert (found.title, found.described_by) == ("Another title", cast.quay)


def test_what_the_forum_read_itself_is_nobodys_to_say(cast, courier):
    courier.put("/a", article())
    news(cast, courier.url("/a"))
    work()
    with pytest.raises(Refused, match="document_was_read"):
        describe_document(cast.view(cast.quay), Document.objects.get().pk, SAID)


def test_reading_takes_the_place_of_what_was_said(cast, courier):
    thread = news(cast, courier.url("/a"))
    work()
    found = Document.objects.get()
    describe_document(cast.view(cast.quay), found.pk, SAID)
    courier.put("/a", article())
    keep(found.pk, look_at(found.url))
    found.refresh_from_db()
    assert (found.title, found.described_by, found.state) == (
        "Barrier closed in time",
        None,
        "live",
    )
    assert thread


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"title": " \u200b"}, {"title": "empty"}),
        ({"title": "x" * 401, "summary": "x" * 301, "publisher": "x" * 201},
         {"title": "too_long", "summary": "too_long", "publisher": "too_long"}),
        ({"published": "20.11.2026"}, {"published": "day_odd"}),
        ({"published": "2099-01-01"}, {"published": "day_odd"}),
        ({"language": "<b>"}, {"language": "language_odd"}),
    ],
)  # fmt: skip
def test_all_that_is_wrong_is_said_and_nothing_changes(cast, changed, wrong):
    _, found = document(cast)
    with pytest.raises(Invalid) as error:
        describe_document(cast.view(cast.quay), found.pk, SAID._replace(**changed))
    assert error.value.fields == wrong
    found.refresh_from_db()
    assert found.title == ""


def test_nobody_describes_without_end(cast):
    _, found = document(cast)
    for n in range(30):
        describe_document(cast.view(cast.quay), found.pk, SAID._replace(title=f"Title {n}"))
    with pytest.raises(TooMany, match="describing_too_often"):
        describe_document(cast.view(cast.quay), found.pk, SAID)


def test_sec_049_an_id_one_cannot_see(cast):
    news(cast, board=cast.staff_room, who="mod")
    work()
    with pytest.raises(NotFound):
        describe_document(cast.view(cast.quay), Document.objects.get().pk, SAID)
    assert queries.find_document(cast.view(cast.quay), "https://www.courier.example/a?id=1") is None
