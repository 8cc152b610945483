"""The one file of a backup: a plain tar in the one form in which it may be written.

First `manifest.json`, then its sha256, then the files in the manifest's order. A reader knows
every byte between the files beforehand, so that nothing has to be made of what a stranger wrote:
no path of a tar is ever followed. `tar -x` reads it as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT, VERSION = "rostra-backup", 1
BLOCK = tarfile.BLOCKSIZE
CHUNK = 1 << 20
MOST_FILES = 1_000_000
LONGEST_MANIFEST = 512 * CHUNK
HIGHEST_RATIO = 100
DATABASES = {"sqlite": "rostra.sqlite3.gz", "postgresql": "rostra.pgdump"}
MANIFEST, SUM = "manifest.json", "manifest.sha256"

type Progress = Callable[[int], Any]


class BrokenBackup(Exception):
    """The file is not a backup that can be used; the text says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file in a backup: its path in the data folder, its size, its sha256."""

    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself.

    raw_size, raw_sha256: of the database before it was compressed.
    migrations: app and name of each that was applied. counts: rows by table.
    environment: names of the settings that came from outside and are not in the backup.
    """

    made_at: str
    rostra: str
    database: str
    raw_size: int
    raw_sha256: str
    log_head: tuple[int, str]
    migrations: list[tuple[str, str]]
    counts: dict[str, int]
    files: list[Stored]
    environment: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def in_bytes(self) -> bytes:
        """Return the manifest as it stands in the file."""
        head = {"format": FORMAT, "version": VERSION}
        return json.dumps(head | asdict(self), indent=1, ensure_ascii=False).encode() + b"\n"


def write(
    path: Path,
    manifest: Manifest,
    sources: Mapping[str, Path],
    progress: Progress = lambda size: None,
) -> None:
    """Write a backup; `sources` says where each file is read.

    Mode 0600; all of it is on the disk before it has its name.
    """
    temporary = path.with_name(f".{path.name}.part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            body = manifest.in_bytes()
            _put(file, MANIFEST, [body], len(body))
            line = hashlib.sha256(body).hexdigest().encode() + b"\n"
            _put(file, SUM, [line], len(line))
            for stored in manifest.files:
                with sources[stored.path].open("rb") as source:
                    _put(file, stored.path, chunks(source, progress), stored.size)
            file.write(bytes(2 * BLOCK))
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)  # unlike a renaming, never in the place of another
    finally:
        temporary.unlink(missing_ok=True)
    flush_folder(path.parent)


def _put(file: IO[bytes], name: str, body: Iterable[bytes], size: int) -> None:
    file.write(header(name, size))
    for chunk in body:
        file.write(chunk)
    file.write(bytes(-size % BLOCK))


def flush_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def chunks(source: IO[bytes], progress: Progress = lambda size: None) -> Iterator[bytes]:
    """Yield what is left of a file, a megabyte at a time."""
    while chunk := source.read(CHUNK):
        yield chunk
        progress(len(chunk))


