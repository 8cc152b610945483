"""A publisher: those of its documents that were linked where the viewer may read."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims.record import Record, record_of
from rostra.forum.documents import queries
from rostra.forum.documents.publishers import edits_of, may_describe_publisher, publishers_known
from rostra.forum.documents.queries import DocumentRow, PublisherEditRow, PublisherRow
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict


@dataclass(frozen=True, slots=True)
class PublisherPage:
    """All the template needs."""

    publisher: PublisherRow
    documents: list[DocumentRow]
    older: int | None
    record: Record
    edits: list[PublisherEditRow]
    is_owner_known: bool  # its page is for the viewer to see
    may_describe: Verdict


def publisher_page(viewer: Viewer, publisher_id: int, before: int | None = None) -> PublisherPage:
    """Gather a publisher's documents. Four queries, one more where it is owned, and for members.

    Raises NotFound where the viewer may know of none.
    """
    publisher = queries.publisher_of(publisher_id)
    found = queries.documents_of(viewer, publisher_id, before=before, limit=viewer.per_page + 1)
    if not found:
        raise NotFound
    shown = found[: viewer.per_page]
    owner_id = publisher.owner_id
    return PublisherPage(
        publisher=publisher,
        documents=shown,
        older=shown[-1].id if len(found) > len(shown) else None,
        record=record_of(viewer, publisher_id),
        edits=edits_of(publisher_id),
        is_owner_known=owner_id is not None and bool(publishers_known(viewer, [owner_id])),
        may_describe=may_describe_publisher(viewer),
    )
