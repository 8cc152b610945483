"""What was uploaded, or copied, in the archive: files beside their rows, each with its sum."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from rostra.content.media import storage
from rostra.content.media.models import Upload
from rostra.content.media.queries import UploadRow
from rostra.kernel.errors import NotFound
from rostra.transfer.archive import copies
from rostra.transfer.archive.head import BrokenArchive
from rostra.transfer.archive_format import canonical

NAME = "upload_files"
FOLDER = "uploads"
PAGE = 500
LONG = 40  # letters: so many has no name of an upload
_NAME = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{30}(?:[0-9a-f]{32})?(?:-[12])?")


class Listed(NamedTuple):
    """One file: where it lies below the folder, how large it is, its sum."""

    name: str
    size: int
    sha256: str


def take_along(path: Path) -> Iterator[str]:
    """Copy every file of an upload or a copy into the archive; yield its line once it is there.

    One that was deleted since its row was read is left out: nothing showed it.
    """
    taken: set[str] = set()
    for name in chain(_names(), copies.files()):
        if name in taken:  # two addresses may lead to what looks the same
            continue
        try:
            data = storage.get(name)
        except NotFound:
            continue
        if len(name) > LONG:
            taken.add(name)
        _write(path / FOLDER / name, data)
        yield canonical(Listed(name, len(data), _sum(data))._asdict())


def check(path: Path) -> None:
    """Raise BrokenArchive unless every file that is listed is there, and is what it was."""
    for listed in _listed(path):
        if not _NAME.fullmatch(listed.name):
            raise BrokenArchive(f"{listed.name!r} is no name of an upload")
        try:
            data = (path / FOLDER / listed.name).read_bytes()
        except OSError as error:
            raise BrokenArchive(f"{FOLDER}/{listed.name} cannot be read") from error
        if _sum(data) != listed.sha256:
            raise BrokenArchive(f"{FOLDER}/{listed.name} is not what it was")


def put_back(path: Path) -> None:
    """Store the files of an archive that was checked, before there are rows of them."""
    for listed in _listed(path):
        if not storage.has(listed.name):
            storage.put(listed.name, (path / FOLDER / listed.name).read_bytes())


def _names() -> Iterator[str]:
    last = 0
    while page := _rows_after(last):
        for row in page:
            yield from row.names
        last = page[-1].id


def _rows_after(last: int) -> list[UploadRow]:
    rows = Upload.objects.filter(id__gt=last).order_by("id").values_list(*UploadRow._fields)
    return [UploadRow(*row) for row in rows[:PAGE]]


def _listed(path: Path) -> Iterator[Listed]:
    listing = path / f"{NAME}.jsonl"
    if not listing.exists():
        return  # written by a forum that knew nothing of uploads yet
    with listing.open(encoding="utf-8") as file:
        for line in file:
            try:
                yield Listed(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise BrokenArchive(f"a line of {NAME} names no file") from error


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
