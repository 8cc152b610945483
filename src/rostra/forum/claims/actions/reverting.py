"""Taking back what a moderator did to a claim: it stands again as it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import circumstances
from rostra.forum.claims.actions.describing import kept_by, put_circumstances
from rostra.forum.claims.actions.making import has_room, put_wording
from rostra.forum.claims.actions.rows import (
    locked_claim,
    locked_entry,
    log_claim_act,
    note_change,
)
from rostra.forum.claims.models import Attribution, Claim, ClaimEvent, Dispute
from rostra.forum.claims.rules import DISPUTED_BY
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.queries import LogRow
from rostra.forum.modlog.rules import ALL_COMES_BACK, Outlook
from rostra.forum.modlog.statements import StatementRow
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why
from rostra.forum.threads.rules import may_moderate
from rostra.kernel.errors import Invalid, NotFound, Refused

if TYPE_CHECKING:
    from rostra.forum.threads.models import Thread


@transaction.atomic
def restore_claim(viewer: Viewer, claim_id: int, *, reason: str, why: Why = OF_OWN_ACCORD) -> None:
    """Bring a removed claim back, as a moderator, with a public reason; emits ClaimChanged.

    Raises Refused where it is not removed, or its thread has another that says the same by now.
    """
    thread, claim = _locked_in(viewer, claim_id, Claim.State.REMOVED, "not_removed")
    may_moderate(viewer, thread.board_id).enforce()
    _stand_again(viewer, claim, "claim.restore", reason, why, "restored")


@transaction.atomic
def restore_attribution(
    viewer: Viewer, entry_id: int, *, reason: str, why: Why = OF_OWN_ACCORD
) -> None:
    """Bring an entry back that a moderator took out, with a public reason; emits ClaimChanged."""
    thread, claim, entry = locked_entry(viewer, entry_id)
    may_moderate(viewer, thread.board_id).enforce()
    if entry.state != Attribution.State.REMOVED:
        raise Refused("not_removed")
    facts = {"entry": entry.pk}
    log_n = log_claim_act(
        viewer, "claim.restore_entry", claim, reason, facts, about_id=entry.added_by_id, why=why
    )
    entry.state = Attribution.State.ACTIVE
    if Dispute.objects.filter(attribution=entry, is_open=True).count() >= DISPUTED_BY:
        entry.state = Attribution.State.DISPUTED
    entry.save(update_fields=["state"])
    note_change(claim, "entry_restored", viewer.member_id, {"entry": entry.pk}, log_n=log_n)


def claim_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether what was done to a claim can be taken back, as things are by now."""
    act = stated.entry
    claim = Claim.objects.select_related("post__thread").filter(pk=act.facts["claim"]).first()
    if claim is None:
        return Outlook(refused="changed_since")
    match act.kind:
        case "claim.edit" | "claim.describe":
            if claim.state != Claim.State.VISIBLE:
                return Outlook(refused="changed_since")
            if _before(claim, act) is None:
                return Outlook(refused="words_changed_since")
        case "claim.remove" | "claim.merge" if claim.state != Claim.State.VISIBLE:
            into = Claim.objects.filter(pk=act.facts.get("into", claim.pk)).first()
            if act.kind == "claim.merge" and (into is None or into.state != Claim.State.VISIBLE):
                return Outlook(refused="changed_since")
            try:
                has_room(claim.post.thread, claim.text)
            except Invalid as invalid:
                return Outlook(refused=invalid.fields["text"])
            except Refused as refused:
                return Outlook(refused=refused.reason)
        case _:
            pass
    return ALL_COMES_BACK


@transaction.atomic
def undo_claim_act(viewer: Viewer, act: LogRow, reason: str, why: Why) -> None:
    """Take back what an entry of the log says was done to a claim, as whoever decides about it.

    Raises Refused where things have gone on since, so that nothing can lie as it did.
    """
    facts = act.facts
    match act.kind:
        case "claim.remove":
            restore_claim(viewer, facts["claim"], reason=reason, why=why)
        case "claim.withdraw_entry":
            restore_attribution(viewer, facts["entry"], reason=reason, why=why)
        case "claim.merge":
            _part_again(viewer, facts["claim"], facts["into"], reason, why)
        case "claim.edit":
            _word_as_before(viewer, act, reason, why)
        case "claim.describe":
            _describe_as_before(viewer, act, reason, why)
        case "claim.strike":
            _put_reason_back(viewer, act, reason, why)


