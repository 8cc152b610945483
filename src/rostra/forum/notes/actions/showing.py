"""A note's state, and what pages know of it."""

from __future__ import annotations

from rostra.forum.notes import rules
from rostra.forum.notes.events import NoteDecided
from rostra.forum.notes.models import Engine, Note, StateChange
from rostra.forum.threads.outside import show_notes
from rostra.kernel import clock
from rostra.kernel.events import emit


def set_state(note: Note, state: Note.State, *, log_n: int | None = None) -> None:
    """Put a locked note into a state, and have its thread's pages made anew; emits NoteDecided."""
    note.state, note.state_at = state, clock.now()
    note.save()
    StateChange.objects.create(note=note, at=note.state_at, state=state)
    thread_id = Note.objects.filter(pk=note.pk).values_list("post__thread_id", flat=True).get()
    recount(thread_id)
    emit(NoteDecided(note_id=note.pk, post_id=note.post_id, state=state.value, log_n=log_n))


def recount(thread_id: int) -> None:
    """Write down how many notes a thread's pages show."""
    is_paused = Engine.objects.filter(pk=1, is_paused=True).exists()
    shown = Note.objects.filter(post__thread_id=thread_id, state__in=rules.BELOW_POSTS)
    show_notes(thread_id, 0 if is_paused else shown.count())
