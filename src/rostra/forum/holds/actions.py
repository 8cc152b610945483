"""Letting posts wait, noting what was decided, and saying whose posts have to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from rostra.forum.access.queries import moderates_everything
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import whole_tree
from rostra.forum.holds import rules
from rostra.forum.holds.events import CautionChanged, HoldDecided, PostHeld
from rostra.forum.holds.models import Caution, Hold, KnownHost, Trace
from rostra.forum.holds.queries import VERSION, forget_traces, waiting_of
from rostra.forum.holds.rules import Reason, Scope
from rostra.forum.holds.signals import Marks, hosts_of
from rostra.forum.members.queries import groups
from rostra.forum.modlog import actions as modlog
from rostra.kernel import clock, versions
from rostra.kernel.errors import Gathered, Invalid, NotFound, Refused
from rostra.kernel.events import emit
from rostra.kernel.jobs import every

IMPLIED = ("everyone", "members")  # groups that all are in: of them nobody can be chosen
NOTHING: Mapping[str, str] = MappingProxyType({})


class Place(NamedTuple):
    """Where something waits."""

    post_id: int
    thread_id: int
    board_id: int


def hold(
    kind: str,
    place: Place,
    author_id: int,
    reasons: Sequence[Reason],
    *,
    bunch: str = "",
    source: str = "",
    more: Mapping[str, str] = NOTHING,
) -> None:
    """Let a post, or new words of one, wait; in the transaction that writes it. Emits PostHeld.

    Another edit of the same post comes in the place of the one that waits. Raises Refused where
    too much of the author's waits already.
    """
    waiting = Hold.objects.select_for_update().filter(
        post_id=place.post_id, state=Hold.State.WAITING
    ).first()  # fmt: skip
    if waiting is None and waiting_of(author_id) >= rules.MOST_WAITING:
        raise Refused("too_many_waiting")
    row = waiting or Hold(
        kind=kind, post_id=place.post_id, thread_id=place.thread_id, author_id=author_id
    )
    row.board_id, row.bunch, row.held_at = place.board_id, bunch[:80], clock.now()
    row.reasons = [[one.name, one.detail[:200]] for one in reasons]
    row.names, row.source, row.more = rules.names_in(reasons), source, dict(more)
    row.version += int(waiting is not None)
    row.save()
    emit(PostHeld(hold_id=row.pk, post_id=row.post_id, board_id=row.board_id))


def keep_beside(post_id: int, more: Mapping[str, str]) -> None:
    """Keep what goes with a post that waits, beside its words, by the names of form fields."""
    held = Hold.objects.select_for_update().get(post_id=post_id, state=Hold.State.WAITING)
    held.more |= {name: value for name, value in more.items() if value}
    held.save(update_fields=["more"])


def leave_traces(marks: Marks, member_id: int, post_id: int) -> None:
    """Note what a newcomer's post has, for the next ones that have it."""
    now = clock.now()
    Trace.objects.bulk_create(
        Trace(key=key, value=value, member_id=member_id, post_id=post_id, at=now)
        for key, value in marks.traces()
    )


def get_to_know(links: Collection[str]) -> None:
    """Note where somebody who is no newcomer leads to: nobody has to wait for the same."""
    hosts = hosts_of(links)
    if hosts:
        KnownHost.objects.bulk_create(
            (KnownHost(host=host) for host in sorted(hosts)), ignore_conflicts=True
        )


def lock_hold(hold_id: int) -> Hold:
    """Return a hold, locked until the transaction ends; lock its thread before. Raises NotFound."""
    found = Hold.objects.select_for_update(of=("self",)).filter(id=hold_id).first()
    if found is None:
        raise NotFound
    return found


def settle(
    held: Hold, state: str, by: int | None, *, words: str = "", log_n: int | None = None
) -> None:
    """Note what came of a locked hold; emits HoldDecided."""
    held.state, held.decided_by_id, held.decided_at = state, by, clock.now()
    held.words, held.log_n = words, log_n
    held.version += 1
    held.save()
    emit(
        HoldDecided(
            hold_id=held.pk,
            post_id=held.post_id,
            member_id=held.author_id or 0,
            outcome=state,
            log_n=log_n,
        )
    )


def turn_down_all(author_id: int, by: int, log_n: int) -> list[int]:
    """Turn down all that waits of a member's, as a part of an act on all they left; return it."""
    waiting = Hold.objects.filter(author_id=author_id, state=Hold.State.WAITING)
    ids = list(waiting.select_for_update().order_by("id").values_list("id", flat=True))
    waiting.update(
        state=Hold.State.REJECTED,
        decided_by_id=by,
        decided_at=clock.now(),
        log_n=log_n,
        version=F("version") + 1,
    )
    return ids


def let_wait_again(hold_ids: Collection[int], log_n: int) -> None:
    """Have wait again what an act turned down, where nothing came of it since."""
    gone = Hold.objects.filter(id__in=hold_ids, state=Hold.State.REJECTED, log_n=log_n)
    gone.update(
        state=Hold.State.WAITING,
        decided_by_id=None,
        decided_at=None,
        log_n=None,
        version=F("version") + 1,
    )


