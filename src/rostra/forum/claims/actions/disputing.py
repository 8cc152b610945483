"""Disputing entries, deciding about those that two members dispute, striking what was said."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import rules
from rostra.forum.claims.actions.rows import (
    enforce_day,
    facts_of,
    locked_entry,
    log_claim_act,
    note_change,
    rung_for,
)
from rostra.forum.claims.models import Attribution, Dispute
from rostra.forum.threads import rules as thread_rules
from rostra.forum.words.taking import check_texts
from rostra.kernel import clock
from rostra.kernel.errors import NotFound


@transaction.atomic
def dispute_attribution(viewer: Viewer, entry_id: int, reason: str) -> None:
    """Say that an entry is wrong, once, and why; emits ClaimChanged.

    By the second member it does not count any more, until a third trusted one has decided.
    """
    reason = rules.check_reason(reason)
    thread, claim, entry = locked_entry(viewer, entry_id)
    rung = rung_for(viewer, thread.board_id)
    rules.may_dispute(viewer, thread, rung, facts_of(entry)).enforce()
    check_texts(viewer, {"reason": reason}, board_id=thread.board_id)
    member_id = viewer.require_member()
    if rung is not None:
        lately = Dispute.objects.filter(member_id=member_id).order_by("-id")
        times = list(lately.values_list("at", flat=True)[: rules.DISPUTES_A_DAY])
        enforce_day(times, rules.DISPUTES_A_DAY, "disputes_a_day")
    Dispute.objects.create(attribution=entry, member_id=member_id, reason=reason, at=clock.now())
    if Dispute.objects.filter(attribution=entry, is_open=True).count() >= rules.DISPUTED_BY:
        entry.state = Attribution.State.DISPUTED
        entry.save(update_fields=["state"])
    note_change(claim, "entry_disputed", member_id, {"entry": entry.pk})


@transaction.atomic
def decide_attribution(viewer: Viewer, entry_id: int, *, is_kept: bool, reason: str) -> None:
    """Keep a disputed entry or take it out, as a trusted member who neither added nor disputed it.

    Emits ClaimChanged. Who disputed it before cannot again; two others can.
    """
    reason = rules.check_reason(reason)
    thread, claim, entry = locked_entry(viewer, entry_id)
    rung = rung_for(viewer, thread.board_id)
    rules.may_decide(viewer, thread, rung, facts_of(entry)).enforce()
    check_texts(viewer, {"reason": reason}, board_id=thread.board_id)
    entry.state = Attribution.State.ACTIVE if is_kept else Attribution.State.WITHDRAWN
    entry.save(update_fields=["state"])
    Dispute.objects.filter(attribution=entry).update(is_open=False)
    what = "entry_kept" if is_kept else "entry_taken_out"
    note_change(claim, what, viewer.member_id, {"entry": entry.pk, "reason": reason})


@transaction.atomic
def strike_dispute(viewer: Viewer, dispute_id: int, *, reason: str) -> None:
    """Take the words of a dispute out, as a moderator, logged; it counts on. Emits ClaimChanged."""
    entry_id = (
        Dispute.objects.filter(pk=dispute_id).values_list("attribution_id", flat=True).first()
    )
    if entry_id is None:
        raise NotFound
    thread, claim, _ = locked_entry(viewer, entry_id)
    thread_rules.may_moderate(viewer, thread.board_id).enforce()
    dispute = Dispute.objects.get(pk=dispute_id)
    if not dispute.reason:
        return
    log_n = log_claim_act(
        viewer, "claim.strike", claim, reason, {"dispute": dispute.pk},
        before=dispute.reason, about_id=dispute.member_id,
    )  # fmt: skip
    dispute.reason = ""
    dispute.save(update_fields=["reason"])
    note_change(claim, "dispute_struck", viewer.member_id, {"entry": entry_id}, log_n=log_n)
