"""Reading documents where they are, and looking again later whether they still say it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from rostra.content.previews.addresses import host_of, key_of, normalise, registrable
from rostra.content.previews.pages import PageFacts, Unreadable, is_page, read_apart
from rostra.content.previews.passages import ALIKE, likeness
from rostra.forum.documents.events import DocumentRead
from rostra.forum.documents.models import Address, Document, Link, Publisher, Snapshot
from rostra.forum.documents.rules import GONE, SOON, is_gone, next_check
from rostra.kernel import clock, http, tries
from rostra.kernel.errors import TooMany
from rostra.kernel.events import emit
from rostra.kernel.jobs import enqueue, job_aside
from rostra.kernel.tries import Rule

LARGEST = 5_000_000  # bytes of a page, unpacked
# The same for all: a publisher learns neither who linked to it nor where (SEC-045).
TOLD = {
    "User-Agent": "Mozilla/5.0 (compatible; Rostra link reader)",
    "Accept": "text/html, application/pdf, text/plain;q=0.9",
}
OF_MEMBER = (Rule(20, 60 * 60),)
OF_HOST = (Rule(1, 1),)
CHECKED_AT_ONCE = 200
SPREAD = 20  # seconds
State = Document.State


class Look(NamedTuple):
    """What was found where a document should be."""

    facts: PageFacts | None = None
    status: int = 0  # of the answer; 0 for none
    reason: str = ""  # why there was none

    @property
    def is_absent(self) -> bool:
        """Whether it is not there, rather than not to be had."""
        return self.status in GONE or self.reason == "host_is_unknown"


@job_aside
def read_document(document_id: int, asker_id: int | None = None) -> None:
    """Look at a document and keep what was found; later, where its turn has not come.

    A member has so many read in an hour, and no host is asked twice in a second.
    """
    found = Document.objects.filter(pk=document_id).first()
    if settings.ROSTRA.fetch_links != "on" or found is None:
        return
    limits = {f"read host {registrable(host_of(found.url))}": OF_HOST}
    if asker_id is not None:
        limits[f"read for {asker_id}"] = OF_MEMBER
    try:
        tries.take(limits)
    except TooMany as many:
        # Apart from each other: many of one host would else come, all of them, every second.
        later = clock.now() + timedelta(seconds=many.seconds + document_id % SPREAD)
        enqueue(read_document, run_at=later, document_id=document_id, asker_id=asker_id)
        return
    keep(document_id, look_at(found.url))


def look_at(url: str) -> Look:
    """Fetch what is at an address; nothing of ours but the address is told."""
    allowed = http.networks(settings.ROSTRA.reach_inside)
    try:
        answer = http.fetch(url, most=LARGEST, headers=TOLD, allowed=allowed)
    except http.Failed as failed:
        return Look(reason=failed.reason)
    kind = answer.headers.get("content-type", "")
    at = normalise(answer.url)
    if answer.status != 200 or not is_page(kind) or at is None or _is_own(at):
        return Look(status=answer.status)
    try:
        return Look(read_apart(answer.body, kind, at), answer.status)
    except Unreadable:
        return Look(status=answer.status)


def check_documents() -> None:
    """Queue those documents that are due to be looked at again."""
    now = clock.now()
    if settings.ROSTRA.fetch_links != "on":
        return
    due = Document.objects.filter(check_at__lte=now).order_by("check_at")
    for at, (pk, check_at) in enumerate(due.values_list("pk", "check_at")[:CHECKED_AT_ONCE]):
        key = f"check document {pk} {check_at:%Y%m%d%H%M%S}"
        later = now + timedelta(seconds=at)
        enqueue(read_document, run_key=key, run_at=later, document_id=pk)


@transaction.atomic
def keep(document_id: int, look: Look) -> None:
    """Keep what a look at a document found; emits DocumentRead where its card changes by it."""
    found = Document.objects.select_for_update(no_key=True).filter(pk=document_id).first()
    if found is None:
        return
    now = clock.now()
    was = found.state
    is_first = found.read_at is None
    found.checked_at = now
    if look.facts is not None:
        if is_first and not _take(found, look.facts, now):
            return
        is_other = not is_first and _compare(found, look.facts, now)
        found.state = State.CHANGED if found.changed_at else State.LIVE
        found.failures, found.failing_since, found.gone_at = 0, None, None
    else:
        is_other = False
        _note_failure(found, look, now)
    if found.failures == 0 or found.state == State.GONE:
        found.check_at = next_check(found.read_at or found.added_at, found.checks, now)
        found.checks += 1
    else:
        found.check_at = now + SOON
    found.save()
    if is_other or found.state != was:
        emit(DocumentRead(document_id=found.pk, state=found.state))


def _take(document: Document, facts: PageFacts, now: datetime) -> bool:
    """Take over what a document says of itself; return False where it has become another one."""
    key = key_of(facts.url)
    row, _ = Address.objects.get_or_create(key=key, defaults={"document": document})
    if row.document_id != document.pk and _become(document, row.document):
        return False
    domain = registrable(host_of(facts.url))
    document.publisher, _ = Publisher.objects.get_or_create(domain=domain)
    if facts.site and not document.publisher.name:
        document.publisher.name = facts.site
        document.publisher.save(update_fields=["name"])
    document.url, document.title, document.authors = facts.url, facts.title, facts.authors
    document.published_at, document.is_exact = facts.published_at, facts.is_exact
    document.modified_at, document.language = facts.modified_at, facts.language
    document.kind, document.summary = facts.kind, facts.summary
    document.described_by, document.read_at = None, now
    _take_snapshot(document, facts.text, now)
    return True


def _become(document: Document, other: Document) -> bool:
    """Make two documents one: what leads to the first, never read, leads to the other.

    Return False where something else rests on the first: then they stay two.
    """
    try:
        with transaction.atomic():
            Link.objects.filter(document=document).update(document=other)
            Address.objects.filter(document=document).update(document=other)
            document.delete()
    except ProtectedError:
        return False
    emit(DocumentRead(document_id=other.pk, state=other.state))
    return True


def _compare(document: Document, facts: PageFacts, now: datetime) -> bool:
    """Keep what a document says now where it is not what it said; return whether it is not.

    Its card goes on saying what it was when it was linked to.
    """
    document.modified_at = facts.modified_at or document.modified_at
    last = Snapshot.objects.filter(document=document).order_by("-pk").first()
    if last is not None and likeness(last.text, facts.text) >= ALIKE:
        return False
    _take_snapshot(document, facts.text, now)
    document.changed_at = now
    return True


def _note_failure(document: Document, look: Look, now: datetime) -> None:
    if not look.is_absent:
        # Not to be had today is not gone: what was read stays as it was.
        document.failures, document.failing_since = 0, None
        if document.read_at is None:
            document.state = State.CLOSED
        return
    document.failures = min(document.failures + 1, 100)
    document.failing_since = document.failing_since or now
    if is_gone(document.failures, document.failing_since, now):
        document.state, document.gone_at = State.GONE, document.gone_at or now
    elif document.read_at is None:
        document.state = State.CLOSED


def _take_snapshot(document: Document, words: str, now: datetime) -> None:
    digest = hashlib.sha256(words.encode()).hexdigest()
    Snapshot.objects.create(document=document, taken_at=now, text=words, sha256=digest)


def _is_own(url: str) -> bool:
    return host_of(url) == urlsplit(settings.ROSTRA.base_url).hostname
