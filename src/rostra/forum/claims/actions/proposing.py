"""Proposing, as a trusted member, that a claim is the same as another, or that another has taken
its place since the world changed; and what a second person says to that."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import rules
from rostra.forum.claims.actions.making import merge_claims
from rostra.forum.claims.actions.rows import locked_claim, note_change, rung_for
from rostra.forum.claims.models import Claim
from rostra.kernel.errors import Invalid, NotFound, Refused


@transaction.atomic
def propose_step(viewer: Viewer, claim_id: int, step: str, into_id: int) -> None:
    """Propose to make a claim one with another of its thread ("merge"), or to say that the other
    has taken its place ("supersede"). Emits ClaimChanged; raises NotFound, Invalid, Refused."""
    if step not in Claim.Step.values:
        raise Invalid({"step": "not_a_choice"})
    thread, claim = locked_claim(viewer, claim_id)
    rules.may_judge(viewer, thread, rung_for(viewer, thread.board_id)).enforce()
    if into_id == claim_id:
        raise Refused("same_claim")
    other_thread, into = locked_claim(viewer, into_id)
    if other_thread.pk != thread.pk:
        raise NotFound
    if into.superseded_by_id is not None:
        raise Refused("superseded_itself")
    claim.step, claim.step_into, claim.step_by_id = step, into, viewer.require_member()
    note_change(claim, "step_proposed", viewer.member_id, {"step": step, "into": into_id})


@transaction.atomic
def answer_step(
    viewer: Viewer, claim_id: int, step: str, into_id: int, *, is_accepted: bool, reason: str = ""
) -> None:
    """Accept what another proposed, or decline it; emits ClaimChanged.

    step, into_id: as they were shown, so that nobody accepts what came meanwhile. That two are the
    same only a moderator accepts, with a public reason; that one has taken the other's place, any
    second trusted member does.
    """
    thread, claim = locked_claim(viewer, claim_id)
    rules.may_judge(viewer, thread, rung_for(viewer, thread.board_id)).enforce()
    me = viewer.require_member()
    if not claim.step or (claim.step, claim.step_into_id) != (step, into_id):
        raise Refused("proposal_gone")
    by_id, claim.step, claim.step_into, claim.step_by = claim.step_by_id, "", None, None
    data = {"step": step, "into": into_id}
    if not is_accepted:
        note_change(claim, "step_declined", me, data)
        return
    if by_id == me:
        raise Refused("own_proposal")
    claim.save(update_fields=["step", "step_into", "step_by"])
    if step == Claim.Step.MERGE:
        merge_claims(viewer, claim_id, into_id, reason=reason)
        return
    _, into = locked_claim(viewer, into_id)
    if into.superseded_by_id is not None:
        raise Refused("superseded_itself")
    claim.superseded_by = into
    note_change(claim, "superseded", me, {"into": into_id})
