"""When and where a claim happened, and its tags, on pages, in JSON, in forms."""

from __future__ import annotations

import re

import pytest
from bench.fuzz.pieces import MUTATING
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.models import Claim
from rostra.forum.threads.models import Post
from tests.budgets import GUEST
from tests.forum.claims.people import raise_to
from tests.web.visits import as_, thread_address

PUBLIC = "It happened elsewhere, as the article itself says."
THERE = Circumstances("2013-06-05", "2013-07", "Old <b>Port</b>", "flood barrier, harbour")
FIELDS = {"begins": "2013", "ends": "", "place": "القصير", "tags": "مرفأ, flood"}


@pytest.fixture
def claim(cast):
    raise_to(cast.quay)
    raise_to(cast.hill)
    opening = Post.objects.get(thread=cast.barrier, number=1)
    return make_claim(cast.view(cast.quay), opening.pk, "The barrier was closed.", about=THERE)


def test_pages_say_when_where_and_under_which_tags(web, cast, claim):
    page = web.get(f"/claims/{claim.pk}").text
    assert '<time datetime="2013-06-05">5 Jun 2013</time>' in page
    assert '<time datetime="2013-07">Jul 2013</time>' in page
    assert "<bdi>Old &lt;b&gt;Port&lt;/b&gt;</bdi>" in page
    assert 'href="/claims?tag=flood%20barrier"' in page
    thread = web.get(thread_address(cast)).text
    assert "Jul 2013" in thread
    assert "Old &lt;b&gt;Port" in thread
    found = web.get(f"/claims/{claim.pk}.json").json()
    assert found["temporalCoverage"] == "2013-06-05/2013-07"
    assert found["spatialCoverage"] == {"@type": "Place", "name": "Old <b>Port</b>"}
    assert found["keywords"] == ["flood barrier", "harbour"]
    Claim.objects.update(begins="", ends="", place="", tags="")
    assert not {"temporalCoverage", "spatialCoverage", "keywords"} & set(
        web.get(f"/claims/{claim.pk}.json").json()
    )
    assert "about-claim" not in web.get(f"/claims/{claim.pk}").text


def test_claims_are_listed_by_tag(web, cast, claim):
    """However a tag is typed; by key; at the price of the list."""
    opening = claim.post_id
    mod = cast.view(cast.mod)
    for n in range(25):
        make_claim(
            mod, opening, f"Gate number {n} was closed.",
            about=Circumstances(tags="gates" if n % 5 else "gates, harbour"),
        )  # fmt: skip
    web.get("/claims?tag=gates")
    with CaptureQueriesContext(connection) as asked:
        page = web.get("/claims?tag=%23GATES").text
    assert len(asked) == GUEST["claims_list"]
    assert page.count('<li class="hit">') == 20
    older = re.search(r'href="(/claims\?[^"]*before=\d+)"', page)[1].replace("&amp;", "&")
    assert "tag=gates" in older
    assert web.get(older).text.count('<li class="hit">') == 5
    assert web.get("/claims?tag=harbour").text.count('<li class="hit">') == 6
    assert web.get("/claims?tag=flood%20barrier").text.count('<li class="hit">') == 1
    for odd in ("nowhere", "<b>", "x"):
        assert "No claim has this tag." in web.get(f"/claims?tag={odd}").text
    assert 'value="&lt;b&gt;"' in web.get("/claims?tag=<b>").text


def test_a_claim_is_made_with_them_and_a_mistake_keeps_what_was_typed(web, cast, claim):
    as_(web, cast, "quay")
    address = f"/posts/{claim.post_id}/claim"
    assert '<details class="fold">' in web.get(address).text
    typed = {"text": "The walkway stood under water.", "kind": "event", "words": "", **FIELDS}
    answer = web.post(address, {**typed, "ends": "before"})
    assert answer.status_code == 422
    assert "a year as 2026." in answer.text
    assert '<details class="fold" open>' in answer.text
    assert 'value="before"' in answer.text
    assert 'value="القصير"' in answer.text
    assert Claim.objects.count() == 1
    assert web.post(address, typed).status_code == 303
    made = Claim.objects.latest("id")
    assert (made.begins, made.place, made.tags) == ("2013", "القصير", "مرفأ, flood")


def test_they_are_changed_and_proposed_on_the_page_of_the_claim(web, cast, claim):
    address = f"/claims/{claim.pk}/edit"
    as_(web, cast, "quay")
    assert 'value="2013-06-05"' in web.get(address).text
    wrong = web.post(address, {"do": "describe", **FIELDS, "begins": "soon"})
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.text
    assert ">\nThe barrier was closed.</textarea>" in wrong.text  # the other form as it was
    assert web.post(address, {"do": "describe", **FIELDS}).status_code == 303
    page = web.get(f"/claims/{claim.pk}").text
    assert "Time, place or tags changed" in page
    assert "Old &lt;b&gt;Port" in page  # what it was before
    as_(web, cast, "hill")
    proposal = {"do": "describe", **FIELDS, "place": "Homs"}
    assert web.post(address, proposal).status_code == 303
    assert "Proposed time, place and tags:" in web.get(f"/claims/{claim.pk}").text
    as_(web, cast, "quay")
    shown = re.search(r'name="proposed" value="([^"]*)"', web.get(address).text)[1]
    gone = {"do": "accept_about", "proposed": f"{shown}x"}
    assert web.post(address, gone).status_code == 403
    assert web.post(address, {"do": "accept_about", "proposed": shown}).status_code == 303
    claim.refresh_from_db()
    assert (claim.place, claim.described) == ("Homs", "")
    as_(web, cast, "mod")
    silent = web.post(address, {"do": "describe", **FIELDS, "reason": ""})
    assert silent.status_code == 422
    assert silent.text.count('class="error"') == 1
    assert web.post(address, {"do": "describe", **FIELDS, "reason": PUBLIC}).status_code == 303
    assert "Time, place or tags of a claim changed" in web.get("/moderation-log").text


def test_no_words_of_theirs_are_markup(web, cast, claim):
    """SEC-018: whatever an import brought along, past the rules that would refuse it."""
    for payload in (*MUTATING, '"><script>alert(1)</script>', "javascript:alert(1)"):
        words = payload.replace("\0", "")
        Claim.objects.filter(pk=claim.pk).update(
            place=words[:120], tags=words[:160], begins=words[:10], ends=words[:10],
            described=f"{words[:10]} | {words[:120]} | {words[:100]}",
        )  # fmt: skip
        as_(web, cast, "hill")
        for address in (f"/claims/{claim.pk}", "/claims", f"/claims/{claim.pk}/edit"):
            answer = web.get(address)
            assert answer.status_code == 200, (address, payload)
            if "<" in words[:100]:
                assert words[:100] not in answer.text, (address, payload)
