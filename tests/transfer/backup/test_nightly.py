"""The backup of every night: when it begins, and what is said when it went wrong."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from rostra.transfer.backup import nightly
from rostra.transfer.backup.nightly import Last, begin_if_due, fault, last, write_down

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def begun(tmp_path, settings, monkeypatch):
    """A data folder of its own; what would be started is put down instead."""
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, data=tmp_path)
    found = []

    class Process:
        def __init__(self, command):
            found.append(command)

        def wait(self):
            return 0

    monkeypatch.setattr(nightly.subprocess, "Popen", Process)
    return found


def test_it_begins_at_night_once_a_day(begun):
    started = []
    for hour in range(72):
        with time_machine.travel(NOON + timedelta(hours=hour), tick=False):
            if begin_if_due():
                started.append((NOON + timedelta(hours=hour)).hour)
                write_down(Last((NOON + timedelta(hours=hour)).isoformat(), "then"))
    assert started == [2, 2]
    assert begun[0][-3:] == ["backup", "--nightly", "--quiet"]


def test_a_machine_that_is_off_at_night_has_its_backup_by_day(begun):
    with time_machine.travel(NOON, tick=False):
        assert not begin_if_due()
    with time_machine.travel(NOON + timedelta(hours=46), tick=False):
        assert not begin_if_due()
    with time_machine.travel(NOON + timedelta(hours=48), tick=False):
        assert begin_if_due()


def test_none_is_begun_where_none_is_wanted(begun, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, backup_nightly=0)
    write_down(Last((NOON - timedelta(days=9)).isoformat(), "", "", "the disk was full"))
    with time_machine.travel(NOON, tick=False):
        assert not begin_if_due()
        assert fault() is None


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Last("2026-11-22T02:00:00+00:00", "then", "", "the disk was full"), "the disk was full"),
        (Last("2026-11-18T02:00:00+00:00", "then"), "worker of jobs"),
        (Last("2026-11-22T02:00:00+00:00", "then", "/nowhere.tar"), "is gone"),
        (Last("2026-11-22T02:00:00+00:00"), "did not come to its end"),
    ],
)
def test_the_doctor_hears_of_what_went_wrong(found, told):
    """REL-023, REL-052."""
    write_down(found)
    with time_machine.travel(NOON, tick=False):
        assert last() == found
        assert told in (fault() or "")


def test_what_is_at_work_is_no_fault():
    write_down(Last((NOON - timedelta(minutes=5)).isoformat()))
    with time_machine.travel(NOON, tick=False):
        assert fault() is None
