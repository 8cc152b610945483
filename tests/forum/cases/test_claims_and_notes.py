"""Reporting claims and notes: a case as of a post, removed by the decision, said to its author."""

from __future__ import annotations

import pytest

from rostra.forum.cases import queries
from rostra.forum.cases.actions.deciding import Verdict, decide_case
from rostra.forum.cases.actions.listeners import follow_posts
from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.cases.models import Case
from rostra.forum.claims.actions.listeners import follow_posts as claims_follow
from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.models import Claim
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.notes.models import Note
from rostra.forum.threads.actions.splitting import split_thread
from rostra.forum.threads.events import PostsMoved
from rostra.forum.threads.models import Post
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.forum.claims.people import raise_to
from tests.forum.notes.readers import join, proposed

pytestmark = pytest.mark.django_db
REASON = "Puts down a group of people."
REMOVE = Verdict("remove", "R2", REASON)


@pytest.fixture
def claim(cast) -> Claim:
    post = Post.objects.get(thread=cast.barrier, number=2)
    raise_to(cast.hill)
    return make_claim(cast.view(cast.hill), post.pk, "They always lie about the barrier.")


@pytest.fixture
def note(cast) -> Note:
    return proposed(cast, join(cast.hill).member)


def reported(cast, kind: str, target_id: int, who="quay") -> Case:
    viewer = cast.view(getattr(cast, who))
    report_item(viewer, kind, target_id, rule="R2", line="Insults us all.")
    return Case.objects.get(kind=kind, target_id=target_id)


def test_a_claim_is_removed_by_the_decision_and_its_maker_told(cast, claim):
    with pytest.raises(Refused, match="own_report"):
        reported(cast, "claim", claim.pk, who="hill")
    case = reported(cast, "claim", claim.pk)
    assert (case.title, case.subject_id, case.thread_id) == (
        claim.text, cast.hill.pk, cast.barrier.pk,
    )  # fmt: skip
    decide_case(cast.view(cast.mod), case.pk, case.version, REMOVE)
    assert Claim.objects.get().state == "removed"
    entry = LogEntry.objects.latest("n")
    assert (entry.kind, entry.rule, entry.public["origin"]) == ("claim.remove", "R2", "report")
    assert Statement.objects.get(entry=entry).member_id == cast.hill.pk
    assert queries.reports_by(cast.quay.pk)[0].outcome == "acted"


def test_a_note_is_removed_and_nobody_who_decides_learns_whose_it_is(cast, note):
    """SEC-122."""
    case = reported(cast, "note", note.pk)
    assert (case.subject_id, case.source) == (None, note.text)
    decide_case(cast.view(cast.mod), case.pk, case.version, REMOVE)
    assert Note.objects.get().state == "removed"
    assert Statement.objects.get().member_id == cast.hill.pk


def test_nobody_decides_about_a_note_of_their_own(cast):
    note = proposed(cast, join(cast.mod).member)
    case = reported(cast, "note", note.pk)
    viewer = cast.view(cast.mod)
    assert queries.queue(viewer, limit=9) == []
    assert [row.id for row in queries.queue(cast.view(cast.admin), limit=9)] == [case.pk]
    with pytest.raises(NotFound):
        queries.shown_case(viewer, case.pk)
    with pytest.raises((NotFound, Refused)):
        decide_case(viewer, case.pk, case.version, REMOVE)
    assert Note.objects.get().state == "proposed"


@pytest.mark.parametrize("decision", ["lock", "remove"])
def test_only_what_can_be_done_to_it_is_offered(cast, claim, note, decision):
    case = reported(cast, "claim", claim.pk)
    if decision == "lock":
        with pytest.raises(Invalid):
            decide_case(cast.view(cast.mod), case.pk, case.version, Verdict("lock", "R2", REASON))
    other = reported(cast, "note", note.pk)
    with pytest.raises(Invalid):
        decide_case(cast.view(cast.mod), other.pk, other.version, Verdict("settle"))


def test_what_cannot_be_read_cannot_be_reported(cast):
    """SEC-049."""
    secret = Post.objects.filter(thread=cast.secret).first()
    hidden = make_claim(cast.view(cast.mod), secret.pk, "Nobody else may read this sentence.")
    for who in ("quay", "hill"):
        with pytest.raises(NotFound):
            reported(cast, "claim", hidden.pk, who=who)
    assert not Case.objects.exists()


def test_a_case_goes_along_with_the_claim_whose_post_moved(cast, claim):
    case = reported(cast, "claim", claim.pk)
    split = split_thread(
        cast.view(cast.mod), cast.barrier.pk, [claim.post_id], "Elsewhere", reason=REASON
    )
    moved = PostsMoved(from_thread_id=cast.barrier.pk, to_thread_id=split.pk, log_n=1)
    for follow in (follow_posts, claims_follow):  # in either order
        follow(moved)
    assert Case.objects.get(pk=case.pk).thread_id == split.pk
