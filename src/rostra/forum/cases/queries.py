"""Reading cases: the queue of who moderates, one case, and what members see of their own."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from rostra.forum.access.queries import moderates_everything, ranks
from rostra.forum.access.rules import may_moderate_anywhere
from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.cases import rules
from rostra.forum.cases.models import Case, Report, Step
from rostra.forum.cases.rules import CaseFacts
from rostra.forum.notes.queries import own_words, written_by
from rostra.forum.threads.listing import Key
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict

ALIKE = 5
LISTED_STEPS = 200


class CaseRow(NamedTuple):
    """A case as the queue lists it."""

    id: int
    kind: str
    target_id: int
    state: str
    version: int
    title: str
    source: str
    rule: str
    opened_at: datetime
    claimed_by_id: int | None
    claimed_by: str | None
    claimed_at: datetime | None
    decision: str
    decided_at: datetime | None
    decided_by: str | None
    log_n: int | None
    duplicate_of: int | None
    thread_id: int | None
    board_id: int | None
    subject_id: int | None
    subject: str | None
    report_count: int = 0


class ReportRow(NamedTuple):
    """A report as staff see it; `reporter` is None for a guest or somebody who is gone."""

    id: int
    rule: str
    line: str
    at: datetime
    outcome: str
    reporter_id: int | None
    reporter: str | None


class StepRow(NamedTuple):
    """What somebody of the staff did or said."""

    kind: str
    member_id: int | None
    member: str | None
    text: str
    at: datetime


class OwnReport(NamedTuple):
    """A report as who made it sees it: what came of it, and nothing of who decided."""

    id: int
    kind: str
    target_id: int
    rule: str
    line: str
    at: datetime
    outcome: str
    decided_at: datetime | None
    log_n: int | None


class Asked(NamedTuple):
    """Which cases are wanted; what is empty asks for nothing."""

    show: str = "waiting"  # waiting, mine, done
    kind: str = ""
    rule: str = ""
    board_id: int | None = None


EVERYTHING = Asked()
_FIELDS = (
    "id", "kind", "target_id", "state", "version", "title", "source", "rule", "opened_at",
    "claimed_by_id", "claimed_by__name", "claimed_at", "decision", "decided_at",
    "decided_by__name", "log_n", "duplicate_of_id", "thread_id", "thread__board_id", "subject_id",
    "subject__name",
)  # fmt: skip


def queue(
    viewer: Viewer, asked: Asked = EVERYTHING, *, after: Key | None = None, limit: int
) -> list[CaseRow]:
    """Return cases of the viewer's boards: waiting ones by how long, others newest first, by key.

    Two queries, whatever there is. Raises Refused for who moderates nothing.
    """
    may_moderate_anywhere(viewer).enforce()
    found = _shown(viewer)
    if asked.show == "done":
        found = found.filter(decided_at__isnull=False).exclude(state__in=rules.WAITING)
        found = found.order_by("-decided_at", "-id")
        if after is not None:
            found = found.filter(
                Q(decided_at__lt=after.value) | Q(decided_at=after.value, id__lt=after.id)
            )
    else:
        found = found.filter(state__in=rules.WAITING).order_by("opened_at", "id")
        if asked.show == "mine":
            found = found.filter(claimed_by_id=viewer.member_id)
        if after is not None:
            found = found.filter(
                Q(opened_at__gt=after.value) | Q(opened_at=after.value, id__gt=after.id)
            )
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.rule:
        found = found.filter(rule=asked.rule)
    if asked.board_id is not None:
        found = found.filter(thread__board_id=asked.board_id)
    rows = list(found.values_list(*_FIELDS)[:limit])
    counts = dict(
        Report.objects.filter(case_id__in=[row[0] for row in rows])
        .values_list("case_id")
        .annotate(n=Count("id"))
    )
    return [CaseRow(*row)._replace(report_count=counts.get(row[0], 0)) for row in rows]


def shown_case(viewer: Viewer, case_id: int) -> CaseRow:
    """Return a case that the viewer is shown; raises NotFound for any other (SEC-062)."""
    may_moderate_anywhere(viewer).enforce()
    row = _shown(viewer).filter(id=case_id).values_list(*_FIELDS).first()
    if row is None:
        raise NotFound
    return CaseRow(*row)


def reports_in(case_id: int) -> list[ReportRow]:
    """Return the reports in a case, the oldest first; ask `shown_case` before. One query."""
    rows = Report.objects.filter(case_id=case_id).order_by("id")
    fields = ("id", "rule", "line", "at", "outcome", "reporter_id", "reporter__name")
    return [ReportRow._make(row) for row in rows.values_list(*fields)[:LISTED_STEPS]]


def steps_in(case_id: int) -> list[StepRow]:
    """Return what staff did and said, the oldest first; ask `shown_case` before. One query."""
    rows = Step.objects.filter(case_id=case_id).order_by("id")
    fields = ("kind", "member_id", "member__name", "text", "at")
    return [StepRow._make(row) for row in rows.values_list(*fields)[:LISTED_STEPS]]


def alike(viewer: Viewer, case: CaseRow) -> list[CaseRow]:
    """Return other waiting cases about the same member or in the same thread. One query."""
    same = Q(subject_id=case.subject_id or 0) | Q(thread_id=case.thread_id or 0)
    found = _shown(viewer).filter(same, state__in=rules.WAITING).exclude(id=case.id)
    return [CaseRow(*row) for row in found.order_by("-id").values_list(*_FIELDS)[:ALIKE]]


def last_decisions(viewer: Viewer, case: CaseRow) -> list[CaseRow]:
    """Return the last decisions under the same rule in the same board. One query."""
    found = _shown(viewer).filter(rule=case.rule, decided_at__isnull=False).exclude(id=case.id)
    found = found.exclude(decision="duplicate")
    if case.board_id is not None:
        found = found.filter(thread__board_id=case.board_id)
    return [CaseRow(*row) for row in found.order_by("-decided_at").values_list(*_FIELDS)[:ALIKE]]


def may_decide_now(viewer: Viewer, case: CaseRow | Case) -> Verdict:
    """Return whether the viewer may decide a case that they are shown. Two queries, of a note
    three."""
    board_id = case.board_id if isinstance(case, CaseRow) else board_of(case)
    subject, me = case.subject_id, viewer.require_member()
    found = ranks({me} | ({subject} if subject is not None else set()))
    case_id = case.id if isinstance(case, CaseRow) else case.pk
    reporters = Report.objects.filter(case_id=case_id, outcome="", reporter_id=me)
    if case.kind == "note" and own_words(me, case.target_id):
        return Verdict("own_case")
    facts = CaseFacts(case.kind, case.state, board_id, subject, found.get(subject or 0, 0))
    return rules.may_decide(
        viewer, facts, set(reporters.values_list("reporter_id", flat=True)), rank=found[me]
    )


def guests_may_report() -> bool:
    """Return whether who is not signed in may report what breaks the rules."""
    return bool(settings.ROSTRA.guest_reports == "on")


def board_of(case: Case) -> int | None:
    """Return in which board a case is now, None for one that is in none."""
    return case.thread.board_id if case.thread is not None else None


def reports_by(member_id: int, *, before: int | None = None, limit: int = 50) -> list[OwnReport]:
    """Return what a member reported and what came of it, the latest first, by key. One query."""
    found = Report.objects.filter(reporter_id=member_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return _own(found.order_by("-id"))[:limit]


def report_by_key(key: str) -> OwnReport:
    """Return a guest's report by their receipt; raises NotFound. One query."""
    found = _own(Report.objects.filter(key=key).exclude(key=""))
    if not found:
        raise NotFound
    return found[0]


