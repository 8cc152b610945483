"""Erasing the words of claims somebody made, and of quotes from what they wrote."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from rostra.forum.claims.circumstances import NOTHING
from rostra.forum.claims.models import Attribution, Claim, ClaimEvent, Dispute, Tagged
from rostra.forum.modlog import actions as modlog

GONE = "…"
OF_WORDS = (  # events that hold some
    "reworded", "wording_proposed", "wording_declined",
    "described", "description_proposed", "description_declined",
)  # fmt: skip


def erase_claims(member_id: int) -> None:
    """Overwrite the words of claims, proposals and disputes of a member's.

    What others entered in a claim rests on it: it stays, and says nothing more.
    """
    made = Claim.objects.filter(maker_id=member_id).exclude(text=GONE)
    told = ClaimEvent.objects.filter(kind__in=OF_WORDS)
    data = told.filter(claim__in=made).values_list("data", flat=True)
    earlier = {word for one in data for word in one.values() if isinstance(word, str)}
    # Of acts on these claims, which are about whose post it was.
    modlog.erase_values({*made.values_list("text", flat=True), *earlier})
    told.filter(Q(claim__in=made) | Q(member_id=member_id)).update(data={})
    Tagged.objects.filter(claim__in=made).delete()
    nowhere = dict.fromkeys(NOTHING._fields, "")
    made.update(text=GONE, quote="", anchor={}, found="", described="", **nowhere)
    Dispute.objects.filter(member_id=member_id).update(reason=GONE)


def erase_quotes(post_ids: Collection[int]) -> None:
    """Overwrite what claims and entries quote of these posts."""
    ids = list(post_ids)
    Claim.objects.filter(post_id__in=ids).update(quote="", anchor={}, found="")
    Attribution.objects.filter(post_id__in=ids).update(quote="", anchor={}, found="")
