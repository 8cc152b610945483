"""Watching a claim: being told of its status without a part in it."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims.models import Watch
from rostra.forum.claims.queries import claim_for
from rostra.forum.members.turns import take_turn
from rostra.kernel import clock
from rostra.kernel.errors import Invalid

LEVELS = ("watch", "")


@transaction.atomic
def watch_claim(viewer: Viewer, claim_id: int, level: str) -> None:
    """Watch a claim that the viewer may read, or no longer (""). Raises NotFound, Invalid."""
    member_id = viewer.require_member()
    take_turn(member_id)
    if level not in LEVELS:
        raise Invalid({"level": "not_a_choice"})
    claim_for(viewer, claim_id)
    if level:
        Watch.objects.get_or_create(
            claim_id=claim_id, member_id=member_id, defaults={"at": clock.now()}
        )
    else:
        Watch.objects.filter(claim_id=claim_id, member_id=member_id).delete()
