"""A worker knows every event there is, whether or not anybody listens to it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.acceptance.operating import run

EVENTS = Path(__file__).parents[2] / "docs" / "reference" / "events.md"
# As a worker begins: no page and no action has been loaded.
TOLD = """
from rostra.kernel import clock, jobs
from rostra.kernel.events import event_types
from rostra.kernel.models import Job
print(*sorted(event_types))
names = ("polls.poll_voted", "access.access_changed")
for name in names:
    Job.objects.create(name=name, payload={}, created_at=clock.now(), run_at=clock.now())
while jobs.run_due():
    pass
print(Job.objects.filter(name__in=names).count())
"""


def test_what_nobody_listens_to_is_done_with(begun):
    known, left = run(TOLD, begun).splitlines()
    assert set(known.split()) == set(
        re.findall(r"^\| `([a-z]+\.[a-z_]+)`", EVENTS.read_text(), re.M)
    )
    assert left == "0"
