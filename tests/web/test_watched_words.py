"""Watched words in every text that everybody reads and nothing covers: told at its field."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import pytest
import time_machine

from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.models import Attribution, Claim
from rostra.forum.documents.models import Document, Publisher, PublisherEdit
from rostra.forum.members.models import Member
from rostra.forum.members.queries import profile_of
from rostra.forum.notes.models import Note
from rostra.forum.threads.models import Post
from rostra.forum.words.actions import watch_words
from rostra.kernel import clock, jobs
from rostra.web import addresses
from rostra.web.accounts import defences
from tests.forum.claims.people import raise_to, says
from tests.forum.documents.test_linking import replied
from tests.forum.notes.readers import SOURCE, join
from tests.web.joining import filled_in
from tests.web.visits import as_, thread_address

WHY = "Said for the tests of watched words."
BLOCKED, WAITS = "There is a word in it that is not taken here.", "and this cannot wait for them"
ACTS = [("casino", BLOCKED), ("damn", BLOCKED), ("toll", WAITS)]


@pytest.fixture
def place(cast):
    """The cast, of whom two are trusted, with a claim, an entry of it and a document."""
    for member in (cast.quay, cast.hill):
        raise_to(member)
    cast.said = replied(cast, "https://wire.example/1", who="quay")
    while jobs.run_due():
        continue
    cast.opening = Post.objects.get(thread=cast.barrier, number=1)
    cast.claim = make_claim(cast.view(cast.quay), cast.opening.pk, "The barrier was closed.")
    cast.entry = says(cast.view(cast.hill), cast.claim, "asserts", "Harbour office", "wire")
    join(cast.quay)
    for word, act in (("casino", "block"), ("damn", "censor"), ("toll", "hold")):
        watch_words(cast.view(cast.mod), [word], act, reason=WHY)
    return cast


FORMS = {
    "a claim": ("/posts/{opening.pk}/claim", {"kind": "event"}, "text"),
    "where a claim is": (
        "/posts/{opening.pk}/claim", {"kind": "event", "text": "The gate was closed."}, "place",
    ),
    "where it is": ("/claims/{claim.pk}/edit", {"do": "describe"}, "place"),
    "its wording": ("/claims/{claim.pk}/edit", {"do": "reword"}, "text"),
    "who says it": (
        "/claims/{claim.pk}/add",
        {"stance": "denies", "modality": "stated", "url": "https://wire.example/1"}, "speaker",
    ),
    "their words": (
        "/claims/{claim.pk}/add",
        {"stance": "denies", "modality": "stated", "url": "https://wire.example/1"}, "quote",
    ),
    "a dispute": ("/claims/entries/{entry.pk}", {"do": "dispute"}, "reason"),
    "a note": ("/posts/{said.pk}/notes/write", {"why": "missing_context", "sources": SOURCE}, "text"),
    "a document": ("/documents/{document.pk}/describe", {"publisher": "Wire"}, "title"),
    "its summary": ("/documents/{document.pk}/describe", {"title": "Fine"}, "summary"),
    "a publisher": ("/publishers/{publisher.pk}/describe", {"kind": "wire"}, "facts"),
    "oneself": ("/account/profile", {"signature": ""}, "about"),
    "below posts": ("/account/profile", {"about": ""}, "signature"),
}  # fmt: skip


def kept(cast):
    """All that these forms could have written."""
    return (
        list(Claim.objects.values_list("text", "proposed", "place", "described", "tags")), Attribution.objects.count(),
        Attribution.objects.filter(state="disputed").count(), Note.objects.count(),
        list(Document.objects.values_list("title", "summary")), PublisherEdit.objects.count(),
        profile_of(cast.quay.pk), sorted(Member.objects.values_list("name", flat=True)),
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("word", "told"), ACTS)
def test_what_is_not_taken_is_told_at_its_field_and_stays_typed(web, place, form, word, told):
    """Blocked, or nothing would cover it, or nothing can wait there."""
    place.document, place.publisher = Document.objects.get(), Publisher.objects.get()
    address, values, field = FORMS[form]
    said = f"It is said that the {word.upper()} is there."
    web = as_(web, place, "quay")
    before = kept(place)
    address = address.format(**vars(place))
    answer = web.post(address, {**values, field: said})
    if field in ("about", "signature") and word == "damn":  # covered there, as in posts
        assert answer.status_code == 303
        page = (
            web.get(addresses.member(place.quay.pk, "Quay")).text
            + web.get(thread_address(place)).text
        )
        assert "■■■■" in page and "DAMN" not in page
        return
    assert answer.status_code == 422
    assert escape(told) in answer.text and escape(said) in answer.text
    assert kept(place) == before


def test_a_name_is_looked_at_where_it_is_chosen(web, place, monkeypatch):
    monkeypatch.setattr(defences, "BITS", 4)
    before = kept(place)
    for word, told in ACTS:
        form = filled_in(web, name=f"Old {word}")
        with time_machine.travel(clock.now() + timedelta(seconds=5), tick=True):
            answer = web.post("/account/join", form)
        assert (answer.status_code, told in answer.text) == (422, True)
        assert f'value="Old {word}"' in answer.text
    assert kept(place) == before
    web = as_(web, place, "quay")
    answer = web.post("/account/name", {"name": "Old Toll"})
    assert (answer.status_code, kept(place)) == (422, before)


def test_who_moderates_may_write_any(web, place):
    web = as_(web, place, "mod")
    form = {"kind": "event", "text": "The casino asks a damn toll."}
    assert web.post(f"/posts/{place.opening.pk}/claim", form).status_code == 303


def test_tags_of_a_claim_are_looked_at_and_stay_where_they_stood(web, place):
    web = as_(web, place, "quay")
    address, form = f"/claims/{place.claim.pk}/edit", {"do": "describe", "tags": "gate, toll"}
    assert web.post(address, form).status_code == 422
    Claim.objects.update(tags="toll")
    assert web.post(address, form).status_code == 303
    form["tags"] = "gate, casino"
    assert web.post(address, form).status_code == 422
    assert Claim.objects.get().tags == "gate, toll"
