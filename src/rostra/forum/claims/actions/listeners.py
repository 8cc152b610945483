"""What follows for claims after posts were edited, and after documents and publishers changed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from rostra.forum.claims import anchors
from rostra.forum.claims.actions.entries import checked
from rostra.forum.claims.actions.rows import note_change, said_in, show
from rostra.forum.claims.anchors import Anchor
from rostra.forum.claims.models import Attribution, Claim
from rostra.forum.documents.events import DocumentDescribed, DocumentRead, PublisherDescribed
from rostra.forum.documents.publishers import publishers_below
from rostra.forum.documents.queries import Source, source_of
from rostra.forum.threads.events import PostEdited, PostsMoved
from rostra.forum.threads.outside import hold_thread
from rostra.kernel.events import after
from rostra.kernel.jobs import enqueue, job

AT_ONCE = 100  # claims


@after(PostEdited)
def find_words_again(happened: PostEdited) -> None:
    """Find quoted words again in a post that was edited.

    What a moderator took out of it is quoted no more; what its author did, its history shows.
    """
    with transaction.atomic():
        hold_thread(happened.thread_id)
        claims = Claim.objects.filter(post_id=happened.post_id, state=Claim.State.VISIBLE)
        cited = Attribution.objects.filter(post_id=happened.post_id)
        rows = [
            row for of in (claims, cited) for row in of.exclude(quote="").select_related("post")
        ]
        for row in rows:
            _find_again(row, is_taken_out=happened.log_n is not None)
        if rows:
            show(happened.thread_id)


@after(PostsMoved)
def follow_posts(happened: PostsMoved) -> None:
    """Have claims go along with the posts they come from."""
    there, was = happened.to_thread_id, happened.from_thread_id
    with transaction.atomic():
        for thread_id in sorted((there, was)):
            hold_thread(thread_id)
        Claim.objects.filter(thread_id=was, post__thread_id=there).update(thread_id=there)
        show(was)
        show(there)


@after(DocumentRead)
def look_into_document(happened: DocumentRead) -> None:
    """Look for quotes in a document that was read, or read again."""
    enqueue(reckon_claims_on, document_id=happened.document_id)


@after(DocumentDescribed)
def reckon_after_description(happened: DocumentDescribed) -> None:
    """Reckon the claims anew on a document that has another day of publication, maybe."""
    enqueue(reckon_claims_on, document_id=happened.document_id)


@after(PublisherDescribed)
def reckon_after_owner(happened: PublisherDescribed) -> None:
    """Reckon the claims anew about which a publisher speaks: for somebody else, maybe."""
    enqueue(reckon_claims_of, publisher_id=happened.publisher_id)


@job
def reckon_claims_on(document_id: int, after_id: int = 0) -> None:
    """Check the quotes of a document's entries, and reckon their claims anew, so many at once."""
    claims = _claims(Attribution.objects.filter(document_id=document_id), after_id)
    source = source_of(document_id)
    for claim_id in claims:
        with transaction.atomic():
            claim = _locked(claim_id)
            for entry in Attribution.objects.filter(claim=claim, document_id=document_id):
                _look_again(entry, source)
            note_change(claim, "document_read", None, {"document": document_id})
    if len(claims) == AT_ONCE:
        enqueue(reckon_claims_on, document_id=document_id, after_id=claims[-1])


@job
def reckon_claims_of(publisher_id: int, after_id: int = 0) -> None:
    """Reckon the claims anew about which a publisher, or one below it, speaks."""
    speaking = Attribution.objects.filter(publisher_id__in=publishers_below(publisher_id))
    claims = _claims(speaking, after_id)
    for claim_id in claims:
        with transaction.atomic():
            note_change(_locked(claim_id), "publisher_described", None, {"publisher": publisher_id})
    if len(claims) == AT_ONCE:
        enqueue(reckon_claims_of, publisher_id=publisher_id, after_id=claims[-1])


def _claims(entries: QuerySet[Attribution], after_id: int) -> list[int]:
    """Return the next claims of these entries, by id."""
    found = entries.filter(claim_id__gt=after_id).order_by("claim_id")
    return list(found.values_list("claim_id", flat=True).distinct()[:AT_ONCE])


def _look_again(entry: Attribution, source: Source) -> None:
    """Look for an entry's quote; words that were there once are not taken back by a change."""
    if entry.quote_check == "verified":
        return
    found = checked(entry, source)
    if found not in (entry.quote_check, "unchecked"):
        entry.quote_check = found
        entry.save(update_fields=["quote_check"])


def _locked(claim_id: int) -> Claim:
    hold_thread(Claim.objects.values_list("thread_id", flat=True).get(id=claim_id))
    return Claim.objects.select_for_update(no_key=True).get(id=claim_id)


def _find_again(row: Claim | Attribution, *, is_taken_out: bool) -> None:
    """Write down what became of words that a claim or an entry quotes of its post."""
    if row.post is None:
        return
    kept = row.anchor
    anchor = Anchor(row.quote, kept["prefix"], kept["suffix"], kept["start"], kept["end"])
    row.found, now = anchors.again(said_in(row.post), anchor)
    if row.found != "gone":
        place = {**now._asdict(), "revision": row.post.edit_count}
        row.quote, row.anchor = place.pop("exact")[: anchors.LONGEST], place
    elif is_taken_out:
        row.quote, row.anchor = "", {}
    row.save(update_fields=["quote", "anchor", "found"])
