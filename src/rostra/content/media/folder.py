"""Uploads in a folder beside the database. What `put` has returned from is on the disk."""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from rostra.kernel.errors import NotFound

log = logging.getLogger(__name__)


class Folder:
    """A folder of uploads."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, data: bytes) -> None:
        """Write a file whole, and its name in its folder, and have both on the disk; or nothing."""
        path = self._path(name)
        folder = path.parent
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _flush(folder.parent)
        # A backup looks past what begins with a dot.
        fresh = folder / f".{secrets.token_hex(8)}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.rename(fresh, path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        _flush(folder)

    def get(self, name: str) -> bytes:
        """Return what a file holds; raises NotFound, and says so to the operator."""
        try:
            return self._path(name).read_bytes()
        except OSError as error:
            log.error("the upload %s cannot be read: %s", name, error.strerror)
            raise NotFound from error

    def has(self, name: str) -> bool:
        """Return whether there is such a file."""
        return self._path(name).is_file()

    def drop(self, name: str) -> None:
        """Delete a file; one that is gone already is as well."""
        self._path(name).unlink(missing_ok=True)

    def older_than(self, seconds: float, part: int) -> Iterator[str]:
        """Yield the names in one of the PARTS that were written longer ago than that."""
        folder = self.root / f"{part:02x}"
        if not folder.is_dir():
            return
        before = time.time() - seconds
        with os.scandir(folder) as found:
            for entry in found:
                if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < before:
                    yield f"{folder.name}/{entry.name}"

    def _path(self, name: str) -> Path:
        return self.root / name


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