def decided_about(member_id: int, limit: int = 50) -> list[CaseRow]:
    """Return what was decided on reports about a member, for that member. One query.

    Neither who reported nor who decided is for them; see `CaseRow` and leave both out.
    """
    found = Case.objects.filter(subject_id=member_id, decided_at__isnull=False)
    found = found.exclude(state__in=rules.WAITING).exclude(decision="duplicate")
    return [CaseRow(*row) for row in found.order_by("-id").values_list(*_FIELDS)[:limit]]


def cases_about(viewer: Viewer, member_id: int, limit: int = 20) -> list[CaseRow]:
    """Return the cases about a member that the viewer is shown, the latest first. One query.

    Raises Refused for who moderates nothing.
    """
    may_moderate_anywhere(viewer).enforce()
    found = _shown(viewer).filter(subject_id=member_id).order_by("-id")
    return [CaseRow(*row) for row in found.values_list(*_FIELDS)[:limit]]


def reporters_of(case_id: int) -> list[tuple[int, int]]:
    """Return who is to be told what came of a case: report and member. One query."""
    found = Report.objects.filter(case_id=case_id, reporter__isnull=False).exclude(outcome="")
    return [(n, who) for n, who in found.values_list("id", "reporter_id") if who is not None]


def _own(found: QuerySet[Report]) -> list[OwnReport]:
    fields = (
        "id", "case__kind", "case__target_id", "rule", "line", "at", "outcome",
        "case__decided_at", "case__log_n",
    )  # fmt: skip
    return [
        OwnReport._make((*row[:7], row[7] if row[6] else None, row[8] if row[6] else None))
        for row in found.values_list(*fields)[:500]
    ]


def _shown(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases that are the viewer's to see: of boards they moderate and read now.

    Messages are shown to whoever moderates; members' own pages to who moderates the whole forum.
    Nobody is shown a case about themselves: who reported them is not for them to know.
    """
    boards = viewer.readable & viewer.grants.get("moderate", NONE)
    kinds = ["message"]
    if "manage_members" in viewer.capabilities or moderates_everything(viewer):
        kinds.append("member")
    found = Case.objects.filter(
        Q(thread__board_id__in=list(boards)) | Q(thread=None, kind__in=kinds)
    )
    me = viewer.require_member()
    return found.exclude(subject_id=me).exclude(kind="note", target_id__in=written_by(me))
