"""What follows from a claim's entries, worked out again after each change and kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from rostra.forum.claims import status
from rostra.forum.claims.models import Attribution, Claim, ClaimEvent
from rostra.forum.claims.sources import root_of
from rostra.forum.documents.publishers import owners_above
from rostra.kernel import clock


class Outcome(NamedTuple):
    """A claim's status before a change and after it."""

    was: str
    status: str


def reckon(claim: Claim, what: str, member_id: int | None, data: Mapping[str, object]) -> Outcome:
    """Write down what happened to a locked claim, and what is known of it now; saves it.

    A status that is another by it is an entry of the history of its own.
    """
    now = clock.now()
    was, before = claim.status, _kept(claim)
    found = list(entries_of(claim.pk))
    for entry in found:
        at = entry.said_at or (entry.document and entry.document.published_at) or entry.added_at
        if at != entry.at:
            entry.at = at
            entry.save(update_fields=["at"])
    said = as_said(found)
    claim.status = status.status_of(said)
    claim.history = [[_iso(change.at), change.status] for change in status.history(said)]
    claim.surest, claim.lacks_details = status.caveats(said)
    claim.entry_count = sum(one.counts for one in said)
    happened = []
    if member_id is not None or _kept(claim) != before:  # what was read may be read again
        happened.append(
            ClaimEvent(claim=claim, at=now, kind=what, member_id=member_id, data=dict(data))
        )
    if claim.status != was:
        claim.changed_at = now
        claim.superseded_by = None  # what took its place did so for what was known before
        change = {"was": was, "status": claim.status}
        happened.append(
            ClaimEvent(claim=claim, at=now, kind="status", member_id=member_id, data=change)
        )
    claim.save()
    ClaimEvent.objects.bulk_create(happened)
    return Outcome(was, claim.status)


def entries_of(claim_id: int) -> QuerySet[Attribution]:
    """Return the entries of a claim in the order they were entered, with their documents."""
    return Attribution.objects.filter(claim_id=claim_id).select_related("document").order_by("id")


def as_said(entries: Iterable[Attribution]) -> list[status.Attribution]:
    """Return entries as the status depends on them."""
    entries = list(entries)
    owners = owners_above({one.publisher_id for one in entries if one.publisher_id is not None})
    return [
        status.Attribution(
            root=root_for(one, owners),
            stance=one.stance,  # type: ignore[arg-type]  # checked when it was entered
            said_at=one.at.timestamp(),
            party=one.party,  # type: ignore[arg-type]
            modality=one.modality,  # type: ignore[arg-type]
            has_details=one.has_details,
            is_backed=is_backed(one),
            counts=one.state == "active",
        )
        for one in entries
    ]


def root_for(entry: Attribution, owners: Mapping[int, int | None]) -> str:
    """Return for whom an entry's speaker stands: as was said by hand, or by who owns whom."""
    return entry.root or root_of(entry.speaker, entry.publisher_id, owners)


def is_backed(entry: Attribution) -> bool:
    """Whether an entry's quote is in its document, or a second trusted member has confirmed it."""
    in_document = entry.document_id is not None and entry.quote_check == "verified"
    return in_document or entry.confirmed_by_id is not None


def _kept(claim: Claim) -> tuple[object, ...]:
    return claim.status, claim.history, claim.surest, claim.lacks_details, claim.entry_count


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
