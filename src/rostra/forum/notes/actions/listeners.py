"""Notes that are looked at again, because what they rest on is another thing by now."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from rostra.forum.claims.events import ClaimChanged
from rostra.forum.documents.events import DocumentRead
from rostra.forum.notes.actions.showing import recount
from rostra.forum.notes.actions.writing import begin_review
from rostra.forum.notes.models import Note
from rostra.forum.threads.events import PostsMoved
from rostra.forum.threads.outside import hold_thread
from rostra.kernel.events import after


@after(ClaimChanged)
def look_again_at_claim(happened: ClaimChanged) -> None:
    """Have shown notes about a claim decided anew when its status became another."""
    if happened.was != happened.status:
        _review(Note.objects.filter(claim_id=happened.claim_id))


@after(PostsMoved)
def count_again(happened: PostsMoved) -> None:
    """Count the notes below the posts of two threads between which posts went."""
    for thread_id in (happened.from_thread_id, happened.to_thread_id):
        with transaction.atomic():
            hold_thread(thread_id)
            recount(thread_id)


@after(DocumentRead)
def look_again_at_source(happened: DocumentRead) -> None:
    """Have shown notes decided anew of which a source is gone, or says something else."""
    if happened.state in ("gone", "changed"):
        _review(Note.objects.filter(sources__document_id=happened.document_id))


def _review(notes: QuerySet[Note]) -> None:
    rows = notes.filter(state=Note.State.SHOWN).order_by("id").distinct()
    for note_id, thread_id in list(rows.values_list("pk", "post__thread_id")):
        with transaction.atomic():
            hold_thread(thread_id)
            note = Note.objects.select_for_update().filter(pk=note_id).first()
            if note is not None and note.state == Note.State.SHOWN:
                begin_review(note)
