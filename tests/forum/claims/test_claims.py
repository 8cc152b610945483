"""Claims by actions: the worked example, who may what, and what takes part in their history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from rostra.forum.claims.actions.disputing import decide_attribution, dispute_attribution
from rostra.forum.claims.actions.entries import (
    add_attribution,
    confirm_attribution,
    place_attribution,
    withdraw_attribution,
)
from rostra.forum.claims.actions.making import (
    accept_wording,
    make_claim,
    merge_claims,
    reword_claim,
    take_out_claim,
)
from rostra.forum.claims.models import Attribution, Claim, ClaimEvent
from rostra.forum.claims.queries import claim_for, entries_for
from rostra.forum.claims.rules import CLAIMS_A_DAY, ENTRIES_A_DAY, Entry
from rostra.forum.documents.models import Publisher
from rostra.forum.modlog.models import LogEntry
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.models import Post
from rostra.kernel import clock, jobs
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from tests.forum.claims.people import WHY, raise_to, read, says, someone

PUBLIC = "Two claims of the same thing, says the rule."


@pytest.fixture
def people(cast):
    for member in (cast.quay, cast.hill):
        raise_to(member)
    return cast


@pytest.fixture
def opening(cast):
    return Post.objects.get(thread=cast.barrier, number=1)


@pytest.fixture
def claim(people, opening):
    return make_claim(people.view(people.quay), opening.pk, "The barrier was closed.")


def fresh(claim):
    claim.refresh_from_db()
    return claim


def statuses(claim):
    return [status for _, status in fresh(claim).history]


def logged():
    return list(LogEntry.objects.filter(kind__startswith="claim.").order_by("n"))


def work():
    while jobs.run_due():
        pass


def test_the_worked_example(people, opening):
    """A5: a contested headline goes single source, contested, conceded; nobody sets a status."""
    quay, hill = people.view(people.quay), people.view(people.hill)
    text = "The army controls the town."
    claim = make_claim(quay, opening.pk, text, "state", words="It was closed in time.")
    assert fresh(claim).status == "unsourced"
    state = says(quay, claim, "asserts", "", "statetv", "2026-11-20 07:10", "controls the town")
    read("https://statetv.example/1", "The army controls the town, a spokesman said.")
    place_attribution(quay, state.pk, "aligned")
    assert fresh(claim).status == "single_source"
    says(quay, claim, "relays", "State TV, carried by Channel", "channel", "2026-11-20 07:10")
    assert fresh(claim).status == "single_source"
    doubt = says(hill, claim, "doubts", "Channel's reporter", "channel", "2026-11-20 07:31")
    place_attribution(hill, doubt.pk, "non_party")
    assert fresh(claim).status == "contested"
    words = "We left the town this morning, a rebel said."
    first = says(quay, claim, "concedes", "The rebels", "wire", "2026-11-20 09:00", words)
    read("https://wire.example/1", words)
    assert fresh(claim).status == "contested"  # whose side they are on is not known yet
    place_attribution(hill, first.pk, "adverse")
    assert fresh(claim).status == "conceded"
    second = says(hill, claim, "concedes", "the  Rebels", "agency", "2026-11-20 09:00")
    place_attribution(quay, second.pk, "adverse")
    assert statuses(claim) == ["single_source", "contested", "conceded"]
    changes = ClaimEvent.objects.filter(claim=claim, kind="status").order_by("id")
    assert [one.data["status"] for one in changes] == ["single_source", "contested", "conceded"]
    assert fresh(claim).entry_count == 5
    people.barrier.refresh_from_db()
    assert people.barrier.claim_count == 1


def test_the_other_claims_of_the_example_say_how_sure_they_are(people, opening):
    """A5: who gave no details, and who said "probably"."""
    quay = people.view(people.quay)
    counted = make_claim(quay, opening.pk, "Forty people are missing.", "quantity")
    says(quay, counted, "asserts", "A monitor", "monitor", has_details=False)
    shot = make_claim(quay, opening.pk, "They were shot after it.", "event")
    says(quay, shot, "asserts", "A rights group", "rights", modality="probably")
    assert (fresh(counted).status, counted.lacks_details) == ("single_source", True)
    assert (fresh(shot).status, shot.surest) == ("single_source", "probably")


@pytest.mark.parametrize(
    ("who", "rung", "number", "reason"),
    [
        ("quay", "new", 1, "claims_for_members"),
        ("quay", "member", 1, None),
        ("hill", "member", 1, "claims_from_own_posts"),
        ("hill", "trusted", 1, None),
        ("mod", "new", 1, None),
    ],
)
def test_who_makes_claims(cast, who, rung, number, reason):
    member = raise_to(getattr(cast, who), rung)
    post = Post.objects.get(thread=cast.barrier, number=number)
    if reason is None:
        assert make_claim(cast.view(member), post.pk, "The barrier was closed.").maker == member
        return
    with pytest.raises(Refused) as refused:
        make_claim(cast.view(member), post.pk, "The barrier was closed.")
    assert refused.value.reason == reason


def test_what_a_claim_may_be(people, opening):
    quay = people.view(people.quay)
    for text, kind, words, field in (
        ("Short", "event", "", "text"), ("x" * 281, "event", "", "text"),
        ("\u200b" * 20, "event", "", "text"), ("It was closed.", "rumour", "", "kind"),
        ("It was closed.", "event", "words of another post", "words"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            make_claim(quay, opening.pk, text, kind, words=words)
        assert set(wrong.value.fields) == {field}
    make_claim(quay, opening.pk, "It was closed.")
    with pytest.raises(Invalid, match="claim_there_already"):
        make_claim(quay, opening.pk, "IT WAS CLOSED.")
    secret = Post.objects.get(thread=people.secret, number=1)
    with pytest.raises(NotFound):
        make_claim(quay, secret.pk, "It was closed.")
    assert Claim.objects.count() == 1


def test_what_an_entry_may_be(people, claim):
    quay = people.view(people.quay)
    tomorrow = f"{clock.now() + timedelta(days=1):%Y-%m-%d}"
    for entry, field in (
        (Entry(speaker="A"), "url"), (Entry(url="ftp://x"), "url"),
        (Entry("thinks", "A", "https://a.example"), "stance"),
        (Entry(speaker="A" * 121, url="https://a.example"), "speaker"),
        (Entry(post_number=1), "speaker"),
        (Entry(speaker="A", post_number=1, quote="not in the post"), "quote"),
        (Entry(speaker="A", post_number=99), "post"),
        (Entry(url="https://a.example", quote="short"), "quote"),
        (Entry(url="https://a.example", said="yesterday"), "said"),
        (Entry(url="https://a.example", said=tomorrow), "said"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            add_attribution(quay, claim.pk, entry)
        assert set(wrong.value.fields) == {field}, entry
    assert not Attribution.objects.exists()


def test_how_many_a_day(people, claim):
    quay = people.view(raise_to(people.quay, "member"))
    for n in range(ENTRIES_A_DAY["member"]):
        says(quay, claim, "asserts", f"Speaker {n}", "a")
    with pytest.raises(TooMany):
        says(quay, claim, "asserts", "One more", "a")
    own = post_reply(quay, people.barrier.pk, "Some words.")
    for n in range(CLAIMS_A_DAY["member"] - 1):
        make_claim(quay, own.pk, f"The gate number {n} stood open.")
    with pytest.raises(TooMany):
        make_claim(quay, own.pk, "All of the gates stood open.")
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        make_claim(quay, own.pk, "All of the gates stood open.")


def test_when_things_were_said(people, claim):
    """DECISIONS 25: when they were said, else when the document was published, else entered."""
    quay = people.view(people.quay)
    entered = says(quay, claim, "asserts", "", "a")
    assert abs(entered.at - clock.now()) < timedelta(minutes=1)
    published = datetime(2026, 11, 20, 7, tzinfo=UTC)
    read("https://a.example/1", "The barrier was closed.", published)
    entered.refresh_from_db()
    assert entered.at == published
    assert fresh(claim).history == [[published.isoformat(), "single_source"]]
    known = says(quay, claim, "denies", "A gauge", "b", "2026-11-19")
    assert (known.at, known.is_exact) == (datetime(2026, 11, 19, tzinfo=UTC), False)
    assert statuses(claim) == ["contested"]
    # What was entered is not rewritten: it was a single source first.
    entered_as = ClaimEvent.objects.filter(claim=claim, kind="status").order_by("id")
    assert [one.data["status"] for one in entered_as] == ["single_source", "contested"]


def test_a_quote_is_looked_for_once_its_document_is_read(people, claim):
    quay = people.view(people.quay)
    entry = says(quay, claim, "asserts", "", "a", quote="closed well before the tide")
    assert entry.quote_check == "unchecked"
    read("https://a.example/1", "It was “closed well before the Tide”, he said.")
    entry.refresh_from_db()
    assert entry.quote_check == "verified"
    read("https://a.example/1", "Something else stands there now.")
    entry.refresh_from_db()
    assert entry.quote_check == "verified"


def test_words_of_an_edited_post_are_found_again(people, opening):
    quay = people.view(people.quay)
    claim = make_claim(quay, opening.pk, "The barrier was closed.", words="It was closed in time.")
    edit_post(quay, opening.pk, "Added before it. It was shut in time.")
    work()
    assert (fresh(claim).found, claim.quote) == ("stands", "It was shut in time.")
    edit_post(quay, opening.pk, "Nothing of the kind.")
    work()
    assert (fresh(claim).found, claim.quote) == ("gone", "It was shut in time.")
    edit_post(people.view(people.mod), opening.pk, "Nothing.", reason=PUBLIC)
    work()
    assert (fresh(claim).found, claim.quote) == ("gone", "")  # SEC-056


def test_rewording(people, claim):
    """Until three entries by its maker alone; then another trusted member accepts."""
    quay, hill = people.view(people.quay), people.view(people.hill)
    assert reword_claim(quay, claim.pk, "The barrier was shut.")
    for n in range(3):
        says(hill, claim, "asserts", f"Speaker {n}", "a")
    assert not reword_claim(quay, claim.pk, "The barrier was shut at six.")
    assert fresh(claim).text == "The barrier was shut."
    with pytest.raises(Refused, match="own_proposal"):
        accept_wording(quay, claim.pk, claim.proposed, is_accepted=True)
    with pytest.raises(Refused, match="proposal_gone"):
        accept_wording(hill, claim.pk, "Something else.", is_accepted=True)
    accept_wording(hill, claim.pk, claim.proposed, is_accepted=True)
    assert (fresh(claim).text, claim.proposed) == ("The barrier was shut at six.", "")
    with pytest.raises(Invalid):
        reword_claim(people.view(people.mod), claim.pk, "The barrier was not shut.")
    reword_claim(people.view(people.mod), claim.pk, "The barrier was not shut.", reason=PUBLIC)
    assert [one.kind for one in logged()] == ["claim.edit"]
    assert "at six" not in str(list(ClaimEvent.objects.values_list("data", flat=True)))


def test_merging_and_taking_out_are_logged(people, claim):
    """SEC-120: what a moderator does to others' claims has one row each."""
    quay, hill, mod = (people.view(one) for one in (people.quay, people.hill, people.mod))
    other = make_claim(hill, claim.post_id, "They had closed the barrier.")
    entry = says(hill, other, "asserts", "A", "a")
    with pytest.raises(Refused):
        merge_claims(quay, other.pk, claim.pk, reason=PUBLIC)
    merge_claims(mod, other.pk, claim.pk, reason=PUBLIC)
    entry.refresh_from_db()
    assert (entry.claim_id, fresh(claim).status) == (claim.pk, "single_source")
    assert (fresh(other).state, other.merged_into_id) == ("merged", claim.pk)
    with pytest.raises(Refused):
        take_out_claim(quay, claim.pk)  # somebody else has said something
    withdraw_attribution(mod, entry.pk, reason=PUBLIC)
    shown = claim_for(quay, claim.pk)
    assert [len(entries_for(who, shown)) for who in (quay, mod)] == [0, 1]
    take_out_claim(mod, claim.pk, reason=PUBLIC)
    kinds = [one.kind for one in logged()]
    assert kinds == ["claim.merge", "claim.withdraw_entry", "claim.remove"]
    alone = make_claim(quay, claim.post_id, "The walkway stood under water.")
    take_out_claim(quay, alone.pk)
    assert len(logged()) == 3
    people.barrier.refresh_from_db()
    assert people.barrier.claim_count == 0


