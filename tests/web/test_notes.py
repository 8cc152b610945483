"""Community notes in pages: reading, rating, writing, setting them up; what no page tells."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from rostra.forum.claims.actions.making import make_claim
from rostra.forum.notes.actions.rating import rate
from rostra.forum.notes.actions.showing import set_state
from rostra.forum.notes.models import Note, Placement, Rater, Rating, Run, Seat
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import clock
from tests.forum.notes.readers import SOURCE, calibration, join, proposed, trusted
from tests.web.visits import as_, thread_address

ATOM = "{http://www.w3.org/2005/Atom}"
WHY = "It attacks a person, see rule 3."


@pytest.fixture
def note(cast):
    return proposed(cast, join(cast.hill).member)


def show(note, **more):
    Note.objects.filter(pk=note.pk).update(
        state="shown", told=[[6, 7], [5, 7]], state_at=clock.now(), **more
    )
    Thread.objects.update(note_count=1)
    Thread.objects.filter(note_count=1).update(version=99)


def test_a_note_stands_below_its_post_with_its_sources(web, cast, note):
    assert "stood at four metres" not in web.get(thread_address(cast)).text
    show(note)
    page = web.get(thread_address(cast)).text
    assert "Readers who often disagree found this helpful" in page
    assert '<p dir="auto">The gauge at the quay stood at four metres.</p>' in page
    assert "6 of 7 and 5 of 7 found it helpful" in page
    assert f'href="{SOURCE}"' in page
    listed = web.get(f"/boards/{cast.harbour.pk}.harbour").text
    assert re.search(r'class="tag noted">1 note<', listed)


def claim_of(cast, note):
    """A claim that a note is about."""
    claim = make_claim(cast.view(cast.mod), note.post_id, "The barrier was closed in time.")
    Note.objects.filter(pk=note.pk).update(claim=claim)
    return claim


def feed_of(web, cast):
    """The thread's feed: when it was updated, and when and what each of its entries is."""
    answer = web.get(f"/threads/{cast.barrier.pk}/feed.atom")
    feed = fromstring(answer.content)  # noqa: S314 (our own)
    entries = {
        entry.findtext(f"{ATOM}title"): (
            entry.findtext(f"{ATOM}updated"), entry.findtext(f"{ATOM}content")
        )
        for entry in feed.iter(f"{ATOM}entry")
    }  # fmt: skip
    return feed.findtext(f"{ATOM}updated"), entries


def test_a_feed_has_notes_as_the_page_has_them(web, cast, note):
    """What is shown is below its post, with its sources; what is not shown leaves a date alone."""
    before, entries = feed_of(web, cast)
    assert "four metres" not in str(entries)
    show(note)
    shown, entries = feed_of(web, cast)
    at, words = entries["#1"]
    assert "The gauge at the quay stood at four metres." in words
    assert "Community note" in words
    assert f'href="{SOURCE}"' in words
    assert f'href="http://localhost:8000/notes/{note.pk}"' in words
    assert "6 of 7 and 5 of 7" in words
    assert shown == at > before
    set_state(Note.objects.get(pk=note.pk), Note.State.TAKEN_BACK)
    gone, entries = feed_of(web, cast)
    assert "four metres" not in str(entries)
    assert gone == entries["#1"][0] >= shown
    assert entries["#2"][0] < gone


def test_a_note_that_was_never_shown_changes_no_feed(web, cast, note):
    """PRV: who follows a feed does not learn that a note is being rated."""
    before = feed_of(web, cast)
    for state in (Note.State.ON_PANEL, Note.State.NOT_HELPFUL):
        set_state(Note.objects.get(pk=note.pk), state)
        assert feed_of(web, cast) == before


@pytest.mark.parametrize("state", ["removed", "withdrawn"])
def test_a_note_below_a_post_that_is_gone_is_in_no_feed(web, cast, note, state):
    """SEC-056: by the same predicate as the post; neither on its claim nor in that one's JSON."""
    show(note)
    claim = claim_of(cast, note)
    assert "four metres" in web.get(f"/claims/{claim.pk}").text
    Post.objects.filter(pk=note.post_id).update(state=state)
    Thread.objects.update(version=F("version") + 1)
    assert "four metres" not in str(feed_of(web, cast))
    for address in (f"/claims/{claim.pk}", f"/claims/{claim.pk}.json"):
        assert "four metres" not in web.get(address).text


