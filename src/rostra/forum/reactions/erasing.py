"""Erasing who reacted: what the reactions come to stays."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from rostra.forum.reactions.models import Reaction, Tally


@transaction.atomic
def erase_reactions(member_id: int, limit: int) -> bool:
    """Count some reactions of a member on without their name; return whether there are more."""
    found = list(Reaction.objects.filter(member_id=member_id).order_by("id")[:limit])
    for one in found:
        Tally.objects.filter(post_id=one.post_id, kind=one.kind).update(
            without_names=F("without_names") + 1
        )
    Reaction.objects.filter(id__in=[one.pk for one in found]).delete()
    return len(found) == limit
