"""The outbox and the jobs: nothing lost, nothing waits for a failing neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
import time_machine
from django.db import transaction

from rostra.kernel import events, jobs
from rostra.kernel.models import Job

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@events.event
@dataclass(frozen=True, slots=True, kw_only=True)
class TideRose(events.Event):
    name: ClassVar[str] = "tests.tide_rose"
    height: int


@events.event
@dataclass(frozen=True, slots=True, kw_only=True)
class TideFell(events.Event):
    name: ClassVar[str] = "tests.tide_fell"
    height: int


heard: list[tuple[str | int, ...]] = []
broken: set[str] = set()


@events.after(TideRose)
def close_gate(happened: TideRose) -> None:
    if "gate" in broken:
        raise RuntimeError("stuck")
    heard.append(("gate", happened.height))


@events.after(TideRose)
def ring_bell(happened: TideRose) -> None:
    heard.append(("bell", happened.height))


@events.after_many(TideFell)
def write_log(happened: Sequence[TideFell]) -> None:
    heights = [each.height for each in happened]
    if "log 2" in broken and 2 in heights:
        raise RuntimeError("no ink")
    heard.append(("log", *heights))


@jobs.job
def pump(litres: int) -> None:
    if "pump" in broken:
        raise RuntimeError("dry")
    heard.append(("pump", litres))


@pytest.fixture(autouse=True)
def _silence(monkeypatch):
    heard.clear()
    broken.clear()
    monkeypatch.setattr(jobs, "clockworks", [])
    monkeypatch.setattr(jobs, "_looked_at", None)


def test_every_listener_hears_after_commit():
    events.emit(TideRose(height=3))
    assert heard == []
    assert jobs.run_due() == 1
    assert heard == [("gate", 3), ("bell", 3)]
    assert not Job.objects.exists()


def test_nobody_hears_what_was_rolled_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.emit(TideRose(height=3))
        _ = 1 / 0
    assert jobs.run_due() == 0


def test_a_failing_listener_waits_alone():
    """The bell rings though the gate is stuck; the gate is tried again, the bell is not."""
    broken.add("gate")
    with time_machine.travel(START, tick=False) as clock:
        events.emit(TideRose(height=1))
        events.emit(TideRose(height=2))
        jobs.run_due()
        assert heard == [("bell", 1), ("bell", 2)]
        assert set(Job.objects.values_list("listener", flat=True)) == {f"{__name__}.close_gate"}
        assert jobs.run_due() == 0  # it waits
        broken.clear()
        clock.shift(timedelta(seconds=6))
        assert [jobs.run_due() for _ in range(3)] == [1, 1, 0]
    assert heard[2:] == [("gate", 1), ("gate", 2)]


def test_what_follows_each_other_is_told_at_once():
    for height in (1, 2):
        events.emit(TideFell(height=height))
    events.emit(TideRose(height=3))
    events.emit(TideFell(height=4))
    assert jobs.run_due() == 4
    assert heard == [("log", 1, 2), ("gate", 3), ("bell", 3), ("log", 4)]
    assert not Job.objects.exists()


def test_who_fails_with_many_is_told_of_each():
    """What cannot be done waits alone; the others are told of what came with it."""
    broken.add("log 2")
    for height in (1, 2, 3):
        events.emit(TideFell(height=height))
    assert jobs.run_due() == 3
    assert heard == [("log", 1), ("log", 3)]
    left = Job.objects.get()
    assert (left.payload, left.listener) == ({"height": 2}, f"{__name__}.write_log")


def test_what_kills_its_worker_takes_nothing_with_it():
    """REL-039: what was taken together with it is done all the same."""
    with time_machine.travel(START, tick=False) as clock:
        for litres in (7, 8, 9):
            jobs.enqueue(pump, litres=litres)
        for _ in range(jobs.TRIES):
            assert jobs._lease(10)[0].payload == {"litres": 7}  # and dies
            clock.shift(jobs.LEASE + timedelta(seconds=1))
        while jobs.run_due():
            pass
    assert heard == [("pump", 8), ("pump", 9)]
    assert Job.objects.get().payload == {"litres": 7}


def test_waits_grow_and_end_in_a_dead_row_that_stays_visible():
    broken.add("pump")
    with time_machine.travel(START, tick=False) as clock:
        jobs.enqueue(pump, litres=5)
        waits = []
        for _ in range(jobs.TRIES):
            assert jobs.run_due() == 1
            row = Job.objects.get()
            waits.append(row.run_at - datetime.now(UTC))
            clock.shift(max(waits[-1], timedelta(0)) + timedelta(seconds=1))
        assert jobs.run_due() == 0
    assert row.is_dead
    assert "dry" in row.last_error
    assert waits[:-1] == sorted(waits[:-1])
    assert jobs.waiting() == {"waiting": 0, "dead": 1}


def test_the_rows_of_a_killed_worker_come_back():
    """REL-038: a lease that nobody gives back runs out."""
    with time_machine.travel(START, tick=False) as clock:
        jobs.enqueue(pump, litres=7)
        assert len(jobs._lease(10)) == 1  # this worker dies here
        assert jobs.run_due() == 0
        clock.shift(jobs.LEASE + timedelta(seconds=1))
        assert jobs.run_due() == 1
    assert heard == [("pump", 7)]


def test_a_job_that_kills_its_worker_is_buried():
    """REL-039."""
    with time_machine.travel(START, tick=False) as clock:
        jobs.enqueue(pump, litres=7)
        for _ in range(jobs.TRIES):
            assert len(jobs._lease(10)) == 1
            clock.shift(jobs.LEASE + timedelta(seconds=1))
        jobs.run_due()
    assert Job.objects.get().is_dead
    assert heard == []


def test_a_row_of_another_version_does_not_starve_the_rest():
    """A field or a listener that is no more fails alone, and is dead in the end."""
    with time_machine.travel(START, tick=False) as clock:
        now = datetime.now(UTC)
        Job.objects.create(name="tests.tide_rose", payload={"depth": 1}, created_at=now, run_at=now)
        Job.objects.create(
            name="tests.tide_rose",
            payload={"height": 1},
            listener="gone.away",
            created_at=now,
            run_at=now,
        )
        Job.objects.create(name="tests.gone", payload={}, created_at=now, run_at=now)
        events.emit(TideRose(height=4))
        jobs.run_due()
        assert heard == [("gate", 4), ("bell", 4)]
        for _ in range(jobs.TRIES):
            clock.shift(jobs.LONGEST_WAIT)
            while jobs.run_due():
                pass
    assert jobs.waiting() == {"waiting": 0, "dead": 4}


def test_a_run_key_lets_one_in():
    jobs.enqueue(pump, run_key="tank-1", litres=1)
    jobs.enqueue(pump, run_key="tank-1", litres=1)
    jobs.run_due()
    jobs.enqueue(pump, run_key="tank-1", litres=1)
    jobs.run_due()
    assert heard == [("pump", 1)]


def test_the_clock_starts_a_job_once_in_an_interval(monkeypatch):
    """REL-040: however many workers look at the clock."""
    rung: list[int] = []

    def ring() -> None:
        rung.append(1)

    path = f"{ring.__module__}.{ring.__qualname__}"
    monkeypatch.setitem(jobs.jobs, path, ring)
    monkeypatch.setattr(jobs, "clockworks", [jobs.Clockwork(path, timedelta(hours=1))])
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(3):
            jobs.run_due()
        assert len(rung) == 1
        clock.shift(timedelta(hours=1))
        jobs.run_due()
    assert len(rung) == 2


@jobs.job_aside
def wait_for_tide(hours: int) -> None:
    heard.append(("tide", hours))


def test_sec_042_what_may_take_long_holds_up_no_other_job():
    """It is taken by those alone who take nothing else, one at a time."""
    heard.clear()
    for hours in (1, 2):
        jobs.enqueue(wait_for_tide, hours=hours)
    jobs.enqueue(pump, litres=5)
    while jobs.run_due():
        continue
    assert ("tide", 1) not in heard
    assert jobs.waiting()["waiting"] == 2
    assert jobs.run_aside() == 1
    assert heard[-1] == ("tide", 1)
    assert (jobs.run_aside(), jobs.run_aside(), jobs.waiting()["waiting"]) == (1, 0, 0)