def test_a_claim_names_the_notes_about_it(web, cast, note):
    claim = claim_of(cast, note)
    address = f"/claims/{claim.pk}.json"
    assert "comment" not in web.get(address).json()
    show(note)
    [comment] = web.get(address).json()["comment"]
    assert comment["text"] == "The gauge at the quay stood at four metres."
    assert comment["citation"] == [SOURCE]
    assert comment["url"] == f"http://localhost:8000/notes/{note.pk}"
    assert not {"author", "creator"} & set(comment)
    page = web.get(f"/claims/{claim.pk}").text
    assert "Readers who often disagree found this helpful" in page
    Thread.objects.update(note_count=0)  # as it is while notes are paused
    assert "comment" not in web.get(address).json()
    assert "four metres" not in web.get(f"/claims/{claim.pk}").text


def test_a_page_with_notes_asks_once_for_all(web, cast, note):
    web.get(thread_address(cast))
    Thread.objects.filter(pk=cast.barrier.pk).update(version=98)
    with CaptureQueriesContext(connection) as without:
        web.get(thread_address(cast))
    show(note)
    with CaptureQueriesContext(connection) as with_note:
        web.get(thread_address(cast))
    assert len(with_note) == len(without) + 1


def test_a_member_writes_a_note_and_keeps_what_they_typed(web, cast):
    post = cast.barrier.posts.get(number=1)
    address = f"/posts/{post.pk}/notes/write"
    page = as_(web, cast, "hill").get(address).text
    assert "Who rates notes can do that." in page
    join(cast.hill)
    assert "<textarea" in web.get(address).text
    answer = web.post(address, {"why": "outdated", "text": "<b>short", "sources": ""})
    assert answer.status_code == 422
    assert "A note has 20 characters at least." in answer.text
    assert "&lt;b&gt;short" in answer.text
    assert 'value="outdated" selected' in answer.text
    answer = web.post(
        address, {"why": "outdated", "text": "The gauge was mended since then.", "sources": SOURCE}
    )
    assert answer.status_code == 303
    page = web.get(answer.headers["Location"]).text
    assert "The gauge was mended since then." in page
    assert "Proposed" in page
    assert "The gauge was mended" in web.get(f"/posts/{post.pk}/notes").text
    assert "The gauge was mended" in web.get("/notes?show=open").text
    assert "The gauge was mended" not in web.get("/notes").text


def test_joining_the_first_set_and_leaving(web, cast):
    notes = calibration(cast)
    trusted(cast.hill)
    as_(web, cast, "hill")
    assert web.get("/notes/rate").headers["Location"] == "/notes/join"
    assert "Please say that you agree." in web.post("/notes/join", {}).text
    assert web.post("/notes/join", {"agrees": "1"}).headers["Location"] == "/notes/rate"
    for left in range(10, 0, -1):
        page = web.get("/notes/rate").text
        assert f"{left} note{'s' if left > 1 else ''} {'are' if left > 1 else 'is'} left" in page
        number = re.search(r'name="note" value="(\d+)"', page)[1]
        value = "yes" if int(number) == notes[0] else "no"
        web.post("/notes/rate", {"note": number, "value": value, "reason-clear": "1"})
    assert Rater.objects.get().is_active
    assert "There is nothing to ask you now." in web.get("/notes/rate").text
    web.post("/notes/leave")
    assert not Rater.objects.exists()
    assert not Rating.objects.exists()


def test_a_panel_asks_one_note_at_a_time_without_counts(web, cast, note):
    join(cast.quay)
    now = clock.now()
    Note.objects.update(state="on_panel", panel=1, told=[[6, 7], [5, 7]])
    seat = Seat.objects.create(
        note=note, panel=1, side=1, rater_id=cast.quay.pk, asked_at=now,
        expires_at=now + timedelta(hours=72),
    )  # fmt: skip
    page = as_(web, cast, "quay").get("/notes/rate").text
    assert "stood at four metres" in page
    assert "6 of 7" not in page
    assert web.post("/notes/rate", {"seat": seat.pk, "value": "maybe"}).status_code == 422
    assert web.post("/notes/rate", {"seat": seat.pk, "value": "yes"}).status_code == 303
    assert Seat.objects.get().value == 2
    assert web.post("/notes/rate", {"seat": seat.pk, "value": "no"}).status_code == 404


def test_the_author_of_the_post_and_a_moderator_act_on_a_note(web, cast, note):
    show(note)
    as_(web, cast, "newcomer")
    assert web.get(f"/notes/{note.pk}/review").status_code == 403
    assert web.get(f"/notes/{note.pk}/remove").status_code == 404
    as_(web, cast, "quay")
    assert web.get(f"/notes/{note.pk}/review").status_code == 200
    web.post(f"/notes/{note.pk}/review")
    assert "Under review" in web.get(thread_address(cast)).text
    as_(web, cast, "mod")
    assert web.post(f"/notes/{note.pk}/remove", {"reason": "no"}).status_code == 422
    web.post(f"/notes/{note.pk}/remove", {"reason": WHY})
    page = web.get(f"/notes/{note.pk}").text
    assert "Removed by a moderator." in page
    assert "four metres" not in page
    assert "Community note removed" in web.get("/moderation-log").text
    web.post(f"/notes/{note.pk}/restore", {"reason": WHY})
    assert "four metres" in web.get(f"/notes/{note.pk}").text


