"""A claim by itself: what is known of it, who says what, what happened to it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.cases.queries import guests_may_report
from rostra.forum.cases.rules import may_report
from rostra.forum.claims import queries, rules
from rostra.forum.claims.hearing import is_watching
from rostra.forum.claims.queries import ClaimRow, EntryRow, EventRow
from rostra.forum.documents.publishers import documents_known, publishers_known
from rostra.forum.notes.queries import NoteRow, shown_about
from rostra.forum.threads.composing import standing_for
from rostra.forum.threads.standing import Rung
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import whole_tree_of

EVENTS = 50


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """All the template needs."""

    claim: ClaimRow
    path: tuple[BoardRow, ...]
    entries: list[EntryRow]
    sources: int  # that count and do not stand for each other
    events: list[EventRow]
    older: int | None
    documents: set[int]  # whose pages the viewer may see; so with publishers
    publishers: set[int]
    asof: datetime | None
    status_then: str  # where a time is asked for
    is_taking_part: bool
    is_judging: bool
    is_moderating: bool
    may_report: Verdict
    is_watching: bool
    is_told_anyway: bool  # who made it, or said who says what
    notes: list[NoteRow]  # of the community about it; as known now, whatever time is asked for


def claim_page(
    viewer: Viewer, claim_id: int, asof: datetime | None = None, before: int | None = None
) -> ClaimPage:
    """Gather a claim. Eight queries, however many entries; two more for owners of publishers,
    one for the sources of notes,
    one for a member.

    Raises NotFound where the viewer may not see it.
    """
    claim = queries.claim_for(viewer, claim_id)
    entries = queries.entries_for(viewer, claim)
    if asof is not None:
        entries = [entry for entry in entries if entry.at <= asof]
    roots = queries.roots_of(claim_id)
    events = queries.events_of(claim_id, before=before, limit=EVENTS + 1)
    counted = {roots[entry.id] for entry in entries if _counts(entry)}
    rung = rung_of(viewer, claim.thread.board_id)
    return ClaimPage(
        claim=claim,
        path=tuple(whole_tree_of(viewer).path(claim.thread.board_id)),
        entries=entries,
        sources=len(counted),
        events=events[:EVENTS],
        older=events[EVENTS - 1].id if len(events) > EVENTS else None,
        documents=documents_known(viewer, {e.document_id for e in entries if e.document_id}),
        publishers=publishers_known(viewer, {e.publisher_id for e in entries if e.publisher_id}),
        asof=asof,
        status_then=claim.status if asof is None else queries.status_at(claim_id, asof),
        is_taking_part=bool(rules.may_take_part(viewer, claim.thread, rung)),
        is_judging=bool(rules.may_judge(viewer, claim.thread, rung)),
        is_moderating=viewer.can("moderate", claim.thread.board_id),
        may_report=may_report(viewer, claim.maker_id, guests_may=guests_may_report()),
        is_watching=is_watching(viewer, claim_id),
        is_told_anyway=not viewer.is_guest and viewer.member_id in _taking_part(claim, entries),
        notes=shown_about(viewer, claim_id),
    )


def rung_of(viewer: Viewer, board_id: int) -> Rung | None:
    """Return where a viewer stands in a board; None for its moderators, and for guests."""
    if viewer.is_guest or viewer.can("moderate", board_id):
        return None
    return standing_for(viewer.require_member()).rung


def _taking_part(claim: ClaimRow, entries: list[EntryRow]) -> set[int | None]:
    standing = (entry for entry in entries if entry.state not in ("withdrawn", "removed"))
    return {claim.maker_id, *(entry.added_by_id for entry in standing)}


def _counts(entry: EntryRow) -> bool:
    return entry.state == "active" and entry.stance != "relays"
