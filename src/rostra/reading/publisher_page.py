"""A publisher: those of its documents that were linked where the viewer may read."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.documents import queries
from rostra.forum.documents.queries import DocumentRow, PublisherRow
from rostra.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class PublisherPage:
    """All the template needs."""

    publisher: PublisherRow
    documents: list[DocumentRow]
    older: int | None


def publisher_page(viewer: Viewer, publisher_id: int, before: int | None = None) -> PublisherPage:
    """Gather a publisher's documents. Two queries.

    Raises NotFound where the viewer may know of none.
    """
    publisher = queries.publisher_of(publisher_id)
    found = queries.documents_of(viewer, publisher_id, before=before, limit=viewer.per_page + 1)
    if not found:
        raise NotFound
    shown = found[: viewer.per_page]
    return PublisherPage(publisher, shown, shown[-1].id if len(found) > len(shown) else None)
