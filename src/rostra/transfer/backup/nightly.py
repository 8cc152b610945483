"""The backup of every night: when it is due, and how the last one went."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from rostra.kernel import clock
from rostra.kernel.health import Told, part

NIGHT = range(2, 6)  # hours in UTC
A_DAY = timedelta(hours=20)
LATEST = timedelta(hours=47)  # a machine that is off at night has its backup by day
LONGEST = timedelta(hours=6)
ALARM = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Last:
    """The last nightly backup; without `ended_at` it is at work, or was killed."""

    started_at: str
    ended_at: str = ""
    path: str = ""
    fault: str = ""


def default_folder() -> Path:
    """Return where backups go unless told otherwise."""
    folder: Path = settings.ROSTRA.data / "backups"
    return folder


def last() -> Last | None:
    """Return how the last nightly backup went; None where nobody ever looked."""
    try:
        return Last(**json.loads(_note().read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_down(result: Last) -> None:
    """Keep how a nightly backup went, for `rostra doctor`."""
    _note().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _note().with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(asdict(result), indent=1) + "\n")
    os.replace(fresh, _note())


def begin_if_due() -> bool:
    """Start the nightly backup in a process of its own where it is time; jobs need not wait."""
    now = clock.now()
    before = last()
    if before is None:
        # The first look at a new forum only begins to count the hours.
        write_down(Last(started_at=now.isoformat(), ended_at=now.isoformat()))
        return False
    if not settings.ROSTRA.backup_nightly or not _is_due(datetime.fromisoformat(before.started_at)):
        return False
    process = subprocess.Popen(
        [sys.executable, "-m", "rostra.project.cli", "backup", "--nightly", "--quiet"]
    )
    threading.Thread(target=process.wait, daemon=True).start()
    return True


def _is_due(before: datetime) -> bool:
    since = clock.now() - before
    return since > LATEST or (since > A_DAY and clock.now().astimezone(UTC).hour in NIGHT)


def fault() -> str | None:
    """Return what is wrong with the nightly backups, if anything."""
    found = last()
    if found is None or not settings.ROSTRA.backup_nightly:
        return None
    if found.fault:
        return f"that of {found.started_at} failed: {found.fault}"
    since = clock.now() - datetime.fromisoformat(found.started_at)
    if not found.ended_at and since > LONGEST:
        return f"that of {found.started_at} did not come to its end"
    if since > ALARM:
        return f"the last began at {found.started_at}; is a worker of jobs running?"
    if found.path and not Path(found.path).exists():
        return f"{found.path} is gone"
    return None


@part("backup")
def _told() -> Told:
    wrong, found = fault(), last()
    if wrong is not None:
        return Told("wrong", wrong)
    if not settings.ROSTRA.backup_nightly:
        return Told("note", "none is made by night (backup_nightly)")
    if found is None or not found.path:
        return Told("note", "none was made yet")
    return Told("good", f"{found.path}, begun at {found.started_at}")


def _note() -> Path:
    return default_folder() / "nightly.json"
