"""What must add up about posts that wait."""

from __future__ import annotations

_LOST = """SELECT h.id, h.post_id FROM holds_hold h LEFT JOIN threads_post p ON p.id = h.post_id
    WHERE h.state = 'waiting' AND (p.id IS NULL OR p.thread_id <> h.thread_id
    OR (h.kind <> 'edit' AND (p.state <> 'pending' OR p.number IS NOT NULL)))"""
_ELSEWHERE = """SELECT h.id, h.board_id, t.board_id FROM holds_hold h
    JOIN threads_thread t ON t.id = h.thread_id
    WHERE h.state = 'waiting' AND h.board_id <> t.board_id"""

CHECKS = (
    ("what waits is there, and is not shown", _LOST, ()),
    (
        "the boards in which posts wait",
        _ELSEWHERE,
        (
            """UPDATE holds_hold SET board_id = (SELECT t.board_id FROM threads_thread t
            WHERE t.id = holds_hold.thread_id) WHERE state = 'waiting'""",
        ),
    ),
)
