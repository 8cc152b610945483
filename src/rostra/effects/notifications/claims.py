"""What members are told of claims. All of it is harmless twice."""

from __future__ import annotations

from rostra.effects.notifications import actions
from rostra.effects.notifications.rules import Telling
from rostra.forum.access.queries import readers
from rostra.forum.claims.events import ClaimChanged
from rostra.forum.claims.hearing import Concerned, concerned
from rostra.forum.threads.marks import muting, watching_of
from rostra.kernel.events import after


@after(ClaimChanged)
def tell_of_status(happened: ClaimChanged) -> None:
    """Tell who made a claim, said who says what about it, or watches it or its thread: it has
    another status."""
    if happened.was == happened.status:
        return
    claim = concerned(happened.claim_id)
    if claim is None:
        return
    place = claim.thread_id, claim.board_id
    watching = watching_of([place]).of(*place, is_opening=False)
    ids = (set(claim.member_ids) | set(watching)) - {happened.member_id}
    muted = muting(ids, [claim.thread_id], [claim.board_id])
    actions.tell(
        _telling(member_id, claim, happened)
        for member_id in sorted(ids & readers(claim.board_id, ids))
        if not muted.is_so(member_id, *place)
    )


def _telling(member_id: int, claim: Concerned, happened: ClaimChanged) -> Telling:
    return Telling(
        member_id,
        "watch",
        key=f"claim:{happened.claim_id}:{claim.event_id}",
        group=f"claim:{happened.claim_id}",
        post_id=claim.post_id,
        actor_id=None,
    )
