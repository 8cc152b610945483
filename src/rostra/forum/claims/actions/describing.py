"""Saying when and where what a claim says happened, and its tags, as who may reword it may."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import circumstances, rules
from rostra.forum.claims.actions.making import may_change_alone
from rostra.forum.claims.actions.rows import (
    locked_claim,
    log_claim_act,
    note_change,
    put_tags,
    rung_for,
)
from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.models import Claim, ClaimEvent
from rostra.forum.words.taking import check_texts
from rostra.kernel.errors import Refused

TOLD = ("described", "description_proposed", "description_declined")


@transaction.atomic
def describe_claim(
    viewer: Viewer, claim_id: int, typed: Circumstances, *, reason: str = ""
) -> bool:
    """Say when and where, and which tags, or propose that; return whether it is done.

    Who may is who may reword it (`reword_claim`); a moderator's act is logged. Emits ClaimChanged;
    raises NotFound, Refused, Invalid.
    """
    found = circumstances.checked(typed)
    thread, claim = locked_claim(viewer, claim_id)
    rung = rung_for(viewer, thread.board_id)
    is_alone = may_change_alone(viewer, thread, claim, rung)
    member_id = viewer.require_member()
    before, after = kept_by(claim), circumstances.as_text(found)
    if before == after:
        return True
    texts = {"place": found.place, "tags": found.tags}
    check_texts(viewer, texts, board_id=thread.board_id, before=(claim.place, claim.tags))
    if rung is not None and not is_alone:
        claim.described, claim.described_by_id = after or circumstances.NONE, member_id
        note_change(claim, "description_proposed", member_id, {"text": claim.described})
        return False
    log_n = None
    if claim.maker_id != member_id:
        log_n = log_claim_act(viewer, "claim.describe", claim, reason, before=before, after=after)
    put_circumstances(claim, found, member_id, log_n)
    return True


@transaction.atomic
def accept_description(viewer: Viewer, claim_id: int, proposed: str, *, is_accepted: bool) -> None:
    """Accept or decline what another trusted member proposed; emits ClaimChanged.

    proposed: as it was shown, so that nobody accepts what came meanwhile.
    """
    thread, claim = locked_claim(viewer, claim_id)
    rules.may_judge(viewer, thread, rung_for(viewer, thread.board_id)).enforce()
    member_id = viewer.require_member()
    if not claim.described or claim.described != proposed:
        raise Refused("proposal_gone")
    if is_accepted and claim.described_by_id == member_id:
        raise Refused("own_proposal")
    if is_accepted:
        put_circumstances(claim, circumstances.from_text(claim.described), member_id, None)
        return
    claim.described, claim.described_by_id = "", None
    note_change(claim, "description_declined", member_id, {"text": proposed})


def put_circumstances(
    claim: Claim, found: Circumstances, member_id: int, log_n: int | None
) -> None:
    """Have a locked claim say these; what it said before is in its history, or in the log."""
    data = {"before": kept_by(claim), "after": circumstances.as_text(found)}
    claim.begins, claim.ends, claim.place, claim.tags = found
    claim.described, claim.described_by_id = "", None
    put_tags(claim)
    if log_n is not None:
        # What a moderator takes out of a claim is not told by its history: the log has it.
        ClaimEvent.objects.filter(claim=claim, kind__in=TOLD).update(data={})
        data = {}
    note_change(claim, "described", member_id, data, log_n=log_n)


def kept_by(claim: Claim) -> str:
    """Return what a claim says of when and where, and its tags, as one line."""
    found = Circumstances(claim.begins, claim.ends, claim.place, claim.tags)
    return circumstances.as_text(found)
