"""Where archives of members' own data lie: in a folder of the data folder that no address leads
into and no backup takes. Its files are readable by the forum's own account alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

FOLDER = "own-data"
WHOLE, PARTS = ".zip", (".part", ".lines")


def folder() -> Path:
    """Return the folder, made where it is not there."""
    data: Path = settings.ROSTRA.data
    found = data / FOLDER
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def path_of(key: str) -> Path:
    """Return where a whole archive lies."""
    data: Path = settings.ROSTRA.data
    return data / FOLDER / f"{key}{WHOLE}"


def fresh(key: str, part: str) -> BinaryIO:
    """Open one of PARTS, empty, for writing and reading."""
    path = folder() / f"{key}{part}"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "w+b")


def settle(file: BinaryIO) -> None:
    """Have what was written on the disk."""
    file.flush()
    os.fsync(file.fileno())


def complete(key: str) -> int:
    """Give a written archive its name; return its size."""
    whole = path_of(key)
    part = whole.with_suffix(PARTS[0])
    size = part.stat().st_size
    os.rename(part, whole)
    return size


def drop(key: str) -> None:
    """Delete what there is of an archive."""
    if key:
        for ending in (WHOLE, *PARTS):
            path_of(key).with_suffix(ending).unlink(missing_ok=True)


def drop_lines(key: str) -> None:
    """Delete what was only needed while an archive was written."""
    path_of(key).with_suffix(PARTS[1]).unlink(missing_ok=True)


def keys() -> set[str]:
    """Return of which archives there are files, whole or not."""
    return {path.stem for path in folder().iterdir()}
