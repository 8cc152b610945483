"""What is known of pages that a draft links to: whose word they pass on, in what one may read."""

from __future__ import annotations

import pytest

from rostra.forum.claims.actions.entries import add_attribution
from rostra.forum.claims.actions.making import make_claim, take_out_claim
from rostra.forum.claims.cited import cited_at
from rostra.forum.claims.rules import Entry
from rostra.forum.documents.actions.linking import document_at
from rostra.forum.threads.models import Post
from tests.forum.claims.people import raise_to, says

pytestmark = pytest.mark.django_db
WHY = "Puts down a group of people."


@pytest.fixture
def claims(cast):
    raise_to(cast.quay)
    post = Post.objects.get(thread=cast.barrier, number=1)
    texts = ("The army controls the town.", "The bridge was blown up.", "The mayor has fled.")
    return [make_claim(cast.view(cast.quay), post.pk, text) for text in texts]


def test_entries_that_rest_on_the_page_are_named(cast, claims):
    says(cast.view(cast.quay), claims[0], "relays", "State TV", "wire")
    url = "http://WIRE.example/1?utm_source=x"  # however it is spelled
    [page] = cited_at(cast.view(cast.hill), ["https://nowhere.example/", url, url])
    [said] = page.said
    assert (page.url, said.claim, said.stance, said.speaker) == (
        url, claims[0].text, "relays", "State TV",
    )  # fmt: skip
    take_out_claim(cast.view(cast.mod), claims[0].pk, reason=WHY)
    assert cited_at(cast.view(cast.hill), [url]) == []


def test_a_publisher_that_often_passes_on_one_word_is_said_to(cast, claims):
    view = cast.view(cast.quay)
    for n, (claim, speaker) in enumerate(
        zip(claims, ("State TV", "SOHR", "State TV"), strict=True)
    ):
        assert cited_at(cast.view(cast.hill), ["https://wire.example/new"]) == []
        add_attribution(view, claim.pk, Entry("relays", speaker, f"https://wire.example/{n}"))
    asked = ["https://wire.example/new", "https://other.example/"]
    [page] = cited_at(cast.view(cast.hill), asked)
    assert (page.said, page.relayed) == ((), "State TV")
    document_at("https://wire.example/new", cast.quay.pk)  # in a closed board, for all they know
    assert cited_at(cast.view(cast.hill), asked) == [page]


def test_nothing_is_told_of_what_one_may_not_read(cast):
    """SEC-046: neither that a page is cited in a closed board, nor by whom."""
    post = Post.objects.filter(thread=cast.secret).first()
    hidden = make_claim(cast.view(cast.mod), post.pk, "Nobody else may read this sentence.")
    says(cast.view(cast.mod), hidden, "relays", "State TV", "wire")
    assert cited_at(cast.view(cast.hill), ["https://wire.example/1"]) == []
    assert cited_at(cast.view(cast.mod), ["https://wire.example/1"]) != []
