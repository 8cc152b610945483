"""Two claims of a thread: the same, or one that has taken the other's place (A1, A2, A4)."""

from __future__ import annotations

import pytest

from rostra.forum.claims.actions.making import make_claim, take_out_claim
from rostra.forum.claims.actions.proposing import answer_step, propose_step
from rostra.forum.claims.models import Claim, ClaimEvent
from rostra.forum.claims.queries import claim_for
from rostra.forum.modlog.models import LogEntry
from rostra.forum.threads.models import Post
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.forum.claims.people import raise_to, says, someone

pytestmark = pytest.mark.django_db
REASON = "Both say that the town was taken."


@pytest.fixture
def pair(cast):
    raise_to(cast.quay)
    raise_to(cast.hill)
    post = Post.objects.get(thread=cast.barrier, number=1)
    view = cast.view(cast.quay)
    return (
        make_claim(view, post.pk, "The army controls the town."),
        make_claim(view, post.pk, "The rebels control the town since May."),
    )


def refused(reason):
    return pytest.raises(Refused, match=f"^{reason}$")


def proposed(cast, pair, step="supersede"):
    old, new = pair
    propose_step(cast.view(cast.quay), old.pk, step, new.pk)
    return old.pk, step, new.pk


def shown(cast, claim):
    return claim_for(cast.view(None), claim.pk)


def test_another_trusted_member_says_that_one_has_taken_its_place(cast, pair):
    asked = proposed(cast, pair)
    assert (shown(cast, pair[0]).step, shown(cast, pair[0]).step_into) == (
        "supersede", pair[1].text,
    )  # fmt: skip
    with refused("own_proposal"):
        answer_step(cast.view(cast.quay), *asked, is_accepted=True)
    answer_step(cast.view(cast.hill), *asked, is_accepted=True)
    row = shown(cast, pair[0])
    assert (row.superseded_by_id, row.superseded_by, row.step) == (pair[1].pk, pair[1].text, "")
    assert not LogEntry.objects.filter(kind__startswith="claim.").exists()  # members' affair
    kinds = ClaimEvent.objects.filter(claim=pair[0]).order_by("id").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["step_proposed", "superseded"]


def test_the_status_is_never_set_by_it_and_it_falls_when_that_changes(cast, pair):
    """A4: an overlay; what is said later of the claim ends it."""
    says(cast.view(cast.hill), pair[0], "asserts", "State TV", "tv")
    answer_step(cast.view(cast.hill), *proposed(cast, pair), is_accepted=True)
    assert (shown(cast, pair[0]).status, shown(cast, pair[0]).superseded_by_id) == (
        "single_source", pair[1].pk,
    )  # fmt: skip
    says(cast.view(cast.hill), pair[0], "relays", "State TV", "carrier")  # changes nothing
    assert shown(cast, pair[0]).superseded_by_id == pair[1].pk
    says(cast.view(cast.hill), pair[0], "denies", "Rebels", "rebels")
    assert shown(cast, pair[0]).superseded_by_id is None


def test_only_moderators_accept_that_two_are_the_same_and_it_is_logged(cast, pair):
    asked = proposed(cast, pair, "merge")
    with refused("not_a_moderator_here"):
        answer_step(cast.view(cast.hill), *asked, is_accepted=True, reason=REASON)
    assert Claim.objects.get(pk=pair[0].pk).step == "merge"
    with pytest.raises(Invalid):
        answer_step(cast.view(cast.mod), *asked, is_accepted=True, reason="ok")
    answer_step(cast.view(cast.mod), *asked, is_accepted=True, reason=REASON)
    merged = Claim.objects.get(pk=pair[0].pk)
    assert (merged.state, merged.merged_into_id, merged.step) == ("merged", pair[1].pk, "")
    assert LogEntry.objects.latest("n").kind == "claim.merge"


def test_who_may_propose_and_what(cast, pair):
    old, new = pair
    member = someone("Passer-by", "member")
    with refused("claims_for_trusted"):
        propose_step(cast.view(member), old.pk, "supersede", new.pk)
    view = cast.view(cast.quay)
    with refused("same_claim"):
        propose_step(view, old.pk, "supersede", old.pk)
    with pytest.raises(Invalid):
        propose_step(view, old.pk, "agree", new.pk)
    elsewhere = Post.objects.filter(thread=cast.secret).first()
    hidden = make_claim(cast.view(cast.mod), elsewhere.pk, "Nobody else may read this sentence.")
    with pytest.raises(NotFound):
        propose_step(view, old.pk, "supersede", hidden.pk)


def test_nothing_goes_round_in_a_circle(cast, pair):
    old, new = pair
    answer_step(cast.view(cast.hill), *proposed(cast, pair), is_accepted=True)
    with refused("superseded_itself"):
        propose_step(cast.view(cast.quay), new.pk, "supersede", old.pk)


def test_a_proposal_is_declined_or_gone(cast, pair):
    asked = proposed(cast, pair)
    with refused("proposal_gone"):
        answer_step(cast.view(cast.hill), asked[0], "merge", asked[2], is_accepted=True)
    answer_step(cast.view(cast.hill), *asked, is_accepted=False)
    with refused("proposal_gone"):
        answer_step(cast.view(cast.hill), *asked, is_accepted=True)
    assert shown(cast, pair[0]).superseded_by_id is None


def test_a_claim_that_was_removed_is_not_named_by_the_other(cast, pair):
    """SEC-056."""
    answer_step(cast.view(cast.hill), *proposed(cast, pair), is_accepted=True)
    take_out_claim(cast.view(cast.mod), pair[1].pk, reason="Names a private person, see rule 4.")
    row = shown(cast, pair[0])
    assert (row.superseded_by_id, row.superseded_by) == (None, "")
