"""Reading sanctions: a member's record, what holds now, and what staff know of a member."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.db.models import Q, QuerySet

from rostra.forum.access.limits import Kind, Limit, as_kept
from rostra.forum.access.queries import ranks
from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.members.queries import NEVER, KeptSanctions
from rostra.forum.sanctions import rules
from rostra.forum.sanctions.models import Limited, Look, StaffNote, Warned
from rostra.forum.sanctions.rules import Points, Step
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict

LISTED = 100  # of one member


class WarningRow(NamedTuple):
    """A warning."""

    n: int
    member_id: int
    member: str
    points: int
    rule: str
    facts: str
    board_id: int | None
    post_id: int | None
    at: datetime
    until: datetime
    taken_back_n: int | None

    def holds(self, now: datetime) -> bool:
        """Return whether its points count."""
        return self.taken_back_n is None and self.until > now


class LimitRow(NamedTuple):
    """A limit."""

    n: int
    member_id: int
    member: str
    kind: str
    verbs: tuple[str, ...]
    a_day: int | None
    wait: int | None
    rule: str
    facts: str
    board_id: int | None
    thread_id: int | None
    post_id: int | None
    at: datetime
    until: datetime | None
    warning_n: int | None
    threshold: int | None
    taken_back_n: int | None

    def holds(self, now: datetime) -> bool:
        """Return whether it is in force."""
        return self.taken_back_n is None and (self.until is None or self.until > now)


class NoteRow(NamedTuple):
    """A note of the staff's; `text` is "" once it was withdrawn."""

    id: int
    author_id: int | None
    author: str | None
    text: str
    at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class LookRow(NamedTuple):
    """Who looked, when, and what at: "networks", "address"."""

    by_id: int | None
    by: str | None
    at: datetime
    what: str


class Asked(NamedTuple):
    """Which sanctions are wanted; what is empty asks for nothing."""

    kind: str = ""
    rule: str = ""
    board_id: int | None = None


EVERYTHING = Asked()
_WARNING = (
    "log_n", "member_id", "member__name", "points", "rule", "facts", "board_id", "post_id", "at",
    "until", "taken_back_n",
)  # fmt: skip
_LIMIT = (
    "log_n", "member_id", "member__name", "kind", "verbs", "a_day", "wait", "rule", "facts",
    "board_id", "thread_id", "post_id", "at", "until", "warning_n", "threshold", "taken_back_n",
)  # fmt: skip


def warnings_of(member_id: int) -> list[WarningRow]:
    """Return a member's warnings, the latest first. One query."""
    return _warnings(Warned.objects.filter(member_id=member_id))


def limits_of(member_id: int) -> list[LimitRow]:
    """Return a member's limits, the latest first. One query."""
    return _limits(Limited.objects.filter(member_id=member_id))


def points_of(member_id: int, *, but: Collection[int] = ()) -> list[Points]:
    """Return a member's warnings that stand, as they count; without some entries. One query."""
    found = Warned.objects.filter(member_id=member_id, taken_back_n=None).exclude(log_n__in=but)
    return [Points(*row) for row in found.values_list("log_n", "points", "at", "until")]


def what_follows(
    viewer: Viewer, member_id: int, warning: Points, board_id: int | None
) -> tuple[int, tuple[Step, ...]]:
    """Return how many points would count with a warning, and what it would lead to. One query.

    board_id: of the post that it would be about.
    """
    given = points_of(member_id)
    reach = None if "sanction_members" in viewer.capabilities else board_id
    led_to = rules.led_to(given, warning, steps())
    return rules.total([*given, warning], warning.at), tuple(
        rules.within(step, reach) for step in led_to
    )


def steps() -> tuple[Step, ...]:
    """Return where points lead in this forum."""
    return rules.steps_in(settings.ROSTRA.warning_steps)


def find_sanction(n: int) -> WarningRow | LimitRow | None:
    """Return the warning or limit of an entry, for whoever may read that. Two queries at most."""
    warned = _warnings(Warned.objects.filter(log_n=n))
    if warned:
        return warned[0]
    return next(iter(_limits(Limited.objects.filter(log_n=n))), None)


def sanction_for(viewer: Viewer, n: int) -> WarningRow | LimitRow:
    """Return a sanction of another's that the viewer is shown; raises NotFound, Refused."""
    rules.may_work(viewer).enforce()
    found: list[WarningRow] | list[LimitRow]
    found = _warnings(Warned.objects.filter(_shown(viewer), log_n=n))
    if not found:
        found = _limits(Limited.objects.filter(_shown(viewer), log_n=n))
    if not found:
        raise NotFound
    return found[0]


def in_force(
    viewer: Viewer, asked: Asked = EVERYTHING, *, before: int | None = None, limit: int
) -> list[WarningRow | LimitRow]:
    """Return what holds now of sanctions that the viewer is shown, the latest first, by key.

    Two queries; one where one kind is asked for. Raises Refused for who sanctions nobody.
    """
    rules.may_work(viewer).enforce()
    now = clock.now()
    where = _shown(viewer) & Q(taken_back_n=None)
    if before is not None:
        where &= Q(log_n__lt=before)
    if asked.rule:
        where &= Q(rule=asked.rule)
    if asked.board_id is not None:
        where &= Q(board_id=asked.board_id)
    found: list[WarningRow | LimitRow] = []
    if asked.kind in ("", "warn"):
        found += _warnings(Warned.objects.filter(where, until__gt=now), limit)
    if asked.kind != "warn":
        limits = Limited.objects.filter(where & (Q(until=None) | Q(until__gt=now)))
        found += _limits(limits.filter(kind=asked.kind) if asked.kind else limits, limit)
    return sorted(found, key=lambda one: -one.n)[:limit]