# Abuses, each with its outcome.


def test_one_member_with_two_accounts_settles_nothing(people, claim):
    """ABU: a second account is new, then a member; neither makes a claim corroborated."""
    second = someone("Quay Two", "new")
    with pytest.raises(Refused, match="claims_for_members"):
        says(people.view(second), claim, "asserts", "A wire", "wire")
    raise_to(second, "member")
    one = says(people.view(people.quay), claim, "asserts", "A wire", "wire")
    says(people.view(second), claim, "corroborates", "A blog", "blog")
    with pytest.raises(Refused, match="claims_for_trusted"):
        place_attribution(people.view(second), one.pk, "non_party")
    with pytest.raises(Refused, match="claims_for_trusted"):
        confirm_attribution(people.view(second), one.pk)
    assert fresh(claim).status == "single_source"
    with pytest.raises(Refused, match="own_entry"):
        dispute_attribution(people.view(people.quay), one.pk, WHY)
    dispute_attribution(people.view(second), one.pk, WHY)
    with pytest.raises(Refused, match="disputed_already"):
        dispute_attribution(people.view(second), one.pk, WHY)
    one.refresh_from_db()
    assert one.state == "active"


def test_an_invented_speaker_is_disputed_and_does_not_count(people, claim):
    """ABU, SEC-126: two members dispute it; a third trusted one, who did neither, decides."""
    liar, a, b = someone("Liar", "member"), someone("Reader A", "member"), someone("Reader B")
    entry = says(people.view(liar), claim, "denies", "A harbour master of nowhere", "blog")
    assert fresh(claim).status == "contested"
    for reader in (a, b):
        dispute_attribution(people.view(reader), entry.pk, WHY)
    assert (fresh(claim).status, claim.entry_count) == ("unsourced", 0)
    for who, reason in ((b, "decided_by_a_third"), (a, "claims_for_trusted")):
        with pytest.raises(Refused, match=reason):
            decide_attribution(people.view(who), entry.pk, is_kept=False, reason=WHY)
    decide_attribution(people.view(people.hill), entry.pk, is_kept=False, reason=WHY)
    entry.refresh_from_db()
    assert entry.state == "withdrawn"
    kinds = ClaimEvent.objects.filter(claim=claim).order_by("id").values_list("kind", flat=True)
    assert "entry_taken_out" in kinds


