"""Work in the background: an outbox of events, and jobs with retry, lease, run-once key and clock.

One table for all (`Job`), written in the transaction of the change, so that nothing is lost and
nothing happens that was rolled back. A worker leases up to 100 rows, runs them and deletes them.
Events of a kind that follow each other are delivered together. An event's failing listener becomes
a row of its own and waits alone; so does what was taken once before. After `TRIES` failures a row
is dead: it stays, visible, for a person.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby, takewhile
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from rostra.kernel import chosen, clock
from rostra.kernel.events import event_types, listeners
from rostra.kernel.health import Told, part
from rostra.kernel.models import Job

log = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=5)
TRIES = 8
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=6)
KEYS_KEPT = timedelta(days=7)

CLOCK_LOOK = timedelta(seconds=30)

_looked_at: datetime | None = None

type Work = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Clockwork:
    """A job that the clock starts, once in every `interval` over all workers."""

    name: str
    interval: timedelta


jobs: dict[str, Work] = {}
aside: set[str] = set()  # names of jobs that wait for others' machines, and so for themselves
clockworks: list[Clockwork] = []


def job(work: Work) -> Work:
    """Decorator: make a function a job, known by its dotted name; it may be run twice."""
    jobs[f"{work.__module__}.{work.__qualname__}"] = work
    return work


def job_aside(work: Work) -> Work:
    """Decorator: as `job`, for what may take long: no other job waits for it."""
    aside.add(f"{work.__module__}.{work.__qualname__}")
    return job(work)


def every(interval: timedelta) -> Callable[[Work], Work]:
    """Decorator: make a function without arguments a job that runs once in every interval."""

    def register(work: Work) -> Work:
        job(work)
        clockworks.append(Clockwork(f"{work.__module__}.{work.__qualname__}", interval))
        return work

    return register


def enqueue(
    work: Work, *, run_key: str | None = None, run_at: datetime | None = None, **arguments: Any
) -> None:
    """Queue a job inside the present transaction; a second one with the same key is dropped."""
    now = clock.now()
    row = Job(
        name=f"{work.__module__}.{work.__qualname__}",
        payload=arguments,
        run_key=run_key,
        created_at=now,
        run_at=run_at or now,
    )
    Job.objects.bulk_create([row], ignore_conflicts=run_key is not None)


def run_due(limit: int = BATCH) -> int:
    """Start what the clock asks for, then do what is due; return how many rows were taken."""
    _wind_clocks()
    taken = _lease(limit)
    for name, rows in groupby(taken, key=lambda row: row.name):
        if name in event_types:
            _deliver(list(rows))
        else:
            for row in rows:
                _run(row)
    return len(taken)


def run_aside() -> int:
    """Do one of the jobs that are done aside, where one is due; return how many were taken."""
    due = Job.objects.filter(name__in=aside, done_at=None, is_dead=False, run_at__lte=clock.now())
    if not due.exists():  # looked at often, and nobody who writes is to wait for that
        return 0
    taken = _lease(1, is_aside=True)
    for row in taken:
        _run(row)
    return len(taken)


def waiting() -> Mapping[str, int]:
    """Return how many rows wait and how many are dead."""
    open_rows = Job.objects.filter(done_at=None)
    return {
        "waiting": open_rows.filter(is_dead=False).count(),
        "dead": open_rows.filter(is_dead=True).count(),
    }


class Dead(NamedTuple):
    """A job that was given up: what it was to do, how often it was tried, how it failed last."""

    id: int
    name: str
    listener: str
    attempts: int
    created_at: datetime
    last_error: str


def dead(limit: int = 50) -> list[Dead]:
    """Return the jobs that were given up, the latest first. One query."""
    found = Job.objects.filter(done_at=None, is_dead=True).order_by("-id")
    return [Dead(*row) for row in found.values_list(*Dead._fields)[:limit]]


def forget(words: str) -> None:
    """Delete jobs, done ones too, whose arguments hold these words: somebody is to be erased."""
    found = Job.objects.annotate(said=Cast("payload", TextField())).filter(said__icontains=words)
    found.delete()


def revive(job_id: int) -> bool:
    """Have a job that was given up tried again, as if it were new; return whether there is one."""
    found = Job.objects.filter(id=job_id, done_at=None, is_dead=True)
    return bool(found.update(is_dead=False, attempts=0, run_at=clock.now(), leased_until=None))


@part("jobs")
def _told() -> Told:
    found, oldest = waiting(), round(oldest_wait())
    words = f"{found['waiting']} wait, the oldest for {oldest} s; {found['dead']} were given up"
    return Told("wrong" if oldest > 600 else "note" if found["dead"] else "good", words)


def dead_of(module: str) -> int:
    """Return how many jobs of a module were given up."""
    return Job.objects.filter(done_at=None, is_dead=True, name__startswith=f"{module}.").count()


def waiting_of(work: Work) -> int:
    """Return how many jobs of one kind wait."""
    name = f"{work.__module__}.{work.__qualname__}"
    return Job.objects.filter(name=name, done_at=None, is_dead=False).count()


def oldest_wait() -> float:
    """Return how many seconds the oldest row that is due has been waiting."""
    now = clock.now()
    due = Job.objects.filter(done_at=None, is_dead=False, run_at__lte=now)
    first = due.order_by("run_at").values_list("run_at", flat=True).first()
    return 0.0 if first is None else (now - first).total_seconds()


def _wind_clocks() -> None:
    """Queue what the clock asks for, looking at it once in `CLOCK_LOOK`."""
    global _looked_at
    now = clock.now()
    if _looked_at is not None and timedelta(0) <= now - _looked_at < CLOCK_LOOK:
        return
    _looked_at = now
    Job.objects.filter(done_at__lt=now - KEYS_KEPT).delete()
    due = []
    for clockwork in clockworks:
        slot = int(now.timestamp() // clockwork.interval.total_seconds())
        key = f"{clockwork.name}@{slot}"
        due.append(Job(name=clockwork.name, run_key=key, created_at=now, run_at=now))
    keys = [row.run_key for row in due]
    known = set(Job.objects.filter(run_key__in=keys).values_list("run_key", flat=True))
    missing = [row for row in due if row.run_key not in known]
    if missing:
        Job.objects.bulk_create(missing, ignore_conflicts=True)


def _lease(limit: int, *, is_aside: bool = False) -> list[Job]:
    """Take due rows for this worker; rows of a killed worker come back when their lease ends.

    What was taken before is taken alone: it may be what killed its worker, and what was taken
    together with it is not to blame.
    """
    now = clock.now()
    lease = secrets.token_hex(16)
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    with transaction.atomic():
        due = Job.objects.filter(free, done_at=None, is_dead=False, run_at__lte=now)
        due = due.filter(name__in=aside) if is_aside else due.exclude(name__in=aside)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        rows = list(due.order_by("run_at", "id").values_list("id", "attempts")[:limit])
        fresh = list(takewhile(lambda row: row[1] == 0, rows))
        ids = [row[0] for row in fresh or rows[:1]]
        Job.objects.filter(id__in=ids).update(
            lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    if ids:
        chosen.refresh()  # what is done goes by the settings of this moment
    return list(Job.objects.filter(lease=lease, id__in=ids).order_by("run_at", "id"))


def _deliver(rows: list[Job]) -> None:
    """Hand events of one kind to their listeners; each that fails gets a row of its own."""
    unheard = []
    for row in rows:
        if row.listener or row.attempts > TRIES:
            _attempt(row, partial(_tell, row, row.listener))
        else:
            unheard.append(row)
    if not unheard:
        return
    failures = [failed for path in listeners[rows[0].name] for failed in _failed(unheard, path)]
    with transaction.atomic():
        now = clock.now()
        Job.objects.bulk_create(
            Job(
                name=row.name,
                payload=row.payload,
                listener=path,
                attempts=1,
                last_error=error,
                created_at=row.created_at,
                run_at=now + _wait(1),
            )
            for row, path, error in failures
        )
        Job.objects.filter(id__in=[row.id for row in unheard]).delete()


def _failed(rows: list[Job], path: str) -> list[tuple[Job, str, str]]:
    """Tell a listener of events of one kind; return those it failed with, and why."""
    takes_many = listeners[rows[0].name][path].takes_many and len(rows) > 1
    if takes_many and not _error_of(partial(_tell_at_once, rows, path)):
        return []
    errors = [(row, path, _error_of(partial(_tell, row, path))) for row in rows]
    return [failed for failed in errors if failed[2]]


def _tell(row: Job, path: str) -> None:
    """Hand an event to one listener; one written by another version may fail, as any may."""
    hearing = listeners[row.name][path]
    happened = event_types[row.name](**row.payload)
    hearing.tell([happened] if hearing.takes_many else happened)


def _tell_at_once(rows: list[Job], path: str) -> None:
    kind = event_types[rows[0].name]
    listeners[rows[0].name][path].tell([kind(**row.payload) for row in rows])


def _run(row: Job) -> None:
    _attempt(row, lambda: jobs[row.name](**row.payload))


def _attempt(row: Job, work: Callable[[], None]) -> None:
    """Run one row's work; on failure it waits longer each time, and in the end is dead."""
    if row.attempts > TRIES:
        # Taken again and again without an end: it kills its worker.
        _bury(row, row.last_error or "the worker died while doing this")
        return
    error = _error_of(work)
    if not error:
        if row.run_key:
            Job.objects.filter(id=row.id).update(done_at=clock.now(), leased_until=None, lease="")
        else:
            row.delete()
    elif row.attempts >= TRIES:
        _bury(row, error)
    else:
        Job.objects.filter(id=row.id).update(
            run_at=clock.now() + _wait(row.attempts), leased_until=None, lease="", last_error=error
        )


def _bury(row: Job, error: str) -> None:
    Job.objects.filter(id=row.id).update(
        is_dead=True, leased_until=None, lease="", last_error=error
    )


def _wait(attempts: int) -> timedelta:
    seconds = FIRST_WAIT.total_seconds() * 4.0 ** (attempts - 1)
    return min(timedelta(seconds=seconds), LONGEST_WAIT)


def _error_of(work: Callable[[], None]) -> str:
    """Run; return "" or what went wrong, in full: nothing may stop the other rows."""
    try:
        work()
    except Exception:
        log.exception("a job failed")
        return traceback.format_exc()[-4000:]
    return ""
