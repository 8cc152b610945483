"""Reading documents and publishers. Who may read a post that leads to one may know of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from rostra.content.markup.references import UploadRef
from rostra.content.media.formats import PICTURE_FORM
from rostra.content.media.queries import steps_of
from rostra.content.media.remote import RemoteRow, find_remote
from rostra.content.previews.addresses import host_of, key_of, normalise, registrable
from rostra.content.previews.passages import became
from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.documents import rules
from rostra.forum.documents.models import Address, Document, Link, Publisher, Snapshot
from rostra.forum.documents.rules import MOST_ON_PAGE, Described
from rostra.forum.threads.readable import readable, shown
from rostra.forum.threads.searching import FoundThread
from rostra.kernel import dialect
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict
from rostra.kernel.worddiff import Piece


class DocumentRow(NamedTuple):
    """A document as its page and its cards show it."""

    id: int
    publisher_id: int
    publisher: str  # by its own word; "" where that is not known
    domain: str
    url: str
    title: str  # "" until somebody knows: then there is no card but of what a thread is about
    authors: str
    published_at: datetime | None
    is_exact: bool
    modified_at: datetime | None
    language: str
    kind: str
    summary: str
    state: str
    described_by_id: int | None
    described_by: str | None
    read_at: datetime | None
    checked_at: datetime | None
    changed_at: datetime | None
    gone_at: datetime | None

    @property
    def described(self) -> Described:
        """What the rules ask of it."""
        return Described(self.read_at is not None, self.described_by_id)


class Card(NamedTuple):
    """A document below a link in a post; place 0: above the thread that is about it.

    Or another site's picture in the place of the link to it.
    """

    place: int
    url: str  # as it stands in the post
    document: DocumentRow
    picture: UploadRef | None = None


class LinkRow(NamedTuple):
    """A post that leads to a document."""

    id: int
    place: int
    post_id: int
    number: int | None
    thread_id: int
    thread_title: str
    board_id: int
    author_id: int | None
    author: str
    created_at: datetime | None
    excerpt: str  # of the document, which its thread is about; "" in other posts

    @property
    def is_about(self) -> bool:
        """Whether it opens a thread about the document."""
        return self.place == 0


class PublisherRow(NamedTuple):
    """Whose documents are."""

    id: int
    domain: str
    name: str
    kind: str
    owner_id: int | None
    owner: str | None  # its domain
    facts: str


class PublisherEditRow(NamedTuple):
    """What a member said of a publisher, in place of what was said before."""

    id: int
    at: datetime
    editor_id: int
    editor: str
    before: dict[str, str]
    after: dict[str, str]


def cards_of(post_ids: Collection[int]) -> dict[int, tuple[Card, ...]]:
    """Return the documents that these posts, which somebody may read, show. One query.

    With them other sites' pictures, up to a bound for all posts together.
    """
    if not post_ids:
        return {}
    ids = dialect.padded(post_ids)
    found: dict[int, tuple[Card, ...]] = {}
    left = MOST_ON_PAGE if settings.ROSTRA.remote_images != "link" else 0
    for row in dialect.recall(_CARDS.format(dialect.marks(ids)), ids):
        post_id, place, url, key, width, height, is_animated, *rest = row
        picture = None
        if key is not None and left:
            steps = steps_of(width, is_animated=is_animated)
            picture = UploadRef(key, "picture", PICTURE_FORM, 0, width, height, steps)
            left -= 1
        card = Card(place, url, DocumentRow._make(rest), picture)
        if place == 0 or picture or card.document.title:
            found[post_id] = (*found.get(post_id, ()), card)
    return found


def picture_for(viewer: Viewer, key: str) -> RemoteRow:
    """Return another site's picture that a post shows which the viewer may read; raises NotFound.

    Two queries.
    """
    found = Link.objects.filter(shown(viewer, "post__"), picture__key=key)
    picture_id = found.values_list("picture_id", flat=True).first()
    picture = None if picture_id is None else find_remote(picture_id)
    if picture is None or settings.ROSTRA.remote_images == "link":
        raise NotFound
    return picture


def document_for(viewer: Viewer, document_id: int) -> DocumentRow:
    """Return a document that the viewer may know of; raises NotFound. One query."""
    found = Document.objects.filter(Exists(_links(viewer)), pk=document_id)
    row = found.values_list(*_FIELDS).first()
    if row is None:
        raise NotFound
    return DocumentRow._make(row)


def find_document(viewer: Viewer, url: str) -> int | None:
    """Return the document at an address as somebody types it, if they may know of it."""
    kept = normalise(url)
    if kept is None:
        return None
    found = Document.objects.filter(Exists(_links(viewer)), address__key=key_of(kept))
    return found.values_list("id", flat=True).first()


def documents_at(urls: Collection[str]) -> dict[str, int]:
    """Return address as typed → document, of those that are kept. One query.

    Whether a viewer may know of one is not asked: say of it what they may read anyhow.
    """
    keys = {key_of(kept): url for url in urls if (kept := normalise(url)) is not None}
    found = Address.objects.filter(key__in=list(keys)) if keys else Address.objects.none()
    return {keys[key]: document_id for key, document_id in found.values_list("key", "document_id")}


def publishers_at(urls: Collection[str]) -> dict[str, int]:
    """Return address as typed → publisher, of those that are known. One query; see above."""
    domains = {
        url: registrable(host_of(kept)) for url in urls if (kept := normalise(url)) is not None
    }
    found = Publisher.objects.filter(domain__in=set(domains.values()))
    known = dict(found.values_list("domain", "id"))
    return {url: known[domain] for url, domain in domains.items() if domain in known}


def links_to(
    viewer: Viewer, document_id: int, *, before: int | None = None, limit: int = 20
) -> list[LinkRow]:
    """Return the posts leading to a document that the viewer may read, the newest first, by key."""
    found = Link.objects.filter(shown(viewer, "post__"), document_id=document_id)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = found.order_by("-id").values_list(
        "id", "place", "post_id", "post__number", "post__thread_id", "post__thread__title",
        "post__thread__board_id", "post__author_id", "post__author__name", "post__author_name",
        "post__created_at", "post__thread__excerpt",
    )  # fmt: skip
    return [
        LinkRow(*row[:8], row[8] or row[9], row[10], row[11] if row[1] == 0 else "")
        for row in rows[:limit]
    ]


def documents_of(
    viewer: Viewer, publisher_id: int, *, before: int | None = None, limit: int = 20
) -> list[DocumentRow]:
    """Return a publisher's documents that the viewer may know of, the newest first, by key."""
    found = Document.objects.filter(Exists(_links(viewer)), publisher_id=publisher_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return [DocumentRow._make(row) for row in found.order_by("-id").values_list(*_FIELDS)[:limit]]


def publisher_of(publisher_id: int) -> PublisherRow:
    """Return a publisher; raises NotFound. One query.

    Whether a viewer may know of it is for `documents_of` to say: by one of its documents.
    """
    fields = ("id", "domain", "name", "kind", "owner_id", "owner__domain", "facts")
    row = Publisher.objects.filter(pk=publisher_id).values_list(*fields).first()
    if row is None:
        raise NotFound
    return PublisherRow._make(row)


def threads_about(viewer: Viewer, url: str, limit: int = 5) -> list[FoundThread]:
    """Return the readable threads about the document at an address, the newest first. Two queries.

    However the address is spelled there and here.
    """
    kept = normalise(url)
    if kept is None:
        return []
    document = Address.objects.filter(key=key_of(kept)).values("document_id")[:1]
    found = Link.objects.filter(readable(viewer, "post__"), place=0, document_id__in=document)
    rows = found.order_by("-id").values_list(
        "post__thread_id", "post__thread__title", "post__thread__board_id",
        "post__thread__reply_count", "post__thread__last_post_at",
    )  # fmt: skip
    return [FoundThread(*row) for row in rows[:limit]]


def threads_with(document_id: int, before: int | None, limit: int) -> list[tuple[int, int]]:
    """Return links to a document and their threads, whoever may read them, the newest first."""
    found = Link.objects.filter(document_id=document_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id").values_list("id", "post__thread_id")[:limit])


def threads_with_picture(picture_id: int, before: int | None, limit: int) -> list[tuple[int, int]]:
    """Return links to a picture and their threads, whoever may read them, the newest first."""
    found = Link.objects.filter(picture_id=picture_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id").values_list("id", "post__thread_id")[:limit])


def may_describe(viewer: Viewer, document: DocumentRow) -> Verdict:
    """Whether the viewer may say what a document is. At most two queries; none for guests."""
    links_to_it = moderates = False
    if not viewer.is_guest:
        moderated = viewer.grants.get("moderate", NONE)
        links = Link.objects.filter(shown(viewer, "post__"), document_id=document.id)
        links_to_it = links.filter(post__author_id=viewer.member_id).exists()
        moderates = links.filter(post__thread__board_id__in=moderated).exists()
    return rules.may_describe(
        viewer, document.described, links_to_it=links_to_it, moderates=moderates
    )


class Source(NamedTuple):
    """A document as what is said on it depends on it."""

    id: int
    publisher_id: int
    published_at: datetime | None
    last_at: datetime | None  # when it last changed, as far as is known
    is_read: bool
    has_changed: bool


def source_of(document_id: int) -> Source:
    """Return what is known of a document, whoever may know of it. One query."""
    row = Document.objects.values_list(
        "id", "publisher_id", "published_at", "modified_at", "changed_at", "read_at"
    ).get(id=document_id)
    last = max(filter(None, row[2:5]), default=None)
    return Source(*row[:3], last, row[5] is not None, row[4] is not None)


def undescribed_in(viewer: Viewer, post_id: int) -> list[tuple[int, str]]:
    """Return id and address of what a post leads to that nobody knows yet. One query."""
    links = Link.objects.filter(
        shown(viewer, "post__"), post_id=post_id, document__title="", picture=None
    )
    return list(
        links.order_by("document_id").values_list("document_id", "document__url").distinct()
    )


def described_by(
    member_id: int, after: int, limit: int
) -> list[tuple[int, str, str, str, datetime | None]]:
    """Return what a member said documents are, in order of ids, from one on. One query.

    Id, address, title, summary, day of publication.
    """
    found = Document.objects.filter(described_by_id=member_id, id__gt=after).order_by("id")
    return list(found.values_list("id", "url", "title", "summary", "published_at")[:limit])


def saved_at(document_id: int) -> list[datetime]:
    """Return when copies of a document's text were saved, the first one first. One query."""
    found = Snapshot.objects.filter(document_id=document_id)
    return list(found.order_by("id").values_list("taken_at", flat=True))


def saved_text(document_id: int, *, newest: bool = False) -> str | None:
    """Return a document's text as it was first saved, or last; None where none was. One query.

    For quotes to be looked for in. A reader is shown no more of it than stands around a quote
    (`content.previews.passages`).
    """
    found = saved_copy(document_id, newest=newest)
    return None if found is None else found[0]


def saved_copy(document_id: int, *, newest: bool = False) -> tuple[str, datetime] | None:
    """Return the same with the time it was saved. One query."""
    found = Snapshot.objects.filter(document_id=document_id).order_by("-id" if newest else "id")
    return found.values_list("text", "taken_at").first()


def became_of(document_id: int, passages: Collection[str]) -> dict[str, list[Piece]]:
    """Return what became of passages of a document that stood in it, by passage. Two queries.

    None where nothing was saved, or no passage asked for.
    """
    if not passages:
        return {}
    old, new = saved_text(document_id), saved_text(document_id, newest=True)
    if old is None or new is None:
        return {}
    found = {passage: became(passage, old, new) for passage in passages}
    return {passage: pieces for passage, pieces in found.items() if pieces is not None}


def _links(viewer: Viewer) -> QuerySet[Link]:
    """Return the links to a document, of a query around this one, in posts the viewer may read."""
    return Link.objects.filter(shown(viewer, "post__"), document_id=OuterRef("pk"))


_FIELDS = (
    "id", "publisher_id", "publisher__name", "publisher__domain", "url", "title", "authors",
    "published_at", "is_exact", "modified_at", "language", "kind", "summary", "state",
    "described_by_id", "described_by__name", "read_at", "checked_at", "changed_at", "gone_at",
)  # fmt: skip
_CARDS = """
SELECT l.post_id, l.place, l.url, r."key", r.width, r.height, r.is_animated,
       d.id, d.publisher_id, p.name, p.domain, d.url, d.title, d.authors, d.published_at,
       d.is_exact, d.modified_at, d.language, d.kind, d.summary, d.state,
       d.described_by_id, m.name, d.read_at, d.checked_at, d.changed_at, d.gone_at
FROM documents_link l
JOIN documents_document d ON d.id = l.document_id
JOIN documents_publisher p ON p.id = d.publisher_id
LEFT JOIN members_member m ON m.id = d.described_by_id
LEFT JOIN media_remotepicture r ON r.id = l.picture_id AND r.state IN ('kept', 'dropped')
WHERE l.post_id IN ({}) AND (l.place = 0 OR d.title <> '' OR r.id IS NOT NULL)
ORDER BY l.post_id, l.place
"""
