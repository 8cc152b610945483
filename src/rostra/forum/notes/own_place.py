"""Where the last run put a member, told to that member alone: for what they take along.

The one door through which a placement leaves the engine (DECISIONS of the design: in one's own
export, nowhere else). It takes no id, so that nobody can ask about anybody else.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.notes.models import Placement, Rating

type Group = Literal["a", "b", "between"]


class OwnPlace(NamedTuple):
    """One of two groups without names, or between them; no number, which others' ratings move."""

    group: Group
    ratings: int  # of theirs, of which it was inferred


def own_place(viewer: Viewer) -> OwnPlace | None:
    """Return where the viewer themselves was put; None for who was not. Two queries."""
    member_id = viewer.require_member()
    side = Placement.objects.filter(pk=member_id).values_list("side", flat=True).first()
    if side is None:
        return None
    groups: dict[int, Group] = {-1: "a", 0: "between", 1: "b"}
    return OwnPlace(groups[side], Rating.objects.filter(rater_id=member_id).count())