class Backup:
    """An open backup: its manifest, then each file in turn, all of it checked while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        body = self._take_manifest()
        line = b"".join(self._take(SUM, 65))
        if line.strip() != hashlib.sha256(body).hexdigest().encode():
            raise BrokenBackup("is damaged: its manifest is not what it was")
        self.manifest = manifest_of(body)

    def files(self) -> Iterator[tuple[Stored, Iterator[bytes]]]:
        """Yield each file with its contents; raises BrokenBackup where they differ."""
        for stored in self.manifest.files:
            yield stored, self._checked(stored)
        if self._file.read(2 * BLOCK + 1) != bytes(2 * BLOCK):
            raise BrokenBackup("is damaged: it does not end where it should")

    def _checked(self, stored: Stored) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for chunk in self._take(stored.path, stored.size):
            digest.update(chunk)
            yield chunk
        if digest.hexdigest() != stored.sha256:
            raise BrokenBackup(f"is damaged: {stored.path} is not what it was")

    def _take_manifest(self) -> bytes:
        block = self._file.read(BLOCK)
        if not block:
            raise BrokenBackup("is empty")
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.TarError, ValueError):
            raise BrokenBackup("is no backup of Rostra") from None
        if info.name != MANIFEST or block != header(MANIFEST, info.size):
            raise BrokenBackup(_strangeness(block) or "is no backup of Rostra")
        if info.size > LONGEST_MANIFEST:
            raise BrokenBackup("has a manifest too large to be one")
        return b"".join(self._body(info.size))

    def _take(self, name: str, size: int) -> Iterator[bytes]:
        expected = header(name, size)
        found = self._file.read(len(expected))
        if len(found) < len(expected):
            raise BrokenBackup("is cut off")
        if found != expected:
            raise BrokenBackup(
                _strangeness(found) or f"is damaged: where {name} should begin, it does not"
            )
        yield from self._body(size)

    def _body(self, size: int) -> Iterator[bytes]:
        left = size
        while left:
            chunk = self._file.read(min(CHUNK, left))
            if not chunk:
                raise BrokenBackup("is cut off")
            left -= len(chunk)
            yield chunk
        padding = self._file.read(-size % BLOCK)
        if len(padding) < -size % BLOCK:
            raise BrokenBackup("is cut off")
        if padding.strip(b"\0"):
            raise BrokenBackup("is damaged: there is something between its files")


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """Open a backup; raises BrokenBackup, its text beginning with the path."""
    try:
        if not path.exists() or path.is_file():
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        else:
            raise BrokenBackup("is no file")
        with os.fdopen(handle, "rb") as file:
            yield Backup(file)
    except BrokenBackup as error:
        raise BrokenBackup(f"{path} {error}") from error
    except OSError as error:
        raise BrokenBackup(f"{path} cannot be read: {error.strerror}") from error


def header(name: str, size: int) -> bytes:
    """Return what stands before a file: the one form we write and read."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def manifest_of(body: bytes) -> Manifest:
    """Return the manifest that these bytes are; raises BrokenBackup."""
    try:
        found = json.loads(body)
        if not isinstance(found, dict) or found.pop("format") != FORMAT:
            raise BrokenBackup("is no backup of Rostra")
        version = found.pop("version")
        if isinstance(version, int) and version > VERSION:
            raise BrokenBackup(
                f"was made by a newer Rostra ({found.get('rostra')}, format {version}; "
                f"this one reads up to {VERSION}): restore it with that one"
            )
        if version != VERSION:
            raise BrokenBackup(f"has the unknown format {version!r}")
        manifest = Manifest(**found)
        manifest.files = [Stored(**row) for row in found["files"]]
        n, hash_ = manifest.log_head
        manifest.log_head = (int(n), str(hash_))
        manifest.migrations = [(str(app), str(name)) for app, name in manifest.migrations]
        manifest.counts = {str(table): int(count) for table, count in manifest.counts.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BrokenBackup("is damaged: its manifest cannot be understood") from error
    if manifest.database not in DATABASES:
        raise BrokenBackup(f"is of an unknown database: {manifest.database!r}")
    check_files(manifest.files)
    if DATABASES[manifest.database] not in {stored.path for stored in manifest.files}:
        raise BrokenBackup("holds no database")
    return manifest


def check_files(files: Iterable[Stored]) -> None:
    """Raise BrokenBackup unless all files may be put into a data folder."""
    seen: set[str] = set()
    for number, stored in enumerate(files, 1):
        if number > MOST_FILES:
            raise BrokenBackup(f"holds too many files: more than {MOST_FILES:,}")
        path = stored.path
        if fault := _fault_of_path(path):
            raise BrokenBackup(f"{fault}: {path!r}")
        if path in seen:
            raise BrokenBackup(f"holds {path!r} twice")
        if not isinstance(stored.size, int) or stored.size < 0:
            raise BrokenBackup(f"gives {path!r} no size")
        seen.add(path)


def _fault_of_path(path: object) -> str | None:
    if not isinstance(path, str) or not path or "\0" in path or "\\" in path:
        return "holds a file with a name that is none"
    if path.startswith("/"):
        return "holds an absolute path"
    parts = path.split("/")
    if ".." in parts:
        return "holds a path that leads out of it"
    if PurePosixPath(path).as_posix() != path or not path.isprintable():
        return "holds a file with a name that is none"
    is_known = path in (*DATABASES.values(), "secret", "rostra.toml") or parts[0] == "uploads"
    return None if is_known and path != "uploads" else "holds a file that no backup has"


def _strangeness(block: bytes) -> str | None:
    """Say what stands there instead of what should, when it is a member of some other tar."""
    try:
        info = tarfile.TarInfo.frombuf(block[:BLOCK], "utf-8", "strict")
    except (tarfile.TarError, ValueError):
        return None
    if info.issym() or info.islnk():
        return f"holds a link: {info.name!r}"
    if info.ischr() or info.isblk() or info.isfifo():
        return f"holds a device: {info.name!r}"
    if info.isdir():
        return f"holds a folder that no backup has: {info.name!r}"
    fault = _fault_of_path(info.name)
    if info.name not in (MANIFEST, SUM) and fault:
        return f"{fault}: {info.name!r}"
    return None
