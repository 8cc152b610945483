"""What must add up about community notes."""

from __future__ import annotations

_SHOWN = """(SELECT COUNT(*) FROM notes_note n JOIN threads_post p ON p.id = n.post_id
    WHERE p.thread_id = threads_thread.id AND n.state IN ('shown', 'under_review')
    AND NOT EXISTS (SELECT 1 FROM notes_engine e WHERE e.is_paused))"""
_DIFFER = f"note_count <> {_SHOWN}"

CHECKS = (
    (
        "notes that threads show",
        f"SELECT id, note_count FROM threads_thread WHERE {_DIFFER}",  # noqa: S608 (our own)
        (f"UPDATE threads_thread SET note_count = {_SHOWN} WHERE {_DIFFER}",),  # noqa: S608
    ),
)
