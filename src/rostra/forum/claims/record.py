"""What became of claims that stood on one publisher's word alone: counted, never judged."""

from __future__ import annotations

from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims.models import Attribution, Claim

MOST = 1000  # claims that are counted, the newest


class Record(NamedTuple):
    """How many claims stood on a publisher's word alone, and what they are by now."""

    alone: int = 0
    single_source: int = 0
    corroborated: int = 0
    conceded: int = 0
    contested: int = 0
    retracted: int = 0


def record_of(viewer: Viewer, publisher_id: int) -> Record:
    """Count, in what the viewer may read, the claims that a publisher was the first to support.

    One query where it supported none, else two.
    """
    own = Attribution.objects.filter(
        publisher_id=publisher_id, state="active", stance__in=("asserts", "corroborates"),
        claim__state=Claim.State.VISIBLE, claim__post__state__in=("visible", "withdrawn"),
        claim__thread__state="visible", claim__thread__board_id__in=viewer.readable,
    )  # fmt: skip
    claims: dict[int, tuple[str, list[list[str]]]] = {
        pk: (status, history)
        for pk, status, history in own.order_by("-claim_id").values_list(
            "claim_id", "claim__status", "claim__history"
        )[:MOST]
    }
    if not claims:
        return Record()
    first = dict(
        Attribution.objects.filter(claim_id__in=claims, state="active")
        .exclude(stance__in=("relays", "doubts", "denies", "retracts"))
        .order_by("-at", "-id")
        .values_list("claim_id", "publisher_id")
    )
    found = [
        status
        for pk, (status, history) in claims.items()
        if first.get(pk) == publisher_id and any(word == "single_source" for _, word in history)
    ]
    return Record(len(found), *(found.count(status) for status in Record._fields[1:]))