def record_for(viewer: Viewer, member_id: int) -> tuple[list[WarningRow], list[LimitRow]]:
    """Return what the viewer is shown of a member's warnings and limits. Two queries.

    Raises Refused: of oneself there is one's own record.
    """
    rules.may_see(viewer, member_id).enforce()
    where = _shown(viewer) & Q(member_id=member_id)
    return _warnings(Warned.objects.filter(where)), _limits(Limited.objects.filter(where))


def may_sanction_now(viewer: Viewer, member_id: int, board_id: int | None) -> Verdict:
    """Return whether the viewer may warn or limit a member in a board, or everywhere. One query."""
    if viewer.member_id is None:
        return Verdict("log_in_first")
    found = ranks({viewer.member_id, member_id})
    return rules.may_sanction(
        viewer, member_id, board_id, rank=found[viewer.member_id], theirs=found[member_id]
    )


def notes_on(viewer: Viewer, member_id: int) -> list[NoteRow]:
    """Return what staff wrote about a member, the latest first; raises Refused. One query."""
    rules.may_see(viewer, member_id).enforce()
    fields = (
        "id", "author_id", "author__name", "text", "at", "withdrawn_by__name", "withdrawn_at",
    )  # fmt: skip
    found = StaffNote.objects.filter(member_id=member_id).order_by("-id")
    rows = [NoteRow._make(row) for row in found.values_list(*fields)[:LISTED]]
    return [row._replace(text="") if row.withdrawn_at is not None else row for row in rows]


def looks_at(viewer: Viewer, member_id: int) -> list[LookRow]:
    """Return who looked at where a member comes from, or found them by their address. One query.

    Raises Refused.
    """
    rules.may_see_networks(viewer, member_id).enforce()
    found = Look.objects.filter(member_id=member_id).order_by("-id")
    return [LookRow(*row) for row in found.values_list("by_id", "by__name", "at", "what")[:LISTED]]


def looks_for_nobody(viewer: Viewer, limit: int) -> list[LookRow]:
    """Return who looked up addresses that are nobody's, the latest first. One query.

    Raises Refused.
    """
    rules.may_look_up(viewer).enforce()
    found = Look.objects.filter(member=None).order_by("-id")
    return [LookRow(*row) for row in found.values_list("by_id", "by__name", "at", "what")[:limit]]


def own_looks(member_id: int) -> list[tuple[datetime, str]]:
    """Return when staff looked at where a member comes from, or sought them by their address.

    For that member alone; who it was is not for them. One query.
    """
    found = Look.objects.filter(member_id=member_id).order_by("id")
    return list(found.values_list("at", "what"))


def kept_of(member_ids: Collection[int]) -> dict[int, KeptSanctions]:
    """Return what belongs on the rows of these members. Three queries."""
    now, ids = clock.now(), list(member_ids)
    limits: dict[int, list[Limit]] = {member_id: [] for member_id in ids}
    begun: dict[int, list[datetime]] = {member_id: [] for member_id in ids}
    for row in Limited.objects.filter(member_id__in=ids, taken_back_n=None):
        begun[row.member_id].append(row.at)
        limit = _as_limit(row)
        if limit.holds(now):
            limits[row.member_id].append(limit)
    warned = Warned.objects.filter(member_id__in=ids, taken_back_n=None)
    for member_id, at in warned.values_list("member_id", "at"):
        begun[member_id].append(at)
    ever = set(
        Limited.objects.filter(member_id__in=ids, kind__in=("suspend", "ban")).values_list(
            "member_id", flat=True
        )
    )
    return {
        member_id: KeptSanctions(
            limits=as_kept(limits[member_id]),
            sanctioned_at=max(begun[member_id], default=None),
            is_suspended_here=member_id in ever,
            suspended_until=_suspended_until(limits[member_id]),
        )
        for member_id in ids
    }


def _as_limit(row: Limited) -> Limit:
    return Limit(
        n=row.log_n,
        kind=cast(Kind, row.kind),
        until=row.until,
        rule=row.rule,
        verbs=tuple(row.verbs.split()),
        board_id=row.board_id,
        thread_id=row.thread_id,
        a_day=row.a_day,
        wait=row.wait,
    )


def _suspended_until(limits: Sequence[Limit]) -> datetime | None:
    """Return when the last suspension ends; that of who is banned is far away."""
    ends = [one.until or NEVER for one in limits if one.kind in ("suspend", "ban")]
    return max(ends, default=None)


def _shown(viewer: Viewer) -> Q:
    """Return which sanctions are the viewer's to see: of boards they moderate, and all others'.

    Who may sanction everywhere is shown those that hold everywhere. Nobody is shown their own here.
    """
    boards = viewer.readable & viewer.grants.get("moderate", NONE)
    where = Q(board_id__in=list(boards))
    if "sanction_members" in viewer.capabilities:
        where |= Q(board=None)
    return where & ~Q(member_id=viewer.require_member())


def _warnings(found: QuerySet[Warned], limit: int = LISTED) -> list[WarningRow]:
    rows: Any = found.order_by("-log_n").values_list(*_WARNING)[:limit]
    return [WarningRow._make(row) for row in rows]


def _limits(found: QuerySet[Limited], limit: int = LISTED) -> list[LimitRow]:
    rows: Any = found.order_by("-log_n").values_list(*_LIMIT)[:limit]
    return [LimitRow._make((*row[:4], tuple(row[4].split()), *row[5:])) for row in rows]
