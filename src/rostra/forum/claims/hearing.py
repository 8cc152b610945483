"""Who hears of a claim's status."""

from __future__ import annotations

from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims.models import Attribution, Claim, ClaimEvent, Watch


class Concerned(NamedTuple):
    """Whom a claim concerns: who made it, and who added what is said of it."""

    thread_id: int
    board_id: int
    post_id: int
    event_id: int  # by which its status last became another
    member_ids: frozenset[int]


def concerned(claim_id: int) -> Concerned | None:
    """Return whom a standing claim concerns, whoever may read it. Four queries.

    Who made it, said who says what about it, or watches it.
    """
    found = Claim.objects.filter(
        id=claim_id, state=Claim.State.VISIBLE, post__state="visible", thread__state="visible"
    )
    row = found.values_list("thread_id", "thread__board_id", "post_id", "maker_id").first()
    events = ClaimEvent.objects.filter(claim_id=claim_id, kind="status").order_by("-id")
    event_id = events.values_list("id", flat=True).first()
    if row is None or event_id is None:
        return None
    added = Attribution.objects.filter(claim_id=claim_id).exclude(
        state__in=("withdrawn", "removed")
    )
    watching = Watch.objects.filter(claim_id=claim_id).values_list("member_id", flat=True)
    members = {row[3], *added.values_list("added_by_id", flat=True), *watching} - {None}
    return Concerned(*row[:3], event_id, frozenset(m for m in members if m is not None))


def is_watching(viewer: Viewer, claim_id: int) -> bool:
    """Return whether the viewer watches a claim. One query; none for a guest."""
    if viewer.is_guest:
        return False
    return Watch.objects.filter(claim_id=claim_id, member_id=viewer.require_member()).exists()
