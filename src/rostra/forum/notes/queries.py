"""Reading notes, as a viewer may see them. Where anybody stands is not read here."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from rostra.content.markup.excerpt import excerpt
from rostra.forum.access.rules import may_manage_access
from rostra.forum.access.viewer import Viewer
from rostra.forum.notes import rules
from rostra.forum.notes.models import Engine, Note, Rater, Rating, Run, Seat, Source
from rostra.forum.threads.readable import shown
from rostra.kernel import clock, dialect
from rostra.kernel.errors import NotFound

ABOUT = 5  # notes that are shown beside a claim
AROUND = 600  # characters of a post that a rater reads beside a note


class SourceRow(NamedTuple):
    """A document that a note rests on, as its link shows it."""

    document_id: int
    url: str
    title: str
    publisher: str
    state: str


class NoteRow(NamedTuple):
    """A note as readers see it. Of ratings: what each of two groups without names answered."""

    id: int
    post_id: int
    why: str
    text: str  # "" where a moderator removed it
    state: str
    state_at: datetime
    created_at: datetime
    edits: int  # of the post, when the note was written
    author_id: int
    alias: str  # "" once its author rates no more
    told: tuple[tuple[float, float], ...]  # () where nothing was decided yet
    is_broad: bool
    is_turned: bool
    claim_id: int | None
    sources: tuple[SourceRow, ...] = ()

    @property
    def groups(self) -> list[tuple[int, int]]:
        """Helpful and answered of each group, in an order that says nothing; [] for too few."""
        return rules.counts_of(self.state, self.told, is_turned=self.is_turned)


class NotePage(NamedTuple):
    """A note beside the post it is about."""

    note: NoteRow
    number: int | None
    thread_id: int
    thread_title: str
    board_id: int
    post_author_id: int | None
    post_author: str
    excerpt: str
    has_changed: bool  # the post was edited since
    is_review_asked: bool


class RaterRow(NamedTuple):
    """What a rater may know of themselves. Not where they stand: that is for their own export."""

    alias: str
    consented_at: datetime
    is_active: bool
    asked: int
    answered: int
    must_answer: int
    terms: int

    @property
    def is_published(self) -> bool:
        """Whether they agreed that their ratings are published without their name."""
        return self.terms >= rules.PUBLISHED_SINCE


class GatesRow(NamedTuple):
    """How many raters there are and need be, for staff: no names."""

    at: datetime
    mode: str
    active: int
    smaller_side: int
    split_half: float | None
    set_aside: int


def below_posts(post_ids: Collection[int]) -> dict[int, tuple[NoteRow, ...]]:
    """Return the notes shown below posts that somebody may read. One query; the hot path."""
    if not post_ids:
        return {}
    ids = dialect.padded(post_ids)
    found: dict[int, list[NoteRow]] = {}
    for row in dialect.recall(_BELOW.format(dialect.marks(ids)), ids):
        *note, told, is_broad, is_turned, claim_id = row[:14]
        document_id, url, title, name, domain, state = row[14:]
        own = found.setdefault(note[1], [])
        if not own or own[-1].id != note[0]:
            facts = (_told(told), bool(is_broad), bool(is_turned), claim_id, ())
            own.append(NoteRow._make([*note, *facts]))
        if document_id is not None:
            source = SourceRow(document_id, url, title, name or domain, state)
            own[-1] = own[-1]._replace(sources=(*own[-1].sources, source))
    return {post_id: tuple(notes) for post_id, notes in found.items()}


def changed_below(post_ids: Collection[int]) -> dict[int, datetime]:
    """Return post → when a note was last shown below it or ceased to be. One query.

    Of posts that somebody may read; that a note came and went can be read at the post anyhow.
    """
    was_shown = Q(state__in=(*rules.BELOW_POSTS, "taken_back"))
    was_shown |= Q(state="removed", was__in=rules.BELOW_POSTS)
    was_shown |= Q(state="withdrawn", told__isnull=False)
    found = Note.objects.filter(was_shown, post_id__in=list(post_ids))
    return dict(found.values_list("post_id").annotate(Max("state_at")).order_by())


def note_for(viewer: Viewer, note_id: int) -> NotePage:
    """Return a note below a post that the viewer may read; raises NotFound. Two queries."""
    found = _pages(viewer, Note.objects.filter(pk=note_id).exclude(state="calibration"), 1)
    if not found or (found[0].note.state == "withdrawn"):
        raise NotFound
    return found[0]


def notes_of_post(viewer: Viewer, post_id: int) -> list[NotePage]:
    """Return every note below a post, also those that are not shown there, the newest first."""
    found = Note.objects.filter(post_id=post_id).exclude(state__in=("calibration", "withdrawn"))
    return _pages(viewer, found, 50)


def notes_for(
    viewer: Viewer, states: Collection[str] = (), *, before: int | None = None, limit: int = 20
) -> list[NotePage]:
    """Return notes below posts that the viewer may read, the newest first, by key. Two queries."""
    found = Note.objects.exclude(state__in=("calibration", "withdrawn"))
    if states:
        found = found.filter(state__in=states)
    if before is not None:
        found = found.filter(id__lt=before)
    return _pages(viewer, found, limit)


def shown_about(viewer: Viewer, claim_id: int) -> list[NoteRow]:
    """Return the notes about a claim that posts which the viewer may read show, the newest first.

    One query, and one for their sources; nothing while notes are paused.
    """
    found = Note.objects.filter(
        claim_id=claim_id, state__in=rules.BELOW_POSTS, post__thread__note_count__gt=0
    )
    return [page.note for page in _pages(viewer, found, ABOUT)]


def rater_for(viewer: Viewer) -> RaterRow | None:
    """Return what the viewer is as a rater; None for who is none. One query, none for guests."""
    if viewer.is_guest:
        return None
    row = Rater.objects.filter(pk=viewer.member_id).values_list(*RaterRow._fields).first()
    return None if row is None else RaterRow._make(row)


def calibration_for(viewer: Viewer) -> tuple[NotePage | None, int]:
    """Return the next calibration note the viewer has not rated, and how many are left."""
    member_id = viewer.require_member()
    rated = Rating.objects.filter(rater_id=member_id, note_id=OuterRef("pk"))
    left = Note.objects.filter(~Exists(rated), state="calibration").order_by("id")
    rows = list(left.values_list("pk", flat=True)[: rules.CALIBRATION])
    if not rows:
        return None, 0
    # A calibration note is shown to whoever rates, whatever became of its post's board.
    return _bare(rows[0]), len(rows)


def seat_for(viewer: Viewer) -> tuple[int, NotePage] | None:
    """Return the oldest question that a panel has for the viewer: seat and note. Two queries."""
    member_id = viewer.require_member()
    found = Seat.objects.filter(
        shown(viewer, "note__post__"), rater_id=member_id, answered_at=None,
        expires_at__gt=clock.now(), note__state__in=rules.ASKED,
    ).order_by("id")  # fmt: skip
    row = found.values_list("pk", "note_id").first()
    return None if row is None else (row[0], _bare(row[1]))


def drawn_for(note_id: int, panel: int) -> tuple[int | None, list[int]]:
    """Return the post of a note, and whom its panel waits for. One query."""
    rows = Seat.objects.filter(
        note_id=note_id, panel=panel, answered_at=None, rater__isnull=False,
        expires_at__gt=clock.now(),
    ).values_list("note__post_id", "rater_id")  # fmt: skip
    found = list(rows)
    return (found[0][0] if found else None), [member_id for _, member_id in found]


def decided_count() -> int:
    """Return how many notes were ever decided, as far as it matters who may write. One query."""
    found = Note.objects.filter(state__in=rules.DECIDED).values_list("pk", flat=True)
    return len(found[: rules.DECIDED_BEFORE_THAT])


def calibration_notes(viewer: Viewer) -> list[NotePage]:
    """Return the calibration notes, for who sets them up; raises Refused for others."""
    _for_staff(viewer)
    ids = Note.objects.filter(state="calibration").order_by("id").values_list("pk", flat=True)
    return [_bare(pk) for pk in ids[: 2 * rules.CALIBRATION]]


def gates_for(viewer: Viewer) -> tuple[GatesRow | None, str, bool]:
    """Return the last run, the mode in force and whether notes are paused; for staff alone."""
    _for_staff(viewer)
    row = Run.objects.order_by("-id").values_list(*GatesRow._fields).first()
    engine = Engine.objects.filter(pk=1).first() or Engine()
    return (None if row is None else GatesRow._make(row)), engine.mode, engine.is_paused


def mode() -> str:
    """Return how notes are decided at present. One query."""
    return Engine.objects.filter(pk=1).values_list("mode", flat=True).first() or "collect"


def own_notes(member_id: int) -> list[dict[str, Any]]:
    """Return what a member takes along: their notes, and what they said of others' (PRV-001)."""
    notes = Note.objects.filter(author_id=member_id).order_by("id")
    ratings = Rating.objects.filter(rater_id=member_id).order_by("id")
    return [
        {"kind": "note", "note": pk, "post": post, "why": why, "text": words, "state": state}
        for pk, post, why, words, state in notes.values_list(
            "pk", "post_id", "why", "text", "state"
        )
    ] + [
        {"kind": "rating", "note": note, "value": value / 2, "origin": origin, "at": at}
        for note, value, origin, at in ratings.values_list("note_id", "value", "origin", "at")
    ]


