"""Members who are sanctioned, for tests of other rooms."""

from __future__ import annotations

from rostra.forum.sanctions.actions.giving import Ground, limit_member, warn_member
from rostra.forum.sanctions.actions.noting import look_at_networks, withdraw_note, write_note
from rostra.forum.sanctions.rules import Wish

GROUND = Ground("R2", "Insulted others twice in a day.", "Called them names in two threads.")


def sanctioned(cast, member) -> tuple[int, int]:
    """Warn and limit a member, and write down what staff know; return the entries."""
    mod, admin = cast.view(cast.mod), cast.view(cast.admin)
    warned = warn_member(mod, member.pk, 3, 30, GROUND)
    wish = Wish("limit", 9, verbs=("start", "links"), board_id=cast.region.pk, a_day=4)
    limited = limit_member(mod, member.pk, wish, GROUND)
    write_note(mod, member.pk, "Wrote to me that it will not happen again.")
    withdraw_note(admin, write_note(mod, member.pk, "Not about them after all."))
    look_at_networks(admin, member.pk)
    return warned, limited
