"""Community notes, who rates them and what they said, as rows of the archive."""

from __future__ import annotations

from types import MappingProxyType

from rostra.forum.notes.models import Engine, Note, Rater, Rating, Seat, Source, StateChange
from rostra.transfer.archive.tables import Part

NOTES = (
    Part(
        "notes",
        Note,
        (
            "id", "post_id", "edits", "author_id", "why", "text", "state", "created_at", "state_at",
            "was", "expected", "panel", "round", "is_broad", "is_turned", "told",
            "review_asked_at", "claim_id",
        ),
    ),
    Part("note_sources", Source, ("id", "note_id", "place", "document_id")),
    Part("note_changes", StateChange, ("id", "note_id", "at", "state")),
    Part(
        "raters",
        Rater,
        (
            "member_id", "alias", "consented_at", "is_active", "asked", "answered", "asked_at",
            "must_answer", "terms",
        ),
        MappingProxyType({"terms": 1}),
    ),
    Part("note_ratings", Rating, ("id", "note_id", "rater_id", "value", "origin", "reasons", "at")),
    Part(
        "note_seats",
        Seat,
        (
            "id", "note_id", "panel", "side", "rater_id", "asked_at", "expires_at", "answered_at",
            "value",
        ),
    ),
    Part("note_engine", Engine, ("id", "mode", "is_paused")),
)  # fmt: skip
