"""What moderators do to claims and notes makes statements, and is undone by appeals (LAW-003)."""

from __future__ import annotations

import pytest

from rostra.forum.appeals import queries
from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.claims.actions.describing import describe_claim
from rostra.forum.claims.actions.disputing import dispute_attribution, strike_dispute
from rostra.forum.claims.actions.entries import withdraw_attribution
from rostra.forum.claims.actions.making import (
    make_claim,
    merge_claims,
    reword_claim,
    take_out_claim,
)
from rostra.forum.claims.actions.reverting import restore_attribution, restore_claim
from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.models import Attribution, Claim, Dispute
from rostra.forum.claims.queries import claim_for, claims_in
from rostra.forum.erasure.actions import carry_out
from rostra.forum.erasure.models import Erasure
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.models import Statement
from rostra.forum.notes.actions.writing import remove_note
from rostra.forum.notes.models import Note
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import clock
from rostra.kernel.errors import NotFound, Refused
from rostra.reading.record_page import statement_page
from tests.forum.claims.people import raise_to, says
from tests.forum.notes.readers import join, proposed

pytestmark = pytest.mark.django_db
REASON = "Puts down a group of people."
SUMMARY = "The words were those of the article."
TEXT = "The barrier was opened at six in the morning."


@pytest.fixture
def claim(cast) -> Claim:
    raise_to(cast.quay)
    raise_to(cast.hill)
    return make_claim(cast.view(cast.quay), first(cast).pk, TEXT)


def first(cast) -> Post:
    return Post.objects.get(thread=cast.barrier, number=1)


def overturned(cast, member) -> int:
    """Have a member appeal against the last act, and another overturn it; return its entry."""
    n = modlog.head()[0]
    assert Statement.objects.get(entry_id=n).member_id == member.pk
    file_appeal(cast.view(member), n, "It only says what stands in the article.")
    decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)
    assert n in modlog.taken_back([n])
    return n


def shown(cast) -> list[str]:
    return [row.text for row in claims_in(cast.view(cast.hill), cast.barrier.pk, thread_of(cast))]


def thread_of(cast) -> Thread:
    return Thread.objects.get(pk=cast.barrier.pk)


def test_a_removed_claim_stands_again_with_what_was_said_of_it(cast, claim):
    says(cast.view(cast.hill), claim, "asserts", "Harbour office", "harbour")
    before = Claim.objects.get(pk=claim.pk)
    take_out_claim(cast.view(cast.mod), claim.pk, reason=REASON)
    assert shown(cast) == []
    words = statement_page(cast.view(cast.quay), modlog.head()[0]).words
    assert words == TEXT  # one's own removed words stay readable
    overturned(cast, cast.quay)
    after = Claim.objects.get(pk=claim.pk)
    assert (after.state, after.status, after.entry_count) == (
        "visible", before.status, before.entry_count,
    )  # fmt: skip
    assert shown(cast) == [TEXT]
    assert thread_of(cast).claim_count == 1


def test_a_removed_claim_does_not_come_back_beside_one_that_says_the_same(cast, claim):
    take_out_claim(cast.view(cast.mod), claim.pk, reason=REASON)
    n = modlog.head()[0]
    make_claim(cast.view(cast.hill), first(cast).pk, TEXT)
    file_appeal(cast.view(cast.quay), n, "It only says what stands in the article.")
    with pytest.raises(Refused, match="claim_there_already"):
        decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)
    assert shown(cast) == [TEXT]
    assert queries.appeal_for(cast.view(cast.admin), n).state == "open"


def test_an_entry_that_was_taken_out_counts_again(cast, claim):
    entry = says(cast.view(cast.hill), claim, "asserts", "Harbour office", "harbour")
    withdraw_attribution(cast.view(cast.mod), entry.pk, reason=REASON)
    assert Claim.objects.get().entry_count == 0
    overturned(cast, cast.hill)
    assert Attribution.objects.get().state == "active"
    assert Claim.objects.get().entry_count == 1


def test_an_entry_that_two_dispute_comes_back_disputed(cast, claim):
    raise_to(cast.admin)
    entry = says(cast.view(cast.hill), claim, "asserts", "Harbour office", "harbour")
    for who in (cast.quay, cast.admin):
        dispute_attribution(cast.view(who), entry.pk, "That is not what stands there.")
    withdraw_attribution(cast.view(cast.mod), entry.pk, reason=REASON)
    restore_attribution(cast.view(cast.mod), entry.pk, reason=SUMMARY)
    assert Attribution.objects.get().state == "disputed"
    with pytest.raises(Refused, match="not_removed"):
        restore_attribution(cast.view(cast.mod), entry.pk, reason=SUMMARY)


