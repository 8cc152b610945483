"""Writing down which post leads to which documents."""

from __future__ import annotations

from collections.abc import Callable
from itertools import batched
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from rostra.content.media.remote import want_copies
from rostra.content.previews.addresses import LONGEST, host_of, key_of, normalise, registrable
from rostra.content.previews.links_in import LinkIn, links_in
from rostra.forum.documents.actions.picturing import have_pictures, is_copying, is_on
from rostra.forum.documents.actions.reading import read_document
from rostra.forum.documents.models import Address, Document, Link, Publisher
from rostra.forum.documents.rules import MOST_LINKS
from rostra.forum.threads.outside import Saying, last_post_id, saying_between, saying_of, show_cards
from rostra.kernel import clock, versions
from rostra.kernel.jobs import enqueue, job

AT_ONCE = 200  # ids of posts that a job goes through
NOTED, COPIED = "remote_pictures", "remote_copies"  # versions
TOGETHER = 20  # posts that are written down in one transaction


class _Leading(NamedTuple):
    """Where a post leads to."""

    place: int
    typed: str  # the address as it stands there
    url: str  # the same, normalised
    has_place: bool  # for a card
    is_picture: bool


@transaction.atomic
def note_links(post_id: int, asker_id: int | None, *, is_now: bool = True) -> None:
    """Write down what a post leads to now, in place of what it did; may be done twice.

    What has a place for a card and was never read is read, on behalf of `asker_id`, where that is
    switched on; so are pictures fetched. is_now: not for posts of long ago.
    """
    saying = saying_of(post_id)
    if saying is None:
        return
    wanted = _wanted(saying)
    pictures = have_pictures([one.typed for one in wanted if one.is_picture], is_now=is_now)
    had = {(link.place, link.url): link for link in Link.objects.filter(post_id=post_id)}
    documents = _documents({one.url for one in wanted})
    shown = {typed: picture.id for typed, picture in pictures.items()}
    fresh = [
        Link(
            post_id=post_id,
            place=one.place,
            url=one.typed,
            document_id=documents[one.url].pk,
            picture_id=shown.get(one.typed),
        )
        for one in wanted
        if (one.place, one.typed) not in had
    ]
    gone = set(had) - {(one.place, one.typed) for one in wanted}
    Link.objects.filter(pk__in=[had[key].pk for key in gone]).delete()
    Link.objects.bulk_create(fresh, ignore_conflicts=True)
    other = [link for link in had.values() if link.picture_id != shown.get(link.url)]
    for link in other:
        link.picture_id = shown.get(link.url)
    Link.objects.bulk_update(other, ["picture"])
    seen = {picture.id for picture in pictures.values() if picture.is_shown}
    if gone or any(
        link.place == 0 or _of(link, documents).title or link.picture_id in seen
        for link in [*fresh, *other]
    ):
        show_cards([saying.thread_id])
    for one in wanted:
        if one.has_place and is_now:
            _have_read(documents[one.url], asker_id)


@job
def note_links_between(first: int, last: int) -> None:
    """Write down what the posts with these ids lead to, so many at once. Nothing is read for them.

    For posts that came without an event: imported ones.
    """
    end = min(first + AT_ONCE - 1, last)
    for some in batched(saying_between(first, end), TOGETHER, strict=False):
        with transaction.atomic():
            for post_id in some:
                note_links(post_id, None, is_now=False)
    if end < last:
        enqueue(note_links_between, first=end + 1, last=last)


def note_old_pictures(progress: Callable[[int], Any]) -> None:
    """Write down what old posts lead to that may show pictures nobody knows of; go on where it was.

    progress: is told how many ids of posts are done. Nothing is fetched here.
    """
    last = last_post_id()
    for first in range(1, last + 1, AT_ONCE):
        end = min(first + AT_ONCE - 1, last)
        leading = saying_between(first, end)
        noted = Link.objects.filter(post_id__in=leading, picture__isnull=False)
        left = set(leading) - set(noted.values_list("post_id", flat=True))
        for some in batched(sorted(left), TOGETHER, strict=False):
            with transaction.atomic():
                for post_id in some:
                    note_links(post_id, None, is_now=False)
        progress(end - first + 1)


@transaction.atomic
def catch_up() -> None:
    """Have all posts gone through once other sites' pictures are shown that were not before.

    And all that are kept for a while copied, once copies are made.
    """
    if _is_switched(NOTED, is_on()) and is_on():
        enqueue(note_links_between, first=1, last=last_post_id())
    if _is_switched(COPIED, is_copying()) and is_copying():
        want_copies()


def _is_switched(name: str, is_so: bool) -> bool:
    """Return whether something is otherwise than last time; then that is noted."""
    if is_so == (versions.current(name) % 2 == 1):  # raised whenever it is switched on, or off
        return False
    versions.raise_version(name)
    return True


@transaction.atomic
def document_at(url: str, asker_id: int | None) -> int | None:
    """Return the document at an address as somebody typed it, a new one where there was none.

    None for what is no document elsewhere. One that was never read is read, on behalf of
    `asker_id`, where that is switched on. That somebody may know of it is for the caller to see to.
    """
    kept = normalise(url)
    if kept is None or host_of(kept) == urlsplit(settings.ROSTRA.base_url).hostname:
        return None
    document = _documents({kept})[kept]
    _have_read(document, asker_id)
    return document.pk


def publisher_at(url: str) -> Publisher:
    """Return the publisher of a normalised address; a new one where there was none."""
    found, _ = Publisher.objects.get_or_create(domain=registrable(host_of(url)))
    return found


def _have_read(document: Document, asker_id: int | None) -> None:
    """Have a document read that never was, once."""
    if settings.ROSTRA.fetch_links == "on" and document.state == Document.State.UNREAD:
        key = f"read document {document.pk}"
        enqueue(read_document, run_key=key, document_id=document.pk, asker_id=asker_id)


def _wanted(saying: Saying) -> list[_Leading]:
    own = urlsplit(settings.ROSTRA.base_url).hostname
    about = [LinkIn(saying.link, is_alone=True)] if saying.link else []
    found, first = [], 0 if saying.link else 1
    for place, link in enumerate([*about, *links_in(saying.html)][:MOST_LINKS], first):
        kept = normalise(link.url)
        if kept is not None and host_of(kept) != own and len(link.url) <= LONGEST:
            found.append(_Leading(place, link.url, kept, link.is_alone, link.is_picture))
    return found


def _documents(urls: set[str]) -> dict[str, Document]:
    """Return the documents at these normalised addresses; those nobody linked to before are new."""
    keys = {url: key_of(url) for url in sorted(urls)}
    rows = Address.objects.filter(key__in=keys.values()).select_related("document")
    known = {row.key: row.document for row in rows}
    for url, key in keys.items():
        if key in known:
            continue
        document = Document.objects.create(
            publisher=publisher_at(url), url=url, added_at=clock.now()
        )
        row, is_new = Address.objects.get_or_create(key=key, defaults={"document": document})
        if not is_new:  # somebody was faster
            document.delete()
        known[key] = row.document
    return {url: known[key] for url, key in keys.items()}


def _of(link: Link, documents: dict[str, Document]) -> Document:
    return next(one for one in documents.values() if one.pk == link.document_id)