def drop_edit(post_id: int) -> None:
    """Note that an edit that waited is past: its author has changed the post otherwise since."""
    Hold.objects.filter(post_id=post_id, kind=Hold.Kind.EDIT, state=Hold.State.WAITING).update(
        state=Hold.State.WITHDRAWN, decided_at=clock.now()
    )


def follow_thread(thread_id: int, board_id: int) -> None:
    """Have what waits in a thread wait in the board where the thread is now."""
    Hold.objects.filter(thread_id=thread_id, state=Hold.State.WAITING).update(board_id=board_id)


def follow_posts(post_ids: Collection[int], thread_id: int, board_id: int) -> None:
    """Have what waits of posts that went to another thread wait there: they, or edits of them."""
    Hold.objects.filter(post_id__in=post_ids, state=Hold.State.WAITING).update(
        thread_id=thread_id, board_id=board_id
    )


@transaction.atomic
def let_wait(
    viewer: Viewer,
    scope: Scope,
    target_id: int = 0,
    *,
    board_id: int | None = None,
    hours: int | None = None,
    reason: str,
) -> None:
    """Let the posts of some wait from now on; emits CautionChanged. Raises Invalid, Refused.

    board_id: where a thread is, of which its own action knows. hours: for newcomers, until it
    falls off by itself.
    """
    _check(viewer, scope, target_id, board_id)
    gathered = Gathered()
    with gathered:
        reason = modlog.check_reason(reason)
    if scope == "newcomers" and not (hours and rules.HOURS[0] <= hours <= rules.HOURS[1]):
        gathered.wrong["hours"] = "hours_odd"
    gathered.enforce()
    versions.raise_version(VERSION)
    now = clock.now()
    until = now + timedelta(hours=hours or 0) if scope == "newcomers" else None
    known = Caution.objects.filter(scope=scope, target_id=target_id).first()
    if known is not None and scope != "newcomers":
        raise Refused("waits_already")
    log_n = _log(viewer, "caution.set", scope, target_id, reason, board_id=board_id, until=until)
    row = known or Caution(scope=scope, target_id=target_id)
    row.until, row.log_n, row.set_at = until, log_n, now
    row.save()
    emit(CautionChanged(scope=scope, target_id=target_id, log_n=log_n))


@transaction.atomic
def wait_no_longer(
    viewer: Viewer, scope: Scope, target_id: int = 0, *, board_id: int | None = None, reason: str
) -> None:
    """Take posts of some in again at once; what waits goes on waiting. Emits CautionChanged."""
    _check(viewer, scope, target_id, board_id)
    reason = modlog.check_reason(reason)
    versions.raise_version(VERSION)
    if not Caution.objects.filter(scope=scope, target_id=target_id).delete()[0]:
        raise Refused("does_not_wait")
    log_n = _log(viewer, "caution.lift", scope, target_id, reason, board_id=board_id)
    emit(CautionChanged(scope=scope, target_id=target_id, log_n=log_n))


@every(timedelta(minutes=5))
def end_cautions() -> None:
    """Take down what has fallen off by itself; nobody did it, and the entry says so."""
    due = Caution.objects.filter(until__lte=clock.now())
    for scope, target_id in list(due.values_list("scope", "target_id")):
        with transaction.atomic():
            versions.raise_version(VERSION)
            over = Caution.objects.filter(scope=scope, target_id=target_id, until__lte=clock.now())
            if not over.delete()[0]:
                continue  # somebody made it longer meanwhile
            log_n = modlog.append(
                "caution.lift",
                role="automatic",
                origin="automatic",
                reason="The time for which it was set is over.",
                facts={"scope": scope},
            )
            emit(CautionChanged(scope=scope, target_id=target_id, log_n=log_n))


@every(timedelta(days=1))
def forget_old_traces() -> None:
    """Delete what newcomers' posts had in common, once it counts no more."""
    forget_traces()


def _check(viewer: Viewer, scope: Scope, target_id: int, board_id: int | None) -> None:
    board = target_id if scope in ("threads", "board") else board_id
    rules.may_caution(
        viewer, scope, board, moderates_everything=moderates_everything(viewer)
    ).enforce()
    chosen = {group.id for group in groups() if group.kind not in IMPLIED}
    if scope == "group" and target_id not in chosen:
        raise Invalid({"group": "no_such_group"})
    if scope in ("threads", "board") and target_id not in whole_tree().rows:
        raise Invalid({"board": "no_such_board"})


def _log(
    viewer: Viewer,
    kind: str,
    scope: Scope,
    target_id: int,
    reason: str,
    *,
    board_id: int | None,
    until: datetime | None = None,
) -> int:
    facts: dict[str, str | int] = {"scope": scope}
    if scope == "group":
        facts["group"] = target_id
    if until is not None:
        facts["until"] = until.isoformat(timespec="minutes")
    return modlog.append(
        kind,
        role="moderator",
        reason=reason,
        actor_id=viewer.require_member(),
        board_id=target_id if scope in ("threads", "board") else board_id,
        thread_id=target_id if scope == "thread" else None,
        facts=facts,
    )
