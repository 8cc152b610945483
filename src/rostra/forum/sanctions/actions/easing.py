"""Taking back warnings and limits, and having limits end sooner."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog.rulebook import find_in_force
from rostra.forum.sanctions import queries, rules
from rostra.forum.sanctions.actions.giving import hold_turns
from rostra.forum.sanctions.actions.keeping import keep
from rostra.forum.sanctions.events import SanctionEased
from rostra.forum.sanctions.models import Limited, Warned
from rostra.forum.seconds.actions import let_go
from rostra.forum.threads.actions.logging import Why
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, NotFound, Refused
from rostra.kernel.events import emit

UNFOUNDED = "Entry {}, on which this rested, was taken back."


@transaction.atomic
def take_back_sanction(viewer: Viewer, n: int, reason: str) -> int:
    """Take a warning back or lift a limit, as a moderator; return the entry. Emits SanctionEased.

    Raises NotFound, Invalid, Refused: of oneself, of who stands higher, of what is over.
    """
    shown = queries.sanction_for(viewer, n)
    hold_turns(viewer, shown.member_id)
    queries.may_sanction_now(viewer, shown.member_id, shown.board_id).enforce()
    if not shown.holds(clock.now()):
        raise Refused("sanction_is_over")
    why = Why(rule=_in_force_of(shown.rule), reverts=n)
    return undo_sanction(viewer, n, modlog.check_reason(reason), why)


@transaction.atomic
def shorten_limit(viewer: Viewer, n: int, days: int | None, reason: str) -> int:
    """Have a limit end so many days from now, sooner than it would; return the entry.

    Emits SanctionEased. Raises NotFound, Refused, Invalid.
    """
    shown = queries.sanction_for(viewer, n)
    hold_turns(viewer, shown.member_id)
    queries.may_sanction_now(viewer, shown.member_id, shown.board_id).enforce()
    row = Limited.objects.select_for_update().filter(log_n=n).first()
    if row is None:
        raise NotFound
    now = clock.now()
    if not shown.holds(now):
        raise Refused("sanction_is_over")
    gathered = Gathered()
    with gathered:
        reason = modlog.check_reason(reason)
    until = now + timedelta(days=days) if days is not None and 1 <= days <= rules.LONGEST else None
    if until is None or (row.until is not None and until >= row.until):
        gathered.wrong["days"] = "not_sooner"
    gathered.enforce()
    row.until = until
    row.save(update_fields=["until"])
    let_go(n)  # it has an end now
    keep(row.member_id)
    why = Why(rule=_in_force_of(row.rule))
    return _told(viewer, row, "member.shorten", reason, why, _day(until))


@transaction.atomic
def undo_sanction(viewer: Viewer, n: int, reason: str, why: Why) -> int:
    """Take a sanction back with all that followed from it; return the first entry.

    For who has the right: the caller has asked. Emits SanctionEased for each. Raises Refused for
    one that was taken back before.
    """
    warned = Warned.objects.select_for_update().filter(log_n=n).first()
    row = warned or Limited.objects.select_for_update().filter(log_n=n).first()
    if row is None:
        raise NotFound
    if row.taken_back_n is not None:
        raise Refused("sanction_is_over")
    kind = "member.unwarn" if isinstance(row, Warned) else "member.lift"
    row.taken_back_n = _told(viewer, row, kind, reason, why)
    row.save(update_fields=["taken_back_n"])
    if isinstance(row, Warned):
        _lift_unfounded(row)
    else:
        let_go(n)
    keep(row.member_id)
    return row.taken_back_n


def end_within(log_n: int, undone_n: int) -> None:
    """End what was set as a part of an act that is undone, unless it is over; see `giving`."""
    row = Limited.objects.select_for_update().filter(log_n=log_n, taken_back_n=None).first()
    if row is not None:
        row.taken_back_n = undone_n
        row.save(update_fields=["taken_back_n"])
        keep(row.member_id)


def _lift_unfounded(warned: Warned) -> None:
    """Lift what would not have followed without a warning: by itself, each an entry of its own.

    What is over by now too: it counts no more against whom it was set.
    """
    given = queries.points_of(warned.member_id)
    rows = Limited.objects.select_for_update().filter(
        member_id=warned.member_id, taken_back_n=None, threshold__isnull=False
    )
    for row in rows.order_by("log_n"):
        rests_on_it = row.warning_n == warned.log_n
        if not rests_on_it and rules.is_founded(row.threshold or 0, given, row.at):
            continue
        row.taken_back_n = _told(
            None, row, "member.lift", UNFOUNDED.format(warned.log_n),
            Why(rule=_in_force_of(row.rule), origin="automatic", reverts=row.log_n),
        )  # fmt: skip
        row.save(update_fields=["taken_back_n"])


def _told(
    viewer: Viewer | None, row: Warned | Limited, kind: str, reason: str, why: Why, until: str = ""
) -> int:
    """Put an easing down in the log, and say that it happened."""
    is_of_post = isinstance(row, Warned) and row.post is not None
    n = modlog.append(
        kind,
        role="automatic" if viewer is None else "moderator",
        reason=reason,
        actor_id=None if viewer is None else viewer.require_member(),
        subject_id=row.member_id,
        board_id=row.board_id,
        thread_id=row.post.thread_id if is_of_post and row.post else _thread_of(row),
        post_id=row.post_id if is_of_post else None,
        facts={"entry": row.log_n, **({"until": until} if until else {})},
        origin=why.origin,
        reverts=why.reverts,
        rule=why.rule,
    )
    emit(SanctionEased(member_id=row.member_id, of_n=row.log_n, log_n=n))
    return n


def _thread_of(row: Warned | Limited) -> int | None:
    return row.thread_id if isinstance(row, Limited) else None


def _day(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at is not None else ""


def _in_force_of(code: str) -> str:
    """Return a rule's code if it still holds: an entry cites only what holds that day."""
    return code if find_in_force(code) else ""