def test_an_administrator_sets_notes_up(web, cast):
    post = cast.barrier.posts.get(number=1)
    assert as_(web, cast, "mod").get("/staff/notes").status_code == 403
    as_(web, cast, "admin")
    draft = {"why": "outdated", "text": "A note for the first set.", "sources": SOURCE}
    fields = {"do": "add", "post": f"http://localhost:8000/posts/{post.pk}", **draft}
    assert web.post("/staff/notes", {**fields, "post": "x"}).status_code == 404
    assert web.post("/staff/notes", {**fields, "text": "short"}).status_code == 422
    assert web.post("/staff/notes", {**fields, "expected": "yes"}).status_code == 303
    assert "A note for the first set." in web.get("/staff/notes").text
    assert Note.objects.get().expected == 2
    assert "A note for the first set." not in web.get(f"/posts/{post.pk}/notes").text
    web.post("/staff/notes", {"do": "drop", "note": Note.objects.get().pk})
    assert not Note.objects.exists()
    web.post("/staff/notes", {"do": "pause", "reason": WHY})
    assert "Notes are paused" in web.get("/staff/notes").text


@pytest.mark.parametrize("who", [None, "newcomer", "hill", "mod", "admin"])
def test_no_page_tells_of_a_single_rating(web, cast, note, who):
    """SEC-124: one rating more or less changes no page of anybody else, so no difference tells."""
    join(cast.quay)
    addresses = [
        thread_address(cast), "/notes", f"/notes/{note.pk}", f"/posts/{note.post_id}/notes",
        f"/members/{cast.quay.pk}.quay", f"/members/{cast.hill.pk}.hill", "/whats-new",
        f"/threads/{cast.barrier.pk}/feed.atom",
    ]  # fmt: skip
    as_(web, cast, who)

    def told():
        pages = [web.get(address) for address in addresses]
        return [(p.status_code, re.sub(r'"\w{32,64}"', "a token", p.text)) for p in pages]

    told()  # what the first look keeps
    before = told()
    rate(cast.view(cast.quay), note.pk, "no", ["off_topic"])
    assert Rating.objects.filter(rater_id=cast.quay.pk).exists()
    assert told() == before


@pytest.mark.parametrize("who", [None, "quay", "hill", "mod", "admin"])
def test_no_page_tells_where_anybody_stands(web, cast, note, who):
    """SEC-123: a side, a factor, a run's inputs are in no answer; nor is who sat on a panel."""
    show(note)
    claim = claim_of(cast, note)
    run = Run.objects.create(
        at=clock.now(), version=1, mode="sides", active=31, smaller_side=8, split_half=0.7654321,
        loss=0.0912345, input_sha256="canaryhash", inputs=b"canaryinputs",
        results={"notes": {"1": [0.1357911, 0.2468013]}},
    )  # fmt: skip
    for rater in Rater.objects.all():
        Placement.objects.create(rater=rater, factor=0.4815162342, side=-1)
    Seat.objects.create(
        note=note, panel=1, side=-1, rater_id=join(cast.newcomer).member_id,
        asked_at=clock.now(), expires_at=clock.now(), answered_at=clock.now(), value=0,
    )  # fmt: skip
    if who:
        as_(web, cast, who)
    canaries = (
        "4815162342",
        "7654321",
        "0912345",
        "canaryhash",
        "canaryinputs",
        "1357911",
        "2468013",
        "Newcomer",
    )
    addresses = [
        thread_address(cast), "/notes", "/notes/how", "/notes/join", "/notes/rate", "/notes/leave",
        f"/notes/{note.pk}", f"/posts/{note.post_id}/notes", "/staff/notes", "/account/data",
        f"/members/{cast.hill.pk}.hill", f"/boards/{cast.harbour.pk}/feed.atom",
        f"/threads/{cast.barrier.pk}/feed.atom", f"/claims/{claim.pk}", f"/claims/{claim.pk}.json",
    ]  # fmt: skip
    for address in addresses:
        answer = web.get(address)
        body = answer.getvalue().decode() if answer.streaming else answer.text
        found = [word for word in canaries if word in body]
        assert found == [], address
    assert run.pk