def test_claims_made_one_part_again_with_the_entries_each_came_with(cast, claim):
    other = make_claim(cast.view(cast.hill), first(cast).pk, "The barrier stayed shut all day.")
    says(cast.view(cast.hill), claim, "asserts", "Harbour office", "harbour")
    says(cast.view(cast.quay), other, "asserts", "Port police", "police")
    merge_claims(cast.view(cast.mod), claim.pk, other.pk, reason=REASON)
    later = says(cast.view(cast.hill), other, "denies", "Town hall", "hall")
    overturned(cast, cast.quay)
    came = dict(Attribution.objects.values_list("speaker", "claim_id"))
    assert came == {
        "Harbour office": claim.pk,
        "Port police": other.pk,
        "Town hall": later.claim_id,
    }
    assert sorted(shown(cast)) == sorted([TEXT, other.text])
    assert Claim.objects.get(pk=claim.pk).merged_into_id is None


def test_a_reworded_claim_says_again_what_it_said_unless_it_was_reworded_since(cast, claim):
    reword_claim(cast.view(cast.mod), claim.pk, "The barrier was opened.", reason=REASON)
    overturned(cast, cast.quay)
    assert shown(cast) == [TEXT]
    reword_claim(cast.view(cast.mod), claim.pk, "The barrier was opened.", reason=REASON)
    n = modlog.head()[0]
    reword_claim(cast.view(cast.quay), claim.pk, "The barrier was opened early.")
    file_appeal(cast.view(cast.quay), n, "It only says what stands in the article.")
    with pytest.raises(Refused, match="words_changed_since"):
        decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)


def test_a_claim_is_where_it_was_again_unless_somebody_has_said_otherwise_since(cast, claim):
    """Time, place and tags: as its wording."""
    there, elsewhere = Circumstances("2013-06", "", "Old Port", "flood"), Circumstances("2012")
    describe_claim(cast.view(cast.quay), claim.pk, there)
    for place in (there, Circumstances()):  # also where nothing was said before
        describe_claim(cast.view(cast.quay), claim.pk, place)
        describe_claim(cast.view(cast.mod), claim.pk, elsewhere, reason=REASON)
        overturned(cast, cast.quay)
        assert claim_for(cast.view(cast.quay), claim.pk).about == place
    describe_claim(cast.view(cast.mod), claim.pk, elsewhere, reason=REASON)
    n = modlog.head()[0]
    describe_claim(cast.view(cast.quay), claim.pk, there)
    file_appeal(cast.view(cast.quay), n, "It only says what stands in the article.")
    with pytest.raises(Refused, match="words_changed_since"):
        decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)


def test_the_words_of_a_dispute_come_back(cast, claim):
    entry = says(cast.view(cast.quay), claim, "asserts", "Harbour office", "harbour")
    dispute_attribution(cast.view(cast.hill), entry.pk, "The office said nothing of the kind.")
    strike_dispute(cast.view(cast.mod), Dispute.objects.get().pk, reason=REASON)
    overturned(cast, cast.hill)
    assert Dispute.objects.get().reason == "The office said nothing of the kind."


def test_only_who_moderates_there_brings_back_and_only_what_was_removed(cast, claim):
    with pytest.raises(Refused, match="not_removed"):
        restore_claim(cast.view(cast.mod), claim.pk, reason=SUMMARY)
    take_out_claim(cast.view(cast.mod), claim.pk, reason=REASON)
    for who in (cast.hill, cast.quay):
        with pytest.raises(Refused):
            restore_claim(cast.view(who), claim.pk, reason=SUMMARY)
    restore_claim(cast.view(cast.mod), claim.pk, reason=SUMMARY)
    assert shown(cast) == [TEXT]


def test_a_note_comes_back_and_nobody_learns_whose_it_is(cast):
    """SEC-122: the log and those who decide are not told who wrote a note."""
    note = proposed(cast, join(cast.hill).member)
    remove_note(cast.view(cast.mod), note.pk, reason=REASON)
    n = modlog.head()[0]
    page = statement_page(cast.view(cast.hill), n)
    assert page.words == note.text
    overturned(cast, cast.hill)
    assert Note.objects.get().state == "proposed"
    seen = [queries.appeal_for(cast.view(cast.admin), n)]
    assert [(one.member_id, one.member, one.is_unnamed) for one in seen] == [(None, None, True)]
    assert queries.appeals_by(cast.view(cast.admin), cast.hill.pk) == []
    subjects = modlog.LogText.objects.filter(field="subject", value=str(cast.hill.pk))
    assert not subjects.filter(entry_id__gte=n).exists()
    with pytest.raises(NotFound):
        statement_page(cast.view(cast.quay), n)


def test_what_is_known_of_a_removed_note_goes_with_its_author(cast):
    """SEC-121: the statement goes, what names them in the reason too, and the chain holds."""
    note = proposed(cast, join(cast.hill).member)
    remove_note(cast.view(cast.mod), note.pk, reason=f"This is what {cast.hill.name} always says.")
    n, now = modlog.head()[0], clock.now()
    Erasure.objects.create(
        member=cast.hill, choice="name", state="waiting", asked_at=now, due_at=now
    )
    carry_out(member_id=cast.hill.pk)
    assert not Statement.objects.exists()
    assert not modlog.LogText.objects.filter(entry_id=n, field="reason").exists()
    assert modlog.first_fault() is None
