"""What is said of publishers, by whom, and what became of claims on their word alone."""

from __future__ import annotations

import pytest

from rostra.forum.claims.actions.entries import place_attribution
from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.record import Record, record_of
from rostra.forum.documents.actions.publishing import describe_publisher
from rostra.forum.documents.models import Publisher, PublisherEdit
from rostra.forum.documents.publishers import owners_above
from rostra.forum.documents.rules import PUBLISHER_EDITS_A_DAY, Publishing
from rostra.forum.threads.models import Post
from rostra.kernel import jobs
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from tests.forum.claims.people import raise_to, says
from tests.forum.documents.test_linking import replied


@pytest.fixture
def people(cast):
    for member in (cast.quay, cast.hill):
        raise_to(member)
    replied(cast, "https://wire.example/1\n\nhttps://paper.example/1")
    while jobs.run_due():
        continue
    return cast


def publisher(name):
    return Publisher.objects.get(domain=f"{name}.example")


def test_what_is_said_stays_in_the_history(people):
    """SEC-126: versioned, so that it can be put back; so many a day."""
    quay, paper = people.view(people.quay), publisher("paper")
    describe_publisher(
        quay, paper.pk, Publishing("newspaper", "wire.example", "As its imprint says.")
    )
    describe_publisher(people.view(people.hill), paper.pk, Publishing("unknown", "", "Nonsense."))
    first, second = PublisherEdit.objects.order_by("id")
    assert first.after == second.before
    describe_publisher(quay, paper.pk, Publishing(**second.before))
    paper.refresh_from_db()
    assert (paper.kind, paper.owner, paper.facts) == (
        "newspaper", publisher("wire"), "As its imprint says.",
    )  # fmt: skip
    for n in range(PUBLISHER_EDITS_A_DAY - 2):
        describe_publisher(quay, paper.pk, Publishing(facts=f"Fact {n}."))
    with pytest.raises(TooMany):
        describe_publisher(quay, paper.pk, Publishing(facts="One more."))


def test_what_may_be_said_and_by_whom(people):
    quay, wire, paper = people.view(people.quay), publisher("wire"), publisher("paper")
    describe_publisher(quay, paper.pk, Publishing("newspaper", "wire.example"))
    for said, field in (
        (Publishing("bad"), "kind"), (Publishing(owner="paper.example"), "owner"),
        (Publishing(owner="wire.example"), "owner"), (Publishing(owner="nobody.example"), "owner"),
        (Publishing(facts="x" * 501), "facts"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            describe_publisher(quay, wire.pk, said)
        assert set(wrong.value.fields) == {field}
    assert owners_above([paper.pk]) == {paper.pk: wire.pk, wire.pk: None}
    raise_to(people.hill, "member")
    with pytest.raises(Refused, match="publishers_for_trusted"):
        describe_publisher(people.view(people.hill), paper.pk, Publishing("wire"))
    Publisher.objects.create(domain="secret.example")
    with pytest.raises(NotFound):
        describe_publisher(quay, Publisher.objects.latest("id").pk, Publishing("wire"))


def test_a_change_of_owner_reckons_claims_anew(people):
    quay, hill = people.view(people.quay), people.view(people.hill)
    opening = Post.objects.get(thread=people.barrier, number=1)
    claim = make_claim(quay, opening.pk, "The barrier was closed.")
    says(quay, claim, "asserts", "", "wire", "2026-11-20")
    says(hill, claim, "denies", "", "paper", "2026-11-21")
    claim.refresh_from_db()
    assert claim.status == "contested"
    describe_publisher(quay, publisher("paper").pk, Publishing("newspaper", "wire.example"))
    while jobs.run_due():
        continue
    claim.refresh_from_db()
    assert claim.history[-1][1] == "contested"
    assert len(claim.history) == 2  # one source took it back: nobody supports it by now


def test_the_record_counts_what_became_of_claims_on_its_word_alone(people):
    """SEC-125: in numbers, of the threads that the reader may read."""
    quay, hill, mod = (people.view(one) for one in (people.quay, people.hill, people.mod))
    opening = Post.objects.get(thread=people.barrier, number=1)
    secret = Post.objects.get(thread=people.secret, number=1)
    for n, post in enumerate((opening, opening, opening, secret)):
        claim = make_claim(mod, post.pk, f"Gate number {n} was closed.")
        says(mod, claim, "asserts", "", "wire", "2026-11-20")
        if n == 1:
            says(hill, claim, "denies", "A gauge", "gauge", "2026-11-21")
        if n == 2:
            entry = says(hill, claim, "asserts", "A gauge", "gauge", "2026-11-19")
            place_attribution(quay, entry.pk, "non_party")
    wire = publisher("wire").pk
    assert record_of(quay, wire) == Record(alone=2, single_source=1, contested=1)
    assert record_of(mod, wire).alone == 3
    assert record_of(quay, publisher("paper").pk) == Record()
