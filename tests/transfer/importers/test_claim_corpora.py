"""Corpora with claims become archives that an empty forum takes over, claims and all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bench.corpora import kixlab, rumoureval
from bench.corpora.claiming import Rows, Said, said_in
from bench.corpora.exact import write_exact
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rostra.forum.claims.actions.rows import said_in as said_here
from rostra.forum.claims.models import Attribution, Claim, ClaimEvent
from rostra.forum.claims.reckoning import reckon
from rostra.forum.claims.rules import MOST_CLAIMS, MOST_ENTRIES
from rostra.forum.threads.models import Post, Thread
from rostra.transfer.archive.restoring import is_restorable, restore
from rostra.transfer.integrity import examine
from rostra.transfer.records import BoardRecord, MemberRecord, PostRecord, Skipped, ThreadRecord
from tests.budgets import GUEST
from tests.transfer.importers.corpora import corpus, needs_data

pytestmark = pytest.mark.django_db

NOON = datetime(2015, 3, 24, 12, tzinfo=UTC)
WORDS = "The bridge over the river was closed at noon."
FIRST = Said("asserts", NOON, is_known=True, post=1, speaker="Ann", quote=WORDS)


def made(rows: Rows, folder: Path) -> Path:
    opening = PostRecord(id="1", thread="1", source=f"{WORDS} So they say.", dialect="plain",
                         author="ann", created_at=NOON)  # fmt: skip
    base = [
        BoardRecord(id="news", title="News"),
        MemberRecord(id="ann", name="Ann"),
        MemberRecord(id="other", name="ANN"),  # who looks like somebody gets a number
        ThreadRecord(id="1", board="news", title="The bridge", starter="ann", created_at=NOON),
        opening,
        PostRecord(id="2", thread="1", source="No.", dialect="plain", author="other",
                   created_at=NOON, reply_to="1"),
    ]  # fmt: skip
    write_exact([*base, *rows.records(), Skipped("x", "why")], folder, "corpora/made")
    return folder


def test_claims_go_into_an_empty_forum_and_stand_as_reckoned_there(tmp_path: Path) -> None:
    rows = Rows()
    there = said_in(f"{WORDS} So they say.", "plain")
    number = rows.claim(1, 1, WORDS, NOON, there)
    assert number == 1
    assert rows.entry(number, FIRST, there) == ""
    later = Said("denies", NOON + timedelta(hours=1), is_known=False, url="http://a.example/x?b=2")
    assert rows.entry(number, later) == ""
    assert is_restorable(made(rows, tmp_path / "out"))
    assert restore(tmp_path / "out", tmp_path / "work").is_balanced()
    assert examine() == []
    claim = Claim.objects.get()
    assert (claim.status, claim.entry_count, claim.found) == ("contested", 2, "stands")
    assert [status for _, status in claim.history] == ["single_source", "contested"]
    assert Attribution.objects.get(id=1).quote == WORDS
    kinds = ClaimEvent.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["made", "entry_added", "status", "entry_added", "status"]
    kept = claim.history
    assert reckon(claim, "looked", None, {}) == ("contested", "contested")
    assert claim.history == kept
    page = Client().get("/threads/1.the-bridge")
    assert page.status_code == 200
    assert WORDS in page.content.decode()


def test_what_nobody_could_have_entered_is_not_entered() -> None:
    """An archive that is made here keeps to the limits of the forms."""
    rows = Rows()
    assert rows.claim(1, 1, "Too short", NOON, "") == "claim_too_short"
    assert rows.claim(1, 1, "long " * 60, NOON, "") == "claim_too_long"
    number = rows.claim(1, 1, WORDS, NOON, "")
    assert isinstance(number, int)
    assert rows.claim(1, 1, WORDS.upper(), NOON, "") == "claim_there_already"
    assert rows.entry(number, FIRST._replace(quote="Brief")) == "quote_length"
    assert rows.entry(number, FIRST._replace(speaker="x" * 121)) == "speaker_too_long"
    assert rows.entry(number, FIRST._replace(post=None)) == "no_source"
    assert rows.entry(number, FIRST._replace(url="said aloud")) == "link_odd"
    assert rows.entry(number, FIRST) == ""
    assert rows.entry(number, FIRST) == "entry_there_already"
    for n in range(MOST_ENTRIES):
        last = rows.entry(number, FIRST._replace(speaker=f"Ann {n}"))
    assert last == "too_many_entries"
    for n in range(MOST_CLAIMS):
        full = rows.claim(1, 1, f"The bridge number {n} was closed.", NOON, "")
    assert full == "too_many_claims"


@pytest.mark.corpus
@needs_data
def test_rumours_come_in_whole(tmp_path: Path) -> None:
    counts = write_exact(rumoureval.records(corpus("rumoureval2017")), tmp_path / "out", "x")
    assert (counts["threads"], counts["posts"], counts["members"]) == (297, 4_519, 3_085)
    opens = counts["skipped: opens_with_comment"] + counts["skipped: opens_with_deny"]
    assert counts["claims"] == 297 - opens
    lost = json.loads((tmp_path / "out" / "archive.json").read_text())["files"]["claim_entries"]
    assert lost["lines"] == counts["claim_entries"]
    table = rumoureval.compared(corpus("rumoureval2017"), tmp_path / "out")
    cells = [int(cell) for line in table.splitlines()[1:] for cell in line.split()[1:]]
    assert sum(cells) == counts["claims"]
    restore(tmp_path / "out", tmp_path / "work")
    assert examine() == []
    stand_where_they_say()
    for claim in Claim.objects.all()[:40]:
        assert reckon(claim, "looked", None, {}).was == claim.status


@pytest.mark.corpus
@pytest.mark.nightly
@needs_data
def test_a_thread_with_many_real_claims_costs_two_queries(tmp_path: Path) -> None:
    counts = write_exact(kixlab.records(corpus("claims_evidence_kixlab")), tmp_path / "out", "x")
    assert counts["claims"] > 2_000
    restore(tmp_path / "out", tmp_path / "work")
    stand_where_they_say()
    thread = Thread.objects.filter(claim_count__gte=50).order_by("-claim_count")[0]
    many = queries(thread)
    Claim.objects.filter(thread=thread).update(state="removed")
    Thread.objects.filter(pk=thread.pk).update(claim_count=0)
    assert many == queries(thread) + GUEST["claims"]


def stand_where_they_say() -> None:
    """Every quote of a claim or an entry is in its post, at its place."""
    html = dict(Post.objects.values_list("id", "html"))
    quoted = [
        *Claim.objects.filter(found="stands").values_list("post_id", "quote", "anchor"),
        *Attribution.objects.filter(found="stands").values_list("post_id", "quote", "anchor"),
    ]
    assert len(quoted) > 200
    for post_id, quote, anchor in quoted:
        words = said_here(Post(html=html[post_id]))
        assert words[anchor["start"] : anchor["end"]] == quote


def queries(thread: Thread) -> int:
    reader = Client()
    address = f"/threads/{thread.pk}.x"
    address = reader.get(address, follow=True).request["PATH_INFO"]
    with CaptureQueriesContext(connection) as asked:
        answer = reader.get(address)
    assert answer.status_code == 200
    return len(asked)