def test_an_edit_war_ends(people, claim):
    """ABU, SEC-126: who disputed cannot again; what was kept needs two others to go again."""
    entry = says(people.view(people.quay), claim, "asserts", "A", "a")
    warriors = [someone(f"Warrior {n}", "member") for n in "AB"]
    for warrior in warriors:
        dispute_attribution(people.view(warrior), entry.pk, WHY)
    decide_attribution(people.view(people.hill), entry.pk, is_kept=True, reason=WHY)
    assert fresh(claim).status == "single_source"
    for warrior in warriors:
        with pytest.raises(Refused, match="disputed_already"):
            dispute_attribution(people.view(warrior), entry.pk, WHY)
    dispute_attribution(people.view(someone("Warrior C", "member")), entry.pk, WHY)
    assert fresh(claim).status == "single_source"


def test_false_dates(people, claim):
    """ABU: not in the future, not after the document that is to hold it; the feed keeps its order."""
    quay = people.view(people.quay)
    says(quay, claim, "asserts", "", "a")
    read("https://a.example/1", "The barrier was closed.", datetime(2026, 11, 10, tzinfo=UTC))
    with pytest.raises(Invalid, match="said_after_document"):
        says(quay, claim, "denies", "A", "a", "2026-11-20")
    says(quay, claim, "denies", "A", "a", "1999-01-01")
    assert statuses(claim) == ["contested"]
    last = ClaimEvent.objects.filter(claim=claim, kind="status").latest("id")
    assert (last.data["was"], clock.now() - last.at < timedelta(minutes=1)) == (
        "single_source", True,
    )  # fmt: skip


