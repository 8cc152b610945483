"""Showing a message to the staff, and having dealt with it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import rules
from rostra.forum.conversations.actions.people import erase_if_empty
from rostra.forum.conversations.actions.seats import locked_message
from rostra.forum.conversations.events import MessageReported
from rostra.forum.conversations.models import Report
from rostra.kernel import clock, text
from rostra.kernel.errors import Invalid, Refused
from rostra.kernel.events import emit

KEPT_FOR = timedelta(days=180)  # a report that was dealt with
FORGOTTEN_AT_ONCE = 200


@transaction.atomic
def report_message(viewer: Viewer, message_id: int, line: str) -> None:
    """Show a message to the staff, with two before and two after it; emits MessageReported.

    Raises Invalid for no reason or a long one, Refused for one's own message or a second report.
    """
    line = text.one_line(line)
    if text.is_blank(line):
        raise Invalid({"line": "empty"})
    if len(line) > rules.LINE_LENGTH:
        raise Invalid({"line": "too_long"})
    _, message = locked_message(viewer, message_id)
    rules.may_report(viewer, message).enforce()
    member_id = viewer.require_member()
    if Report.objects.filter(message=message, member_id=member_id).exists():
        raise Refused("reported_already")
    report = Report.objects.create(message=message, member_id=member_id, line=line, at=clock.now())
    emit(MessageReported(report_id=report.pk))


@transaction.atomic
def close_reports_of(viewer: Viewer, message_id: int) -> None:
    """Note all reports of a message as dealt with: it is shown to staff no more."""
    rules.may_see_reports(viewer).enforce()
    found = Report.objects.filter(message_id=message_id, closed_at=None)
    found.update(closed_at=clock.now(), closed_by_id=viewer.require_member())


def forget_old_reports() -> int:
    """Delete reports that were dealt with long ago, and conversations they alone kept."""
    old = Report.objects.filter(closed_at__lt=clock.now() - KEPT_FOR).order_by("id")
    rows = list(old.values_list("id", "message__conversation_id")[:FORGOTTEN_AT_ONCE])
    Report.objects.filter(id__in=[row[0] for row in rows]).delete()
    for conversation_id in {row[1] for row in rows}:
        erase_if_empty(conversation_id)
    return len(rows)
