from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.documents import queries
from rostra.forum.documents.actions import publishing
from rostra.forum.documents.actions.describing import describe_document
from rostra.forum.documents.queries import DocumentRow
from rostra.forum.documents.rules import PUBLISHER_KINDS, Description, Publishing
from rostra.kernel.errors import Invalid
from rostra.reading.document_page import document_page
from rostra.reading.publisher_page import publisher_page
from rostra.web import addresses, query
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_safe
def find(request: RostraRequest) -> HttpResponse:
    """Go to the page of the document at an address, or say that nobody linked to it."""
    typed = request.GET.get("address", "")[:2100].strip()
    found = queries.find_document(request.viewer, typed) if typed else None
    if found is not None:
        return see_other(addresses.document(found))
    return render(request, "documents/find.html", {"typed": typed})


@require_safe
def document(request: RostraRequest, document_id: int) -> HttpResponse:
    """Show a document: what is known of it, what became of it, where it was linked."""
    before = query.whole(request, "before")
    page = document_page(request.viewer, document_id, before)
    return render(request, "documents/document.html", {"page": page})


@require_safe
def publisher(request: RostraRequest, publisher_id: int) -> HttpResponse:
    """Show a publisher's documents that were linked here."""
    before = query.whole(request, "before")
    page = publisher_page(request.viewer, publisher_id, before)
    return render(request, "documents/publisher.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: RostraRequest, document_id: int) -> HttpResponse:
    """Say what a document is that was not read."""
    viewer = request.viewer
    found = queries.document_for(viewer, document_id)
    viewer.require_member()
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *Description._fields, "reason")
        said = Description(*(values[name] for name in Description._fields))
        try:
            describe_document(viewer, document_id, said, reason=values["reason"])
            return see_other(addresses.document(document_id))
        except EXPECTED as refused:
            error = refused
    else:
        queries.may_describe(viewer, found).enforce()
        values = _known(found)
    context = {
        "document": found,
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "is_anothers": found.described_by_id not in (None, viewer.member_id),
        "is_fetched": settings.ROSTRA.fetch_links == "on",
    }
    return render(request, "documents/describe.html", context, status=status_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
def describe_publisher(request: RostraRequest, publisher_id: int) -> HttpResponse:
    """Say who a publisher is, and who owns it."""
    page = publisher_page(request.viewer, publisher_id)
    page.may_describe.enforce()
    known = page.publisher
    values = Publishing(known.kind, known.owner or "", known.facts)._asdict()
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *Publishing._fields)
        try:
            publishing.describe_publisher(request.viewer, publisher_id, Publishing(**values))
            return see_other(f"/publishers/{publisher_id}")
        except EXPECTED as refused:
            error = refused
    context = {
        "publisher": known,
        "values": values,
        "kinds": PUBLISHER_KINDS,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "documents/publishing.html", context, status=status_of(error))


def _known(found: DocumentRow) -> dict[str, str]:
    day = f"{found.published_at:%Y-%m-%d}" if found.published_at else ""
    said = Description(found.title, found.publisher, day, found.language, found.summary)
    return {**said._asdict(), "reason": ""}