def test_split_roots_are_one_source(people, claim):
    """ABU: one speaker under two names; who owns whom, or a trusted member, makes them one."""
    quay, hill = people.view(people.quay), people.view(people.hill)
    entries = [
        says(quay, claim, "asserts", "", "wire"),
        says(hill, claim, "asserts", "", "paper"),
        says(hill, claim, "asserts", "The Wire, by its editor", "third"),
    ]
    for entry, other in zip(entries, (hill, quay, quay), strict=True):
        place_attribution(other, entry.pk, "non_party")
        confirm_attribution(other, entry.pk)
    assert fresh(claim).status == "corroborated"
    wire = Publisher.objects.get(domain="wire.example")
    Publisher.objects.filter(domain="paper.example").update(owner=wire)
    place_attribution(hill, entries[2].pk, "non_party", same_as=entries[0].pk)
    assert fresh(claim).status == "single_source"


def test_a_wrong_quote_settles_nothing(people, claim):
    """ABU: a quote that is not there backs no entry; one that is nearly there is not enough."""
    quay, hill = people.view(people.quay), people.view(people.hill)
    entry = says(quay, claim, "concedes", "The council", "a", quote="we did not close it in time")
    place_attribution(quay, entry.pk, "adverse")
    read("https://a.example/1", "The council said: we did close it in time, all of us.")
    entry.refresh_from_db()
    assert (entry.quote_check, fresh(claim).status) == ("fuzzy", "single_source")
    with pytest.raises(Refused, match="own_entry"):
        confirm_attribution(quay, entry.pk)
    confirm_attribution(hill, entry.pk)
    assert fresh(claim).status == "conceded"
