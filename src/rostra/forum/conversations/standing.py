"""To what somebody who writes is held, and whether they reach a member."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.rules import PACES, Pace
from rostra.forum.threads import composing
from rostra.forum.threads.standing import Limits, Rung, Standing


class Held(NamedTuple):
    """Where somebody stands whose pace is limited; None: nothing holds for them."""

    standing: Standing | None = None

    @property
    def rung(self) -> Rung:
        return self.standing.rung if self.standing is not None else "trusted"

    @property
    def pace(self) -> Pace | None:
        return PACES[self.standing.rung] if self.standing is not None else None

    @property
    def limits(self) -> Limits | None:
        return self.standing.limits if self.standing is not None else None


def held_to(viewer: Viewer) -> Held:
    """Return what a viewer is held to: nothing for staff. One query, none for staff."""
    if settings.ROSTRA.posting_limits == "off" or rules.is_staff(viewer):
        return Held()
    return Held(composing.standing_for(viewer.require_member()))


def may_write_to(viewer: Viewer, member_id: int) -> bool:
    """Return whether the viewer may write to a member.

    Two queries, two more for a newcomer, none for guests.
    """
    if viewer.member_id in (None, member_id) or not rules.may_start(viewer):
        return False
    rung = held_to(viewer).rung
    return any(
        rules.may_write_to(viewer, one, rung) for one in queries.reach(viewer, [member_id], rung)
    )
