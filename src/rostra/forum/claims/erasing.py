"""Erasing the words of claims somebody made, and of quotes from what they wrote."""

from __future__ import annotations

from collections.abc import Collection

from rostra.forum.claims.models import Attribution, Claim, ClaimEvent, Dispute

GONE = "…"


def erase_claims(member_id: int) -> None:
    """Overwrite the words of claims, proposals and disputes of a member's.

    What others entered in a claim rests on it: it stays, and says nothing more.
    """
    made = Claim.objects.filter(maker_id=member_id).exclude(text=GONE)
    ClaimEvent.objects.filter(claim__in=made).update(data={})
    ClaimEvent.objects.filter(member_id=member_id, data__has_key="text").update(data={})
    made.update(text=GONE, quote="", anchor={}, found="")
    Dispute.objects.filter(member_id=member_id).update(reason=GONE)


def erase_quotes(post_ids: Collection[int]) -> None:
    """Overwrite what claims and entries quote of these posts."""
    ids = list(post_ids)
    Claim.objects.filter(post_id__in=ids).update(quote="", anchor={}, found="")
    Attribution.objects.filter(post_id__in=ids).update(quote="", anchor={}, found="")