def own_words(member_id: int, note_id: int) -> str:
    """Return what a member's note says, shown or not; "" for anybody else's."""
    found = Note.objects.filter(author_id=member_id, pk=note_id)
    return found.values_list("text", flat=True).first() or ""


def threads_of(note_ids: Collection[int]) -> dict[int, int]:
    """Return note → thread, of those there are. One query; none for none."""
    found = Note.objects.filter(id__in=list(note_ids)) if note_ids else Note.objects.none()
    return dict(found.values_list("id", "post__thread_id"))


def written_by(member_id: int) -> QuerySet[Note, int]:
    """Return the ids of a member's notes, as a part of another statement."""
    return Note.objects.filter(author_id=member_id).values_list("id", flat=True)


def _for_staff(viewer: Viewer) -> None:
    may_manage_access(viewer).enforce()


def _bare(note_id: int) -> NotePage:
    """Return a note with its post, to somebody who was asked about it."""
    rows = Note.objects.filter(pk=note_id).values_list(*_FIELDS)
    return _with_sources([_page(row) for row in rows])[0]


def _pages(viewer: Viewer, notes: Any, limit: int) -> list[NotePage]:
    rows = notes.filter(shown(viewer, "post__")).order_by("-id").values_list(*_FIELDS)[:limit]
    return _with_sources([_page(row) for row in rows])


