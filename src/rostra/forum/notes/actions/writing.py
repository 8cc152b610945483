"""Proposing a note, taking it back, having it looked at again, removing it for breaking a rule."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from rostra.forum.access.rules import may_manage_access
from rostra.forum.access.viewer import Viewer
from rostra.forum.claims.queries import claims_in
from rostra.forum.documents.actions.linking import document_at
from rostra.forum.modlog import actions as modlog
from rostra.forum.notes import queries, rules
from rostra.forum.notes.actions.showing import recount, set_state
from rostra.forum.notes.events import NoteWritten
from rostra.forum.notes.models import Engine, Note, Rater, Source
from rostra.forum.notes.rules import Draft
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, About, Why, log_act
from rostra.forum.threads.actions.rows import locked_post
from rostra.forum.threads.queries import ThreadState
from rostra.forum.threads.rules import may_moderate
from rostra.forum.words.taking import check_texts
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.events import emit


@transaction.atomic
def write_note(viewer: Viewer, post_id: int, draft: Draft) -> int:
    """Propose a note below a post; emits NoteWritten; return its id.

    Raises NotFound for a post not to be read, Invalid, and Refused.
    """
    draft = rules.checked(draft, Note.Why.values)
    thread, post = locked_post(viewer, post_id)
    member_id = viewer.require_member()
    if (thread.state, post.state) != ("visible", "visible"):
        raise NotFound
    rater = Rater.objects.filter(pk=member_id).first()
    rules.may_write(viewer, rater, queries.decided_count()).enforce()
    now = clock.now()
    mine = Note.objects.filter(author_id=member_id).exclude(state="calibration")
    if mine.filter(created_at__gt=now - timedelta(days=1)).count() >= rules.NOTES_A_DAY:
        raise Refused("notes_a_day")
    if mine.filter(post=post, state__in=rules.OPEN).exists():
        raise Refused("note_there_already")
    check_texts(viewer, {"text": draft.text}, board_id=thread.board_id)
    state = ThreadState(thread.board_id, thread.starter_id, thread.state)
    if draft.claim and draft.claim not in {row.id for row in claims_in(viewer, thread.pk, state)}:
        raise Invalid({"claim": "not_a_choice"})
    note = Note.objects.create(
        post=post, edits=post.edit_count, author_id=member_id, why=draft.why, text=draft.text,
        created_at=now, state_at=now, claim_id=draft.claim or None,
    )  # fmt: skip
    _put_sources(note, draft, member_id)
    emit(NoteWritten(note_id=note.pk, post_id=post.pk))
    return note.pk


@transaction.atomic
def withdraw_note(viewer: Viewer, note_id: int) -> None:
    """Take a note of one's own back; emits NoteDecided."""
    page = queries.note_for(viewer, note_id)
    locked_post(viewer, page.note.post_id)
    note = Note.objects.select_for_update().get(pk=note_id)
    rules.may_withdraw(viewer, note).enforce()
    set_state(note, Note.State.WITHDRAWN)


@transaction.atomic
def ask_review(viewer: Viewer, note_id: int) -> None:
    """Have a note below one's own post decided anew, once; emits NoteDecided. It stays shown."""
    page = queries.note_for(viewer, note_id)
    locked_post(viewer, page.note.post_id)
    note = Note.objects.select_for_update().get(pk=note_id)
    is_asked, now = note.review_asked_at is not None, clock.now()
    rules.may_ask_review(viewer, note, page.post_author_id, is_asked, now).enforce()
    note.review_asked_at = now
    begin_review(note)


def begin_review(note: Note) -> None:
    """Put a shown note, locked, before another panel."""
    note.panel, note.round = note.panel + 1, 0
    set_state(note, Note.State.UNDER_REVIEW)


