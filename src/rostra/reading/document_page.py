"""A document elsewhere: what it said, what became of it, and where it was linked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.claims.record import Record, record_of
from rostra.forum.documents import queries
from rostra.forum.documents.queries import DocumentRow, LinkRow
from rostra.kernel.verdict import Verdict
from rostra.kernel.worddiff import Piece
from rostra.reading.front_page import whole_tree_of

PASSAGES = 5  # that are looked for in what a document says now


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """All the template needs."""

    document: DocumentRow
    saved_at: list[datetime]  # when its text was saved, the first time first
    links: list[LinkRow]
    older: int | None
    boards: dict[int, BoardRow]
    became: dict[str, list[Piece]]  # excerpts that people quoted → what became of them
    may_describe: Verdict
    record: Record  # of its publisher


def document_page(viewer: Viewer, document_id: int, before: int | None = None) -> DocumentPage:
    """Gather what is known of a document. Four queries; two more where it has changed.

    One more for members, two for moderators. Raises NotFound for one that no post leads to which
    the viewer may read.
    """
    document = queries.document_for(viewer, document_id)
    links = queries.links_to(viewer, document_id, before=before, limit=viewer.per_page + 1)
    shown = links[: viewer.per_page]
    excerpts = {link.excerpt for link in shown if link.excerpt} if document.changed_at else set()
    return DocumentPage(
        document=document,
        saved_at=queries.saved_at(document_id),
        links=shown,
        older=shown[-1].id if len(links) > len(shown) else None,
        boards=dict(whole_tree_of(viewer).rows),
        became=queries.became_of(document_id, sorted(excerpts)[:PASSAGES]),
        may_describe=queries.may_describe(viewer, document),
        record=record_of(viewer, document.publisher_id),
    )
