"""Publishers by themselves: who owns whom, how they are called, what was said of them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from rostra.forum.access.viewer import Viewer
from rostra.forum.documents import rules
from rostra.forum.documents.models import Document, Link, Publisher, PublisherEdit
from rostra.forum.documents.queries import PublisherEditRow
from rostra.forum.threads.composing import standing_for
from rostra.forum.threads.readable import shown
from rostra.kernel import text
from rostra.kernel.verdict import Verdict

DEEPEST = 20  # owners above each other
EDITS = 20  # that are listed


def owners_above(publisher_ids: Collection[int]) -> dict[int, int | None]:
    """Return publisher → owner, for these and all above them. One query a step up."""
    found: dict[int, int | None] = {}
    wanted = set(publisher_ids)
    for _ in range(DEEPEST):
        if not wanted:
            break
        rows = Publisher.objects.filter(id__in=sorted(wanted)).values_list("id", "owner_id")
        found.update(rows)
        wanted = {owner for owner in found.values() if owner is not None} - set(found)
    return found


def publishers_below(publisher_id: int) -> list[int]:
    """Return a publisher and all that speak for it. One query a step down."""
    found, level = {publisher_id}, {publisher_id}
    for _ in range(DEEPEST):
        rows = Publisher.objects.filter(owner_id__in=sorted(level)).values_list("id", flat=True)
        level = set(rows) - found
        if not level:
            break
        found |= level
    return sorted(found)


def publisher_called(name: str) -> int | None:
    """Return the one publisher of this name or domain; None where there is none, or several."""
    name = text.one_line(name)
    if not name:
        return None
    by_domain = Publisher.objects.filter(domain=name.lower()).values_list("id", flat=True)
    found = list(by_domain) or list(
        Publisher.objects.filter(name__iexact=name).values_list("id", flat=True)[:2]
    )
    return found[0] if len(found) == 1 else None


def publishers_known(viewer: Viewer, publisher_ids: Collection[int]) -> set[int]:
    """Return those of these whose page the viewer may see. One query; none for none."""
    if not publisher_ids:
        return set()
    links = Link.objects.filter(shown(viewer, "post__"), document__publisher_id=OuterRef("pk"))
    found = Publisher.objects.filter(Exists(links), id__in=list(publisher_ids))
    return set(found.values_list("id", flat=True))


def documents_known(viewer: Viewer, document_ids: Collection[int]) -> set[int]:
    """Return those of these whose page the viewer may see. One query; none for none."""
    if not document_ids:
        return set()
    links = Link.objects.filter(shown(viewer, "post__"), document_id=OuterRef("pk"))
    found = Document.objects.filter(Exists(links), id__in=list(document_ids))
    return set(found.values_list("id", flat=True))


def edits_of(publisher_id: int) -> list[PublisherEditRow]:
    """Return what was said of a publisher, the newest first. One query."""
    rows = (
        PublisherEdit.objects.filter(publisher_id=publisher_id)
        .order_by("-id")
        .values_list("id", "at", "editor_id", "editor__name", "before", "after")
    )
    return [PublisherEditRow._make(row) for row in rows[:EDITS]]


def may_describe_publisher(viewer: Viewer) -> Verdict:
    """Whether the viewer may say who a publisher is. One query; none for guests."""
    is_trusted = not viewer.is_guest and standing_for(viewer.require_member()).rung == "trusted"
    return rules.may_describe_publisher(viewer, is_trusted=is_trusted)
