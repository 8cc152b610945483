"""Warnings, limits, notes of staff, wishes to be erased, appeals, as rows of the archive."""

from __future__ import annotations

from types import MappingProxyType

from rostra.forum.appeals.models import Appeal
from rostra.forum.erasure.models import Erasure
from rostra.forum.sanctions.models import Limited, Look, StaffNote, Warned
from rostra.forum.seconds.models import Second
from rostra.transfer.archive.tables import Part

SANCTIONS = (
    Part(
        "warnings",
        Warned,
        (
            "log_n", "member_id", "points", "rule", "facts", "board_id", "post_id", "case_id",
            "at", "until", "taken_back_n",
        ),
    ),
    Part(
        "limits",
        Limited,
        (
            "log_n", "member_id", "kind", "verbs", "a_day", "wait", "rule", "facts", "board_id",
            "thread_id", "post_id", "case_id", "at", "until", "warning_n", "threshold",
            "taken_back_n",
        ),
    ),
    Part(
        "staff_notes",
        StaffNote,
        ("id", "member_id", "author_id", "text", "at", "withdrawn_by_id", "withdrawn_at"),
    ),
    Part(
        "looks",
        Look,
        ("id", "member_id", "by_id", "at", "what"),
        MappingProxyType({"what": "networks"}),
    ),
    Part(
        "erasures",
        Erasure,
        (
            "id", "member_id", "choice", "posts", "state", "asked_at", "due_at", "log_n", "names",
            "place", "review", "done_at",
        ),
    ),
    Part(
        "appeals",
        Appeal,
        (
            "log_n", "member_id", "thread_id", "text", "at", "due_at", "state", "decided_by_id",
            "decided_at", "is_by_same_person", "outcome_n", "is_unnamed",
        ),
        MappingProxyType({"is_unnamed": False}),
    ),
    Part(
        "seconds",
        Second,
        (
            "log_n", "needs", "actor_id", "subject_id", "at", "due_at", "is_open", "confirmed_n",
            "confirmed_by_id",
        ),
    ),
)  # fmt: skip
