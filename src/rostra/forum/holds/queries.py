"""Reading what waits, whose posts have to, and what newcomers' posts had in common."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from rostra.forum.access.queries import moderates_everything
from rostra.forum.access.rules import may_moderate_anywhere
from rostra.forum.access.viewer import Viewer
from rostra.forum.holds import rules
from rostra.forum.holds.models import Caution, Hold, KnownHost, Trace
from rostra.forum.holds.rules import Cautions, Reason, TraceRow
from rostra.kernel import clock, dialect, versions

VERSION = "holds"
TRACES_READ = 500

_kept: tuple[int, Cautions] | None = None


class HoldRow(NamedTuple):
    """What waits or waited, and what came of it."""

    id: int
    kind: str
    post_id: int
    thread_id: int
    board_id: int
    author_id: int | None
    reasons: tuple[Reason, ...]
    bunch: str
    state: str
    version: int
    held_at: datetime
    source: str
    more: dict[str, str]
    decided_at: datetime | None
    words: str
    log_n: int | None


class CautionRow(NamedTuple):
    """That the posts of some wait, since when and until when."""

    scope: str
    target_id: int
    until: datetime | None
    set_at: datetime
    log_n: int


FIELDS = HoldRow._fields


def row_of(values: tuple[Any, ...]) -> HoldRow:
    """Return a row of these fields with its reasons as such."""
    row = HoldRow._make(values)
    return row._replace(reasons=tuple(Reason(*one) for one in row.reasons))


def find_hold(post_id: int) -> HoldRow | None:
    """Return what waits of a post, or what came of the last that did. One query."""
    found = Hold.objects.filter(post_id=post_id).order_by("-id").values_list(*FIELDS).first()
    return None if found is None else row_of(found)


def hold_of(hold_id: int) -> HoldRow | None:
    """Return a hold by its number; ask who may see its post. One query."""
    found = Hold.objects.filter(id=hold_id).values_list(*FIELDS).first()
    return None if found is None else row_of(found)


def post_of(hold_id: int) -> int | None:
    """Return the post that a hold is about. One query."""
    return Hold.objects.filter(id=hold_id).values_list("post_id", flat=True).first()


def own_holds(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield what of a member's waited and what came of it, as they may know it. One query."""
    found = Hold.objects.filter(author_id=member_id).order_by("id")
    for row in found.values_list("post_id", "kind", "held_at", "names", "state", "source", "words"):
        yield {
            "kind": "held",
            "post": row[0],
            "what": row[1],
            "at": row[2],
            "why": row[3].split(),
            "state": row[4],
            "edit": row[5],
            "words": row[6],
        }


def waiting_of(member_id: int) -> int:
    """Return how much of a member's waits. One query."""
    return Hold.objects.filter(author_id=member_id, state=Hold.State.WAITING).count()


def alike_waiting(viewer: Viewer, bunch: str, but: int, limit: int) -> list[int]:
    """Return what else waits of a bunch in the viewer's boards, by number. One query."""
    if not bunch:
        return []
    moderated = viewer.grants.get("moderate", frozenset())
    found = Hold.objects.filter(bunch=bunch, state=Hold.State.WAITING, board_id__in=moderated)
    return list(found.exclude(id=but).order_by("id").values_list("id", flat=True)[:limit])


def cautions(version: int | None = None) -> Cautions:
    """Return whose posts wait. One query where the version is not known; one more after changes."""
    global _kept
    version = versions.current(VERSION) if version is None else version
    kept = _kept
    if kept is None or kept[0] != version:
        rows = list(Caution.objects.values_list("scope", "target_id", "until"))
        of = {
            scope: frozenset(target for one, target, _ in rows if one == scope)
            for scope in ("group", "threads", "board", "thread")
        }
        until = next((until for scope, _, until in rows if scope == "newcomers"), None)
        found = Cautions(of["group"], of["threads"], of["board"], of["thread"], until)
        kept = _kept = (version, found)
    return kept[1]


def are_newcomers_held() -> datetime | None:
    """Return until when newcomers' posts wait, None where they do not. One query."""
    until = cautions().newcomers_until
    return until if until is not None and until > clock.now() else None


def has_caution(scope: str, target_id: int) -> bool:
    """Return whether the posts of some wait. One query."""
    return Caution.objects.filter(scope=scope, target_id=target_id).exists()


def all_cautions(viewer: Viewer) -> list[CautionRow]:
    """Return whose posts wait, the latest first; raises Refused. One query.

    Those who do not moderate everything see what there is of their boards, and of threads, whose
    titles each may or may not know.
    """
    may_moderate_anywhere(viewer).enforce()
    found = Caution.objects.order_by("-set_at", "-id")
    if not moderates_everything(viewer):
        moderated = viewer.grants.get("moderate", frozenset())
        found = found.filter(
            Q(scope__in=("threads", "board"), target_id__in=moderated) | Q(scope="thread")
        )
    return [CautionRow(*row) for row in found.values_list(*CautionRow._fields)[:200]]


def traces_like(keys: Collection[str]) -> list[TraceRow]:
    """Return what earlier posts of newcomers had of these keys, newest first. One query."""
    if not keys:
        return []
    wanted = sorted(keys)
    sql = _TRACES.format(dialect.marks(wanted))
    since = clock.now() - rules.TRACES_KEPT
    return [TraceRow(*row) for row in dialect.rows(sql, [*wanted, since, TRACES_READ])]


def known_among(hosts: Collection[str]) -> frozenset[str]:
    """Return which of these sites members who are not new have led to. One query; none for none."""
    if not hosts:
        return frozenset()
    return frozenset(KnownHost.objects.filter(host__in=hosts).values_list("host", flat=True))


def forget() -> None:
    """Drop what is kept in memory; for tests, which roll versions back."""
    global _kept
    _kept = None


def forget_traces() -> int:
    """Delete traces that count no more; return how many."""
    gone, _ = Trace.objects.filter(at__lt=clock.now() - rules.TRACES_KEPT).delete()
    return gone


_TRACES = """
SELECT key, value, member_id, at FROM holds_trace
WHERE key IN ({}) AND at >= %s ORDER BY at DESC LIMIT %s
"""
