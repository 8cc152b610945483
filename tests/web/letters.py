"""Letters in tests: written by the jobs that wait, read for their links."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from django.core import mail
from django.utils import timezone

from rostra.kernel import jobs
from rostra.project import schedule  # noqa: F401  (the jobs register themselves)


def written() -> list:
    """Have the waiting letters written; return those that came."""
    before = len(mail.outbox)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=True):  # all are due
        while jobs.run_due():
            pass
    assert jobs.waiting()["dead"] == 0
    assert jobs.dead_of("rostra") == 0
    return mail.outbox[before:]


def link_of(letter) -> str:
    """Return the path of the link in a letter."""
    return re.search(r"http://localhost:8000(/account/\S+)", letter.body)[1]
