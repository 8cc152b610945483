"""Working on a case: claiming it, handing it over, talking about it."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.queries import grants_for, ranks
from rostra.forum.access.rules import may_moderate_anywhere
from rostra.forum.access.viewer import Viewer
from rostra.forum.cases import queries, rules
from rostra.forum.cases.events import CaseChanged
from rostra.forum.cases.models import Case, Step
from rostra.forum.members.queries import ids_by_name
from rostra.forum.members.turns import take_turn
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.events import emit


def locked_case(viewer: Viewer, case_id: int) -> Case:
    """Return a case that the viewer is shown, locked; raises NotFound, Refused."""
    may_moderate_anywhere(viewer).enforce()
    take_turn(viewer.require_member())
    queries.shown_case(viewer, case_id)
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    if case is None:
        raise NotFound
    return case


def check_version(case: Case, version: int) -> None:
    """Raise Invalid where the case is no longer the one that somebody looked at (ABU: stale)."""
    if case.version != version:
        raise Invalid({"version": "case_changed"})


@transaction.atomic
def claim_case(viewer: Viewer, case_id: int, version: int) -> None:
    """Take a case upon oneself, so that nobody else begins with it. Emits CaseChanged."""
    case = locked_case(viewer, case_id)
    check_version(case, version)
    if case.state != Case.State.OPEN:
        raise Refused("case_not_open")
    _give(case, viewer.require_member(), by=viewer.require_member(), kind=Step.Kind.CLAIMED)


@transaction.atomic
def release_case(viewer: Viewer, case_id: int, version: int) -> None:
    """Give back a case that one has; emits CaseChanged."""
    case = locked_case(viewer, case_id)
    check_version(case, version)
    if case.claimed_by_id != viewer.member_id or case.state != Case.State.CLAIMED:
        raise Refused("case_not_yours")
    _give(case, None, by=viewer.require_member(), kind=Step.Kind.RELEASED)


@transaction.atomic
def hand_over_case(viewer: Viewer, case_id: int, version: int, name: str) -> None:
    """Give a waiting case to another moderator, who must be one for it. Emits CaseChanged."""
    case = locked_case(viewer, case_id)
    check_version(case, version)
    if case.state not in rules.WAITING:
        raise Refused("already_decided")
    found = ids_by_name([name])
    if name not in found:
        raise Invalid({"to": "no_such_member"})
    to_id = found[name][0]
    board_id = queries.board_of(case)
    boards = grants_for(to_id).get("moderate", frozenset())
    can = board_id in boards if board_id is not None else ranks([to_id])[to_id] > 0
    if not can or to_id == case.subject_id:
        raise Invalid({"to": "not_a_moderator_for_it"})
    _give(case, to_id, by=viewer.require_member(), kind=Step.Kind.HANDED, text=found[name][1])


@transaction.atomic
def add_note(viewer: Viewer, case_id: int, words: str) -> None:
    """Say something about a case to the other staff; emits CaseChanged."""
    words = rules.check_note(words)
    case = locked_case(viewer, case_id)
    Step.objects.create(
        case=case, kind=Step.Kind.NOTE, member_id=viewer.member_id, text=words, at=clock.now()
    )
    emit(CaseChanged(case_id=case.pk))


def _give(case: Case, to_id: int | None, *, by: int, kind: Step.Kind, text: str = "") -> None:
    now = clock.now()
    case.claimed_by_id, case.claimed_at = to_id, now if to_id is not None else None
    case.state = Case.State.OPEN if to_id is None else Case.State.CLAIMED
    case.version += 1
    case.save()
    Step.objects.create(case=case, kind=kind, member_id=by, text=text, at=now)
    emit(CaseChanged(case_id=case.pk))
