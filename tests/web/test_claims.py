"""Claims on pages: above threads, at posts, by themselves; the forms, and what it all costs."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.claims.actions.disputing import decide_attribution, dispute_attribution
from rostra.forum.claims.actions.entries import add_attribution, place_attribution
from rostra.forum.claims.actions.making import make_claim, merge_claims, reword_claim
from rostra.forum.claims.models import Attribution, Claim, Dispute
from rostra.forum.claims.rules import Entry
from rostra.forum.threads.actions.posts import post_reply, remove_post, withdraw_post
from rostra.forum.threads.models import Post
from tests.budgets import GUEST
from tests.forum.claims.people import WHY, raise_to, read, says, someone
from tests.web.visits import as_, thread_address

PUBLIC = "It names people who have nothing to do with it."


@pytest.fixture
def people(cast):
    for member in (cast.quay, cast.hill):
        raise_to(member)
    return cast


@pytest.fixture
def claim(people):
    opening = Post.objects.get(thread=people.barrier, number=1)
    quay = people.view(people.quay)
    return make_claim(quay, opening.pk, "The <b>barrier</b> was closed.", words="closed in time.")


def cost(web, address):
    web.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = web.get(address)
    assert answer.status_code == 200, answer.status_code
    return len(asked), answer.text


def test_fifty_claims_cost_two_queries(web, people):
    """However many a thread has; none where there are none."""
    mod, opening = people.view(people.mod), Post.objects.get(thread=people.barrier, number=1)
    as_(web, people, "hill")
    none, page = cost(web, thread_address(people))
    assert 'class="claims' not in page
    for n in range(50):
        claim = make_claim(mod, opening.pk, f"Gate number {n} was closed.")
        if n % 10 == 0:
            for k in range(8):
                add_attribution(mod, claim.pk, Entry("asserts", f"Speaker {k}", post_number=2))
    many, page = cost(web, thread_address(people))
    assert many == none + GUEST["claims"]
    assert page.count("Gate number") >= 50
    assert '<span class="num">50 claims</span>' in web.get("/whats-new").text


def test_a_verified_quote_is_shown_with_what_stands_around_it_and_no_more(web, people, claim):
    """A4: quotation, not republication: 300 characters on each side, to whoever may read it."""
    entry = says(people.view(people.hill), claim, "asserts", "A wire", "wire",
                 quote="closed the “barrier” at six")  # fmt: skip
    address = f"/claims/entries/{entry.pk}"
    assert "stands around" not in web.get(address).text
    far, near = "t" * 60 + " Farbegin " + "x1 " * 200, "y2 " * 200 + "Farend"
    read("https://wire.example/1", f'{far} It Closed the "barrier" at six, <b>they</b> say. {near}')
    page = web.get(address).text
    assert "In its context" in web.get(f"/claims/{claim.pk}").text
    [shown] = re.findall(r'<blockquote class="around" dir="auto">(.*?)</blockquote>', page, re.S)
    before, after = shown.split("<mark>Closed the &#34;barrier&#34; at six</mark>")
    assert before.startswith("…x1 x1")
    assert before.endswith(" It ")
    assert after.startswith(", &lt;b&gt;they&lt;/b&gt; say.")
    assert after.endswith("y2…")
    assert len(before) <= 301
    assert len(after) <= 301 + len("&lt;&gt;&lt;&gt;")
    assert "Farbegin" not in page
    assert "Farend" not in page
    Attribution.objects.filter(pk=entry.pk).update(quote_check="fuzzy")
    assert "stands around" not in web.get(address).text


def test_what_was_known_when_a_post_was_written(web, people, claim):
    says(people.view(people.quay), claim, "asserts", "A wire", "wire", "2020-01-01")
    says(people.view(people.hill), claim, "denies", "A gauge", "gauge")
    page = web.get(thread_address(people)).text
    assert "&lt;b&gt;barrier" in page
    assert "<b>barrier" not in page
    [then] = re.findall(r'class="known-then">.*?data-status="(\w+)"', page, re.S)
    [now] = re.findall(r'<section class="claim".*?data-status="(\w+)"', page, re.S)
    assert (then, now) == ("single_source", "contested")


def test_a_claim_page_as_things_stood(web, people, claim):
    quay, hill = people.view(people.quay), people.view(people.hill)
    says(quay, claim, "asserts", "A wire", "wire", "2026-11-20 07:10", quote="closed well before")
    entry = says(hill, claim, "denies", "A gauge", "gauge", "2026-11-21")
    place_attribution(hill, entry.pk, "non_party")
    for n in range(12):
        says(quay, claim, "relays", f"Carrier {n}", f"carrier{n}", "2026-11-22")
    price, page = cost(web, f"/claims/{claim.pk}")
    assert price == GUEST["claim"]
    assert 'data-status="contested"' in page
    assert page.index("A wire") < page.index("A gauge")
    then = web.get(f"/claims/{claim.pk}?asof=2026-11-20").text
    assert "A gauge" not in then
    above = then[: then.index('id="entries"')]
    found = set(re.findall(r'data-status="(\w+)"', above))
    assert found == {"single_source"}, "nor what came later"
    for odd in ("soon", "0001-01-01T00:00+23:59", "2026-11-20T07:10+99:00", "\0"):
        answer = web.get(f"/claims/{claim.pk}", {"asof": odd})
        assert answer.status_code == 422
        assert 'aria-describedby="about_asof"' in answer.text
        assert "This is not a time that has been" in answer.text
        assert "A gauge" in answer.text  # as things stand
    assert 'value="soon"' in web.get(f"/claims/{claim.pk}", {"asof": "soon"}).text
    for far in ("9999-12-31", "0001-01-01", "9999-12-31T23:59"):
        assert web.get(f"/claims/{claim.pk}", {"asof": far}).status_code == 200
    found = json.loads(web.get(f"/claims/{claim.pk}.json").content)
    assert (found["@type"], found["creativeWorkStatus"]) == ("Claim", "contested")
    assert found["firstAppearance"]["url"] == "https://wire.example/1"
    assert len(found["annotations"]) == 14


def test_who_may_not_read_a_post_reads_nothing_of_it_in_claims(web, people, claim):
    """SEC-056: what rests on a post goes with it, at once."""
    hill, quay = people.view(people.hill), people.view(people.quay)
    post = post_reply(hill, people.barrier.pk, "The gauge of the canary says it was open.")
    entry = Entry("denies", "The canary", post_number=post.number, quote="the canary says it was")
    add_attribution(hill, claim.pk, entry)
    other = make_claim(quay, post.pk, "The canary saw it open.")
    pages = [thread_address(people), f"/claims/{claim.pk}", "/claims", "/claims/changes",
             "/claims/changes.atom", f"/claims/{claim.pk}.json", "/search?q=canary"]  # fmt: skip
    assert [n for n, path in enumerate(pages) if "canary" not in web.get(path).text] == []
    remove_post(people.view(people.mod), post.pk, PUBLIC)
    assert [path for path in pages[:-1] if "canary" in web.get(path).text.lower()] == []
    assert "saw it" not in web.get("/search?q=canary").text
    assert web.get(f"/claims/{other.pk}").status_code == 404
    assert "Somebody in a post that you cannot read" in web.get(f"/claims/{claim.pk}").text
    as_(web, people, "mod")
    assert "The canary" in web.get(f"/claims/{claim.pk}").text


def test_a_withdrawn_post_takes_its_words_and_leaves_the_claim(web, people):
    quay = people.view(people.quay)
    post = post_reply(quay, people.barrier.pk, "These very words of mine.")
    claim = make_claim(quay, post.pk, "The gate was open.", words="These very words")
    withdraw_post(quay, post.pk)
    page = web.get(f"/claims/{claim.pk}").text
    assert "The gate was open." in page
    assert "These very words" not in page


def test_from_a_post_to_a_settled_claim_by_forms(web, people):
    opening = Post.objects.get(thread=people.barrier, number=1)
    as_(web, people, "quay")
    form = f"/posts/{opening.pk}/claim"
    assert "in time" in web.get(f"{form}?words=closed%20in%20time").text
    bad = web.post(form, {"text": "It was shut.", "kind": "event", "words": "never there"})
    assert (bad.status_code, "never there" in bad.text) == (422, True)
    made = web.post(form, {"text": "It was shut.", "kind": "state", "words": "closed in time"})
    claim = Claim.objects.get()
    assert (made.status_code, made.headers["Location"]) == (303, f"/claims/{claim.pk}")
    entry = {"stance": "concedes", "speaker": "المجلس", "url": "https://a.example/1", "post": "",
             "quote": "", "said": "tomorrow", "modality": "probably", "no_details": "1"}  # fmt: skip
    bad = web.post(f"/claims/{claim.pk}/add", entry)
    assert (bad.status_code, "المجلس" in bad.text) == (422, True)
    for odd in (
        {"said": "0001-01-01T00:00+23:59"}, {"said": "9999-12-31T23:59-23:59"}, {"post": "9" * 17},
        {"post": "999999999", "url": ""}, {"url": "https://[::1"}, {"url": "\0"},
    ):  # fmt: skip
        odd_one = web.post(f"/claims/{claim.pk}/add", {**entry, "said": "", **odd})
        assert odd_one.status_code == 422, odd
    said = {**entry, "said": "", "quote": "some\0words of theirs"}
    assert web.post(f"/claims/{claim.pk}/add", said).status_code == 303
    row = Attribution.objects.get()
    assert (row.modality, row.has_details) == ("probably", False)
    at = f"/claims/entries/{row.pk}"
    assert web.post(at, {"do": "dispute", "reason": WHY}).status_code == 403  # their own
    as_(web, people, "hill")
    assert web.post(at, {"do": "place", "party": "adverse", "same_as": ""}).status_code == 303
    assert web.post(at, {"do": "confirm"}).status_code == 303
    claim.refresh_from_db()
    assert claim.status == "conceded"
    assert web.post(at, {"do": "dispute", "reason": ""}).status_code == 422
    assert web.post(at, {"do": "dispute", "reason": WHY}).status_code == 303
    assert WHY in web.get(at).text
    assert web.post(at, {"do": "burn"}).status_code == 422
    wished = {"do": "reword", "text": "It was shut at six."}
    assert web.post(f"/claims/{claim.pk}/edit", wished).status_code == 303
    as_(web, people, "mod")
    assert "It was shut at six." in web.get(f"/claims/{claim.pk}/edit").text
    assert web.post(f"/claims/{claim.pk}/edit", {"do": "merge", "into": "x"}).status_code == 422
    [dispute] = Dispute.objects.all()
    strike = {"do": "strike", "dispute": str(dispute.pk), "reason": PUBLIC}
    assert web.post(at, {**strike, "reason": ""}).status_code == 422
    assert web.post(at, strike).status_code == 303
    assert WHY not in web.get(at).text
    out = {"do": "take_out", "reason": PUBLIC}
    assert web.post(f"/claims/{claim.pk}/edit", out).status_code == 303
    assert web.get(f"/claims/{claim.pk}").headers["Location"] == f"/claims/{claim.pk}/edit"
    assert PUBLIC in web.get("/moderation-log").text


def test_a_merged_claim_leads_to_the_other(web, people, claim):
    other = make_claim(people.view(people.hill), claim.post_id, "The barrier was closed.")
    merge_claims(people.view(people.mod), claim.pk, other.pk, reason=PUBLIC)
    answer = web.get(f"/claims/{claim.pk}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/claims/{other.pk}")


def test_lists_go_by_key_and_by_what_is_asked(web, people):
    mod, opening = people.view(people.mod), Post.objects.get(thread=people.barrier, number=1)
    for n in range(25):
        claim = make_claim(mod, opening.pk, f"Gate number {n} was closed.")
        if n % 2:
            says(mod, claim, "asserts", "A wire", "wire", "2026-11-20")
    price, first = cost(web, "/claims")
    assert price == GUEST["claims_list"]
    assert (first.count("Gate number"), "Gate number 24" in first) == (20, True)
    older = re.search(r'href="(/claims\?[^"]*before=\d+)"', first)[1].replace("&amp;", "&")
    assert web.get(older).text.count("Gate number") == 5
    assert web.get("/claims?status=unsourced").text.count("Gate number") == 13
    assert web.get(f"/claims?board={people.region.pk}").text.count("Gate number") == 0
    assert web.get("/claims?since=2100-01-01").text.count("Gate number") == 0
    assert web.get("/claims?status=true").status_code == 404
    price, changed = cost(web, "/claims/changes")
    assert price == GUEST["claim_changes"]
    assert changed.count('<li class="hit">') == 20
    assert web.get("/claims/changes.atom").text.count("<entry>") == 20


def test_who_disputes_and_proposes_is_named_on_the_page(web, people, claim):
    quay, hill = people.view(people.quay), people.view(people.hill)
    entries = [says(quay, claim, "asserts", f"Speaker {n}", "a") for n in range(3)]
    for reader in (people.hill, someone("Reader", "member")):
        dispute_attribution(people.view(reader), entries[0].pk, WHY)
    decider = someone("Third")
    decide_attribution(people.view(decider), entries[0].pk, is_kept=False, reason="It is not so.")
    assert "It is not so." in web.get(f"/claims/{claim.pk}").text
    reword_claim(hill, claim.pk, "The barrier was shut.")
    as_(web, people, "quay")
    page = web.get(f"/claims/{claim.pk}").text
    assert "Taken back: it does not count" in page
    assert "The barrier was shut." in page


def test_a_removed_claim_is_there_for_moderators_who_can_bring_it_back(web, people, claim):
    as_(web, people, "mod")
    edit = f"/claims/{claim.pk}/edit"
    assert web.post(edit, {"do": "take_out", "reason": PUBLIC}).status_code == 303
    gone = web.get(f"/claims/{claim.pk}")
    assert (gone.status_code, gone["Location"]) == (303, edit)
    assert "&lt;b&gt;barrier" in web.get(edit).text
    as_(web, people, "quay")  # who made it
    assert web.get(f"/claims/{claim.pk}").status_code == web.get(edit).status_code == 404
    assert web.post(edit, {"reason": PUBLIC}).status_code == 404
    as_(web, people, "mod")
    assert web.post(edit, {"reason": "short"}).status_code == 422
    assert web.post(edit, {"reason": PUBLIC}).status_code == 303
    assert web.get(f"/claims/{claim.pk}").status_code == 200


def test_a_preview_says_whose_word_the_linked_page_passes_on(web, people, claim):
    says(people.view(people.quay), claim, "relays", "State <b>TV</b>", "wire")
    as_(web, people, "hill")
    form = {"source": "See https://wire.example/1", "do": "preview"}
    for page in (
        web.post(f"/threads/{people.barrier.pk}/reply", form),
        web.post("/write/preview", {"source": form["source"], "place": ""}),
    ):
        assert page.status_code == 200
        assert f'href="/claims/{claim.pk}"' in page.text
        assert "State &lt;b&gt;TV&lt;/b&gt;" in page.text
        assert "passes it on" in page.text
    plain = web.post("/write/preview", {"source": "See https://else.example/1", "place": ""})
    assert "Known here" not in plain.text


def test_a_claim_that_another_has_overtaken_says_so(web, people, claim):
    post = Post.objects.get(thread=people.barrier, number=1)
    other = make_claim(people.view(people.hill), post.pk, "The barrier <i>is</i> open again.")
    form = {"do": "propose_step", "step": "supersede", "into": str(other.pk)}
    edit = f"/claims/{claim.pk}/edit"
    as_(web, people, "quay")
    assert web.post(edit, {**form, "into": "x"}).status_code == 422
    assert web.post(edit, form).status_code == 303
    as_(web, people, "hill")
    assert "Accept or decline" in web.get(f"/claims/{claim.pk}").text
    assert "The barrier &lt;i&gt;is" in web.get(edit).text
    accept = {"do": "accept_step", "step": "supersede", "into": str(other.pk)}
    assert web.post(edit, accept).status_code == 303
    as_(web, people, None)
    page = web.get(f"/claims/{claim.pk}").text
    assert "Things have changed since" in page
    assert f'href="/claims/{other.pk}"' in page
    told = json.loads(web.get(f"/claims/{claim.pk}.json").content)
    assert told["supersededBy"].endswith(f"/claims/{other.pk}")
    assert "superseded" in web.get("/claims").text


def test_only_who_may_change_a_claim_is_offered_to(web, people, claim):
    edit = f"/claims/{claim.pk}/edit"
    raise_to(people.hill, "member")
    for who, is_offered in (("quay", True), ("mod", True), ("hill", False)):
        as_(web, people, who)
        assert (edit in web.get(f"/claims/{claim.pk}").text) is is_offered, who
    assert f"/claims/{claim.pk}/add" in web.get(f"/claims/{claim.pk}").text
