"""Reported messages as staff see them: each with two before and two after it, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import rules
from rostra.forum.conversations.models import Report
from rostra.kernel import dialect


class Shown(NamedTuple):
    """One of the five messages; of those around it no words that were withdrawn."""

    id: int
    author_id: int | None
    author: str | None
    html: str
    created_at: datetime
    is_withdrawn: bool
    is_reported: bool


def around_message(viewer: Viewer, message_id: int) -> list[Shown]:
    """Return a message that somebody reported, with what stands around it; nothing once closed.

    Raises Refused for who moderates nothing. Two queries.
    """
    rules.may_see_reports(viewer).enforce()
    found = Report.objects.filter(message_id=message_id, closed_at=None)
    first = found.exclude(message__author_id=viewer.require_member()).order_by("id").first()
    return _around([first.pk]).get(first.pk, []) if first is not None else []


def reported_by_author(author_id: int) -> int:
    """Return how many messages of a member's were reported. One query."""
    found = Report.objects.filter(message__author_id=author_id).values("message_id").distinct()
    return found.count()


def has_reported(viewer: Viewer, message_id: int) -> bool:
    """Return whether the viewer has reported a message. One query."""
    found = Report.objects.filter(message_id=message_id, member_id=viewer.require_member())
    return found.exists()


def _around(report_ids: list[int]) -> dict[int, list[Shown]]:
    """Return report → the messages around the reported one, in order. One query."""
    found: dict[int, list[Shown]] = {}
    if not report_ids:
        return found
    sql = _AROUND.format(around=rules.AROUND, reports=dialect.marks(report_ids))
    for report_id, reported_id, *row, withdrawn_at in dialect.rows(sql, report_ids):
        message_id, author_id, author, html, at = row
        is_reported, is_withdrawn = message_id == reported_id, withdrawn_at is not None
        words = html if is_reported or not is_withdrawn else ""
        found.setdefault(report_id, []).append(
            Shown(message_id, author_id, author, words, at, is_withdrawn, is_reported)
        )
    return found


_AROUND = """
SELECT r.id, r.message_id, m.id, m.author_id, a.name, m.html, m.created_at, m.withdrawn_at
FROM conversations_report r
JOIN conversations_message o ON o.id = r.message_id
JOIN conversations_message m ON m.conversation_id = o.conversation_id
AND m.number BETWEEN o.number - {around} AND o.number + {around}
LEFT JOIN members_member a ON a.id = m.author_id
WHERE r.id IN ({reports})
ORDER BY r.id, m.number
"""
