"""One change at a time for each member, and none once their account is closed (SEC-072)."""

from __future__ import annotations

from rostra.kernel import dialect
from rostra.kernel.errors import Refused


def take_turn(member_id: int) -> None:
    """Let a member's changes come one after another until the transaction ends.

    Who they are was found out before it began: raises Refused where their account was closed
    meanwhile. Call it before any row is locked.
    """
    wait_for_turn(member_id)
    if dialect.rows(_IS_OPEN, [member_id]) != [(True,)]:
        raise Refused("account_closed")


def wait_for_turn(member_id: int) -> None:
    """Wait until a change of this member's that has begun is done, and hold the next ones up."""
    dialect.one_at_a_time("members", member_id)


_IS_OPEN = "SELECT is_active FROM members_member WHERE id = %s"
