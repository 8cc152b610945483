"""A note, its post, and what the viewer may do with it."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.cases.queries import guests_may_report
from rostra.forum.cases.rules import may_report
from rostra.forum.claims.queries import ClaimRow, claim_for
from rostra.forum.notes import queries, rules
from rostra.forum.notes.queries import NotePage
from rostra.forum.threads.rules import may_moderate
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import whole_tree_of


@dataclass(frozen=True, slots=True)
class NoteShown:
    """All the template needs."""

    of: NotePage
    path: tuple[BoardRow, ...]
    may_rate: Verdict
    may_withdraw: Verdict
    may_ask_review: Verdict
    may_remove: Verdict
    may_report: Verdict
    claim: ClaimRow | None  # that the note is about


def note_page(viewer: Viewer, note_id: int) -> NoteShown:
    """Gather it. Three queries, one more for its claim; raises NotFound."""
    found = queries.note_for(viewer, note_id)
    note = found.note
    rater = queries.rater_for(viewer)
    return NoteShown(
        of=found,
        path=tuple(whole_tree_of(viewer).path(found.board_id)),
        may_rate=rules.may_rate(viewer, rater, note),
        may_withdraw=rules.may_withdraw(viewer, note),
        may_ask_review=rules.may_ask_review(
            viewer, note, found.post_author_id, found.is_review_asked, clock.now()
        ),
        may_remove=may_moderate(viewer, found.board_id),
        may_report=may_report(viewer, note.author_id, guests_may=guests_may_report()),
        claim=_claim(viewer, note.claim_id),
    )


def _claim(viewer: Viewer, claim_id: int | None) -> ClaimRow | None:
    """Return a note's claim, where the viewer may see that."""
    if claim_id is None:
        return None
    try:
        return claim_for(viewer, claim_id)
    except NotFound:
        return None