def _page(row: tuple[Any, ...]) -> NotePage:
    note = NoteRow(*row[:14])
    if note.state == "removed":
        note = note._replace(text="")
    number, thread_id, title, board_id, author_id, author, guest, html, edits, asked = row[14:]
    note = note._replace(alias=note.alias or "", told=_told(note.told))
    return NotePage(
        note, number, thread_id, title, board_id, author_id, author or guest,
        excerpt(html, AROUND), edits != note.edits, asked is not None,
    )  # fmt: skip


def _with_sources(pages: list[NotePage]) -> list[NotePage]:
    found: dict[int, list[SourceRow]] = {}
    standing = [page.note.id for page in pages if page.note.state != "removed"]
    rows = Source.objects.filter(note_id__in=standing).order_by("place")
    for note_id, document_id, url, title, name, domain, state in rows.values_list(
        "note_id", "document_id", "document__url", "document__title", "document__publisher__name",
        "document__publisher__domain", "document__state",
    ):  # fmt: skip
        found.setdefault(note_id, []).append(
            SourceRow(document_id, url, title, name or domain, state)
        )
    return [
        page._replace(note=page.note._replace(sources=tuple(found.get(page.note.id, ()))))
        for page in pages
    ]


def _told(value: Any) -> tuple[tuple[float, float], ...]:
    """Return what groups answered; a statement of our own brings JSON as text on SQLite."""
    found = json.loads(value) if isinstance(value, str) else value
    return tuple((helpful, answered) for helpful, answered in found or ())


_FIELDS = (
    "id", "post_id", "why", "text", "state", "state_at", "created_at", "edits", "author_id",
    "author__rater__alias", "told", "is_broad", "is_turned", "claim_id", "post__number",
    "post__thread_id", "post__thread__title", "post__thread__board_id", "post__author_id",
    "post__author__name", "post__author_name", "post__html", "post__edit_count", "review_asked_at",
)  # fmt: skip
_BELOW = """
SELECT n.id, n.post_id, n.why, n.text, n.state, n.state_at, n.created_at, n.edits, n.author_id,
       COALESCE(r.alias, ''), n.told, n.is_broad, n.is_turned, n.claim_id, d.id, d.url, d.title,
       p.name, p.domain, d.state
FROM notes_note n
LEFT JOIN notes_rater r ON r.member_id = n.author_id
LEFT JOIN notes_source s ON s.note_id = n.id
LEFT JOIN documents_document d ON d.id = s.document_id
LEFT JOIN documents_publisher p ON p.id = d.publisher_id
WHERE n.post_id IN ({}) AND n.state IN ('shown', 'under_review')
ORDER BY n.post_id, n.id, s.place
"""