@transaction.atomic
def remove_note(viewer: Viewer, note_id: int, *, reason: str, why: Why = OF_OWN_ACCORD) -> None:
    """Remove a note that breaks a rule, with a public reason; logged; emits NoteDecided."""
    page = queries.note_for(viewer, note_id)
    thread, post = locked_post(viewer, page.note.post_id)
    may_moderate(viewer, thread.board_id).enforce()
    note = Note.objects.select_for_update().get(pk=note_id)
    if note.state in ("removed", "withdrawn"):
        raise Refused("already_removed")
    about = About(stated_to=note.author_id)  # who wrote a note is not told, the log neither
    facts = {"note": note.pk}
    log_n = log_act(
        viewer, "note.remove", thread, reason, post=post, facts=facts, about=about, why=why
    )
    note.was = note.state
    set_state(note, Note.State.REMOVED, log_n=log_n)


@transaction.atomic
def restore_note(viewer: Viewer, note_id: int, *, reason: str, why: Why = OF_OWN_ACCORD) -> None:
    """Bring a removed note back as it was, with a public reason; logged; emits NoteDecided."""
    page = queries.note_for(viewer, note_id)
    thread, post = locked_post(viewer, page.note.post_id)
    may_moderate(viewer, thread.board_id).enforce()
    note = Note.objects.select_for_update().get(pk=note_id)
    if note.state != "removed":
        raise Refused("not_removed")
    facts = {"note": note.pk}
    log_n = log_act(
        viewer, "note.restore", thread, reason, post=post, facts=facts, about=About(), why=why
    )
    state, note.was = Note.State(note.was or "proposed"), ""
    set_state(note, state, log_n=log_n)


@transaction.atomic
def set_calibration(viewer: Viewer, post_id: int, draft: Draft, *, expected: str = "") -> int:
    """Add a calibration note on an old post; `expected`: what anybody says of it ("yes", "no").

    Raises Refused for who is no administrator, Invalid, NotFound.
    """
    may_manage_access(viewer).enforce()
    draft = rules.checked(draft, Note.Why.values)
    if expected and expected not in ("yes", "no"):
        raise Invalid({"expected": "not_a_choice"})
    _, post = locked_post(viewer, post_id)
    now = clock.now()
    note = Note.objects.create(
        post=post, edits=post.edit_count, author_id=viewer.require_member(), why=draft.why,
        text=draft.text, created_at=now, state_at=now, state=Note.State.CALIBRATION,
        expected=rules.VALUES[expected] if expected else None,
    )  # fmt: skip
    _put_sources(note, draft, viewer.require_member())
    return note.pk


@transaction.atomic
def drop_calibration(viewer: Viewer, note_id: int) -> None:
    """Take a calibration note out of the set; what was said of it is gone with it."""
    may_manage_access(viewer).enforce()
    if not Note.objects.filter(pk=note_id, state="calibration").delete()[0]:
        raise NotFound


@transaction.atomic
def pause(viewer: Viewer, *, paused: bool, reason: str) -> None:
    """Show no notes at all for now, or show them again; with a public reason; logged."""
    may_manage_access(viewer).enforce()
    reason = modlog.check_reason(reason)
    engine, _ = Engine.objects.select_for_update().get_or_create(pk=1)
    if engine.is_paused == paused:
        return
    modlog.append(
        "notes.pause" if paused else "notes.resume", role="administrator", reason=reason,
        actor_id=viewer.require_member(),
    )  # fmt: skip
    engine.is_paused = paused
    engine.save(update_fields=["is_paused"])
    shown = Note.objects.filter(state__in=rules.BELOW_POSTS)
    for thread_id in sorted(set(shown.values_list("post__thread_id", flat=True))):
        recount(thread_id)


def _put_sources(note: Note, draft: Draft, asker_id: int) -> None:
    documents = []
    for url in draft.sources:
        document_id = document_at(url, asker_id)
        if document_id is None:
            raise Invalid({"sources": "note_source_odd"})
        documents.append(document_id)
    Source.objects.bulk_create(
        Source(note=note, place=place, document_id=document_id)
        for place, document_id in enumerate(dict.fromkeys(documents), 1)
    )
