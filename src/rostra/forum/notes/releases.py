"""Where open data lie: a folder of the data folder, in it one for each release, the newest two.

A release is there once it is whole: it is written beside them, and then gets its name.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from rostra.kernel.errors import NotFound

FOLDER, MANIFEST = "open-data", "manifest.json"
KEPT = 2  # so that who is fetching one goes on while another is made
GIVEN_UP = 24 * 3600  # seconds after which nobody writes a release any more

_NAME = re.compile(r"[0-9]{8}T[0-9]{9}")


class File(NamedTuple):
    """A file of a release."""

    name: str
    rows: int
    size: int  # bytes
    sha256: str


class Release(NamedTuple):
    """What is published at a time."""

    name: str
    made_at: datetime
    covers_until: datetime  # what came later is in none of its files
    algorithm_version: int
    has_ratings: bool
    files: tuple[File, ...]


def name_for(made_at: datetime) -> str:
    """Return the name of a release: when it was made, so that they sort."""
    return f"{made_at.astimezone(UTC):%Y%m%dT%H%M%S}{made_at.microsecond // 1000:03}"


def newest() -> Release | None:
    """Return what is published now; None where nothing is yet."""
    for name in _names():
        if (found := _read(name)) is not None:
            return found
    return None


def file_of(name: str, file: str) -> Path:
    """Return where a file of a release that is kept lies; raises NotFound."""
    found = _read(name) if _NAME.fullmatch(name) else None
    if found is None or file not in {one.name for one in found.files}:
        raise NotFound
    return _folder() / name / file


def path_of(name: str) -> Path:
    """Return the folder of a release."""
    return _folder() / name


def begin(name: str) -> Path:
    """Return an empty folder in which a release is written."""
    folder = _folder() / f"{name}.part"
    folder.mkdir(mode=0o700, parents=True)
    return folder


def complete(release: Release) -> None:
    """Put a written release in the place of the one before; delete older ones."""
    part = _folder() / f"{release.name}.part"
    files = [file._asdict() for file in release.files]
    told = release._replace(files=())._asdict() | {"files": files}
    with (part / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(told, file, indent=1, default=datetime.isoformat)
        file.flush()
        os.fsync(file.fileno())
    part.rename(_folder() / release.name)
    _tidy()


def drop(name: str) -> None:
    """Delete what was written of a release that came to nothing."""
    shutil.rmtree(_folder() / f"{name}.part", ignore_errors=True)


def _tidy() -> None:
    """Delete releases before the newest two, and what nobody goes on writing."""
    for name in _names()[KEPT:]:
        shutil.rmtree(_folder() / name, ignore_errors=True)
    for part in _folder().glob("*.part"):
        if time.time() - part.stat().st_mtime > GIVEN_UP:
            shutil.rmtree(part, ignore_errors=True)


def _folder() -> Path:
    data: Path = settings.ROSTRA.data
    return data / FOLDER


def _names() -> list[str]:
    """Return the names of whole releases, the newest first."""
    if not _folder().is_dir():
        return []
    return sorted(filter(_NAME.fullmatch, os.listdir(_folder())), reverse=True)


def _read(name: str) -> Release | None:
    """Return a release as its manifest tells it; None where it is gone."""
    try:
        told = json.loads((_folder() / name / MANIFEST).read_bytes())
    except OSError:
        return None
    times = {key: datetime.fromisoformat(told[key]) for key in ("made_at", "covers_until")}
    return Release(**told | times | {"files": tuple(File(**file) for file in told["files"])})