def _part_again(viewer: Viewer, claim_id: int, into_id: int, reason: str, why: Why) -> None:
    """Give a claim that was made one with another the entries it came with."""
    _, claim = _locked_in(viewer, claim_id, Claim.State.MERGED, "not_merged")
    _, into = _locked_in(viewer, into_id, Claim.State.VISIBLE, "changed_since")
    merged = ClaimEvent.objects.filter(claim=claim, kind="merged").order_by("-id").first()
    came = [] if merged is None else merged.data.get("entries", [])
    Attribution.objects.filter(pk__in=came, claim=into).update(claim=claim)
    claim.merged_into = None
    log_n = _stand_again(viewer, claim, "claim.unmerge", reason, why, "parted")
    note_change(into, "parted", viewer.member_id, {"claim": claim.pk}, log_n=log_n)


def _word_as_before(viewer: Viewer, act: LogRow, reason: str, why: Why) -> None:
    """Say a claim as it was said before, unless it has been reworded since."""
    _, claim = _locked_in(viewer, act.facts["claim"], Claim.State.VISIBLE, "changed_since")
    before = _before(claim, act)
    if before is None:
        raise Refused("words_changed_since")
    log_n = log_claim_act(
        viewer, "claim.edit", claim, reason, before=claim.text, after=before, why=why
    )
    put_wording(claim, before, viewer.require_member(), log_n)


def _describe_as_before(viewer: Viewer, act: LogRow, reason: str, why: Why) -> None:
    """Say of a claim when and where, and its tags, as before, unless somebody has done so since."""
    _, claim = _locked_in(viewer, act.facts["claim"], Claim.State.VISIBLE, "changed_since")
    before = _before(claim, act)
    if before is None:
        raise Refused("words_changed_since")
    log_n = log_claim_act(
        viewer, "claim.describe", claim, reason, before=kept_by(claim), after=before, why=why
    )
    found = circumstances.from_text(before)
    put_circumstances(claim, found, viewer.require_member(), log_n)


def _before(claim: Claim, act: LogRow) -> str | None:
    """Return what a claim said before an act, if it says yet what that had it say.

    None where it does not, or where the log has been asked to forget it.
    """
    words = modlog.words_of(act.n)
    now = claim.text if act.kind == "claim.edit" else kept_by(claim)
    return words.get("before") if now == words.get("after") else None


def _put_reason_back(viewer: Viewer, act: LogRow, reason: str, why: Why) -> None:
    """Give a dispute the words that were taken out of it."""
    words = modlog.words_of(act.n)
    dispute = Dispute.objects.filter(pk=act.facts["dispute"]).first()
    if dispute is None or "before" not in words:
        raise Refused("changed_since")
    _, claim, _ = locked_entry(viewer, dispute.attribution_id)
    facts = {"dispute": dispute.pk}
    log_n = log_claim_act(
        viewer, "claim.unstrike", claim, reason, facts,
        after=words["before"], about_id=dispute.member_id, why=why,
    )  # fmt: skip
    dispute.reason = words["before"]
    dispute.save(update_fields=["reason"])
    data = {"entry": dispute.attribution_id}
    note_change(claim, "dispute_unstruck", viewer.member_id, data, log_n=log_n)


def _stand_again(viewer: Viewer, claim: Claim, kind: str, reason: str, why: Why, what: str) -> int:
    """Have a locked claim stand among the others of its thread again; return the log's entry."""
    try:
        has_room(claim.post.thread, claim.text)
    except Invalid as invalid:
        raise Refused(invalid.fields["text"]) from None
    log_n = log_claim_act(viewer, kind, claim, reason, why=why)
    claim.state = Claim.State.VISIBLE
    note_change(claim, what, viewer.member_id, log_n=log_n)
    return log_n


def _locked_in(
    viewer: Viewer, claim_id: int, state: Claim.State, otherwise: str
) -> tuple[Thread, Claim]:
    """Return a claim in a state, locked, with its thread; raises Refused(otherwise)."""
    try:
        return locked_claim(viewer, claim_id, state)
    except NotFound:
        raise Refused(otherwise) from None
