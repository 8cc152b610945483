"""Sanctions as those who moderate need them: the form, a member's page, the list of what holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.appeals.queries import AppealRow, appeals_by
from rostra.forum.cases.queries import CaseRow, cases_about
from rostra.forum.members.queries import MemberCard, card_of
from rostra.forum.modlog.rulebook import RuleRow, rules_in_force
from rostra.forum.sanctions import queries, rules
from rostra.forum.sanctions.queries import Asked, LimitRow, LookRow, NoteRow, WarningRow
from rostra.forum.threads.composing import Written, written
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import whole_tree_of

LISTED = 50


@dataclass(frozen=True, slots=True)
class FormPage:
    """All the form needs. boards: where the viewer may limit; `may_everywhere`: beyond them."""

    card: MemberCard
    post: Written | None
    rules: list[RuleRow]
    boards: Mapping[int, str]
    may_warn: Verdict
    may_everywhere: Verdict
    points: int  # that count now


@dataclass(frozen=True, slots=True)
class StaffPage:
    """What staff know of a member, as far as it is this viewer's to know."""

    card: MemberCard
    points: int
    warnings: list[WarningRow]
    limits: list[LimitRow]
    notes: list[NoteRow]
    cases: list[CaseRow]
    appeals: list[AppealRow]
    boards: Mapping[int, str]
    may_see_networks: bool
    looks: list[LookRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ListPage:
    """What holds now."""

    rows: list[WarningRow | LimitRow]
    asked: Asked
    rules: list[RuleRow]
    boards: Mapping[int, str]
    older: int | None


def form_page(viewer: Viewer, member_id: int, post_id: int | None) -> FormPage:
    """Gather what warning or limiting a member needs; raises NotFound, Refused. Five queries."""
    rules.may_see(viewer, member_id).enforce()
    card = card_of(member_id)
    post = written(viewer, post_id) if post_id is not None else None
    if post is not None and post.author_id != member_id:
        raise NotFound
    everywhere = queries.may_sanction_now(viewer, member_id, None)
    here = everywhere
    if post is not None:
        here = queries.may_sanction_now(viewer, member_id, post.board_id)
    for verdict in (here, everywhere):
        if verdict.reason == "above_your_rank":
            verdict.enforce()
    return FormPage(
        card=card,
        post=post,
        rules=rules_in_force(),
        boards=moderated_titles(viewer),
        may_warn=here,
        may_everywhere=everywhere,
        points=rules.total(queries.points_of(member_id), clock.now()),
    )


def staff_page(viewer: Viewer, member_id: int) -> StaffPage:
    """Gather what staff know of a member; raises NotFound, Refused. Seven queries at most."""
    warnings, limits = queries.record_for(viewer, member_id)
    may_networks = bool(rules.may_see_networks(viewer, member_id))
    is_moderator = bool(viewer.grants.get("moderate"))
    return StaffPage(
        card=card_of(member_id),
        points=rules.total(queries.points_of(member_id), clock.now()),
        warnings=warnings,
        limits=limits,
        notes=queries.notes_on(viewer, member_id),
        cases=cases_about(viewer, member_id) if is_moderator else [],
        appeals=appeals_by(viewer, member_id),
        boards=_titles(viewer),
        may_see_networks=may_networks,
        looks=queries.looks_at(viewer, member_id) if may_networks else [],
    )


def list_page(viewer: Viewer, asked: Asked, *, before: int | None = None) -> ListPage:
    """Gather what holds of sanctions, the latest first. Three queries; raises Refused."""
    found = queries.in_force(viewer, asked, before=before, limit=LISTED + 1)
    shown = found[:LISTED]
    return ListPage(
        rows=shown,
        asked=asked,
        rules=rules_in_force(),
        boards=_titles(viewer),
        older=shown[-1].n if len(found) > LISTED else None,
    )


def _titles(viewer: Viewer) -> Mapping[int, str]:
    tree = whole_tree_of(viewer)
    return {at: row.title for at, row in tree.rows.items() if at in viewer.boards}


def moderated_titles(viewer: Viewer) -> Mapping[int, str]:
    """Return the boards that the viewer moderates. No query."""
    moderated = viewer.grants.get("moderate", NONE)
    return {at: title for at, title in _titles(viewer).items() if at in moderated}
