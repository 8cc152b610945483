"""One change at a time for each member, and none once their account is closed (SEC-072)."""

from __future__ import annotations

from rostra.kernel import dialect
from rostra.kernel.errors import Refused


def take_turn(member_id: int, limits: str | None = None) -> None:
    """Let a member's changes come one after another until the transaction ends.

    Who they are was found out before it began: raises Refused where their account was closed
    meanwhile, or (with `limits` as they were then) something else of theirs is limited (REL-018).
    Call it before any row is locked.
    """
    wait_for_turn(member_id)
    is_open, kept = next(iter(dialect.rows(_IS_OPEN, [member_id])), (False, ""))
    if not is_open:
        raise Refused("account_closed")
    if limits is not None and limits != kept:
        raise Refused("limited_meanwhile")


def wait_for_turn(member_id: int) -> None:
    """Wait until a change of this member's that has begun is done, and hold the next ones up."""
    dialect.one_at_a_time("members", member_id)


_IS_OPEN = "SELECT is_active, limits FROM members_member WHERE id = %s"
