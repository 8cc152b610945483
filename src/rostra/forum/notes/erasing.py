"""Erasing a member's notes; `actions.raters` erases what was inferred of them."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.notes.actions.showing import set_state
from rostra.forum.notes.models import Note
from rostra.forum.threads.actions.rows import lock_any, note_changed

GONE = "…"


@transaction.atomic
def erase_notes(member_id: int, limit: int) -> bool:
    """Take some notes of a member's back and overwrite them; return whether there are more."""
    theirs = Note.objects.filter(author_id=member_id).exclude(text=GONE).order_by("id")
    found = list(theirs.values_list("id", "post__thread_id")[:limit])
    for note_id, thread_id in found:
        lock_any(thread_id)
        note = Note.objects.select_for_update().get(pk=note_id)
        if note.state not in ("removed", "withdrawn"):
            set_state(note, Note.State.WITHDRAWN)
        Note.objects.filter(pk=note_id).update(text=GONE)
        note_changed(thread_id)
    return len(found) == limit
