"""What a member wrote into claims, for themselves to take along: own words, wherever they stand."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.models import Attribution, Claim, Dispute, Watch


class OwnClaim(NamedTuple):
    """A claim they made; the text is as it stands now."""

    id: int
    post: int
    text: str
    what: str
    made_at: datetime
    state: str
    when: str  # 2026-11, or 2026-11/2026-12
    place: str
    tags: str


class OwnEntry(NamedTuple):
    """Who said what, as they entered it."""

    id: int
    claim: int
    speaker: str
    stance: str
    quote: str
    address: str | None  # of the document, or:
    post: int | None
    said_at: datetime | None
    added_at: datetime
    state: str


class OwnDispute(NamedTuple):
    """An entry that they disputed, and why."""

    id: int
    entry: int
    reason: str
    at: datetime


def own_claims(member_id: int, after: int, limit: int) -> list[OwnClaim]:
    """Return claims a member made, in order of their ids, from one on. One query."""
    found = Claim.objects.filter(maker_id=member_id, id__gt=after).order_by("id")
    rows = found.values_list(
        "id", "post_id", "text", "kind", "made_at", "state", *Circumstances._fields
    )[:limit]
    about = ((row[:6], Circumstances._make(row[6:])) for row in rows)
    return [OwnClaim._make((*row, known.interval, known.place, known.tags)) for row, known in about]


def claims_watched_by(member_id: int) -> list[int]:
    """Return the claims that a member watches. One query."""
    found = Watch.objects.filter(member_id=member_id).order_by("id")
    return list(found.values_list("claim_id", flat=True))


def own_entries(member_id: int, after: int, limit: int) -> list[OwnEntry]:
    """Return entries a member added, in order of their ids, from one on. One query."""
    found = Attribution.objects.filter(added_by_id=member_id, id__gt=after).order_by("id")
    rows = found.values_list(
        "id", "claim_id", "speaker", "stance", "quote", "document__url", "post_id", "said_at",
        "added_at", "state",
    )  # fmt: skip
    return [OwnEntry._make(row) for row in rows[:limit]]


def own_disputes(member_id: int, after: int, limit: int) -> list[OwnDispute]:
    """Return what a member disputed, in order of the ids, from one on. One query."""
    found = Dispute.objects.filter(member_id=member_id, id__gt=after).order_by("id")
    rows = found.values_list("id", "attribution_id", "reason", "at")
    return [OwnDispute._make(row) for row in rows[:limit]]
