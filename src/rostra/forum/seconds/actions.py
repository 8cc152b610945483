"""Asking for a second person, confirming, and letting go of what was taken back."""

from __future__ import annotations

from typing import Literal

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.turns import take_turn
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog.queries import find_entry
from rostra.forum.seconds import queries, rules
from rostra.forum.seconds.models import Second
from rostra.kernel import clock
from rostra.kernel.errors import NotFound, Refused

type Asked = Literal["asked", "nobody"]


def ask_or_refuse(viewer: Viewer, needs: str, subject_id: int) -> Asked:
    """Return what the log says of an act that weighs much: whether somebody is asked to confirm it.

    Call it before the act is written down; "nobody": there is nobody else who could. Raises
    Refused for who has done such an act before, which nobody has confirmed in time.
    """
    me = viewer.require_member()
    late = Second.objects.filter(actor_id=me, is_open=True, due_at__lte=clock.now())
    if not queries.has_others(needs, {me, subject_id}):
        return "nobody"
    if late.exists():
        raise Refused("confirm_yours_first")
    return "asked"


def wait_for_second(viewer: Viewer, log_n: int, needs: str, subject_id: int) -> None:
    """Note that an act waits to be confirmed."""
    now = clock.now()
    Second.objects.create(
        log_n=log_n, needs=needs, actor_id=viewer.require_member(), subject_id=subject_id, at=now,
        due_at=now + rules.CONFIRMED_WITHIN,
    )  # fmt: skip


@transaction.atomic
def confirm_act(viewer: Viewer, log_n: int, reason: str) -> int:
    """Confirm what another did, as one who has looked at it; return the entry that says so.

    Raises NotFound, Refused, Invalid.
    """
    me, reason = viewer.require_member(), modlog.check_reason(reason)
    take_turn(me)
    row = Second.objects.select_for_update(of=("self",)).filter(log_n=log_n).first()
    act = find_entry(log_n)
    if row is None or act is None:
        raise NotFound
    queries.may_confirm_now(viewer, queries.states_of([log_n])[log_n]).enforce()
    row.confirmed_n = modlog.append(
        "act.confirm",
        role="moderator",
        reason=reason,
        actor_id=me,
        subject_id=row.subject_id,
        board_id=act.board_id,
        facts={"entry": log_n},
    )
    row.is_open, row.confirmed_by_id = False, me
    row.save(update_fields=["is_open", "confirmed_n", "confirmed_by"])
    return row.confirmed_n


def let_go(log_n: int) -> None:
    """Ask nobody any more about an act that was taken back."""
    Second.objects.filter(log_n=log_n).update(is_open=False)
