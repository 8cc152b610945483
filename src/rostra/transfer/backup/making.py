"""Making a backup of the forum while it is in use."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from rostra.kernel import clock, dialect
from rostra.transfer.backup import children, migrations, postgres, sqlite
from rostra.transfer.backup.children import CannotGoOn
from rostra.transfer.backup.container import (
    DATABASES,
    BrokenBackup,
    Manifest,
    Progress,
    Stored,
    check_files,
    chunks,
    write,
)
from rostra.transfer.backup.nightly import default_folder
from rostra.transfer.backup.verifying import DATABASE, SPARE, check_sums

NAME = re.compile(r"rostra-\d{8}T\d{6}Z(-\d+)?\.tar")
WORK = ".rostra-backup-"
OF_THIS_PROCESS = ("ROSTRA_DATA", "ROSTRA_CONFIG", "ROSTRA_TEST_DATA", "ROSTRA_TEST_DATABASE_URL")


def place_for(path: Path | None) -> Path:
    """Return the file that a backup shall be: this path, or a name by the time in this folder."""
    if path is not None and not path.is_dir():
        return path.absolute()
    folder = (path or default_folder()).absolute()
    stem = f"rostra-{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    found, number = folder / f"{stem}.tar", 1
    while found.exists():
        number += 1
        found = folder / f"{stem}-{number}.tar"
    return found


def expected_size() -> int:
    """Return about how many bytes there are to go through, for a bar of progress."""
    data: Path = settings.ROSTRA.data
    if dialect.current() == "postgresql":
        size = int(dialect.rows("SELECT pg_database_size(current_database())")[0][0])
    else:
        size = (data / DATABASE).stat().st_size * 3
    return size + sum(path.stat().st_size * 3 for path in _uploads(data).values())


def make(
    path: Path, *, keep: int | None = None, progress: Progress = lambda size: None
) -> Manifest:
    """Make a backup and verify it; only then forget all but the newest `keep` beside it.

    Raises CannotGoOn, or BrokenBackup where the forum itself is damaged; then nothing is left
    behind, and no older backup is touched.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        raise CannotGoOn(f"{path} exists; a backup never takes the place of another file")
    with _alone_in(path.parent) as work:
        _check_room(path.parent)
        take = _take_postgresql if dialect.current() == "postgresql" else _take_sqlite
        manifest = take(work, progress)
        sources = {DATABASES[manifest.database]: work / DATABASES[manifest.database]}
        sources |= _settings(work) | _uploads(settings.ROSTRA.data)
        manifest.files = _all_stored(sources, progress)
        check_files(manifest.files)
        try:
            write(path, manifest, sources, progress)
        except FileExistsError:
            raise CannotGoOn(f"{path} exists; a backup never takes the place of another") from None
        try:
            check_sums(path, progress)
        except BrokenBackup:
            path.unlink()
            raise
    if keep is not None:
        _forget_all_but(path.parent, max(keep, 1))
    return manifest


@contextmanager
def _alone_in(folder: Path) -> Iterator[Path]:
    """Give a place to work in; what killed ones left is removed, for only one works at a time."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotGoOn(f"another backup is being made in {folder}") from None
        for left in folder.glob(f"{WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        for left in folder.glob(".rostra-*.tar.part"):
            left.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix=WORK, dir=folder) as work:
            yield Path(work)
    finally:
        os.close(handle)


def _check_room(folder: Path) -> None:
    needed, free = expected_size() + SPARE, shutil.disk_usage(folder).free
    if needed > free:
        raise CannotGoOn(
            f"a backup may need {needed >> 20:,} MB, and {free >> 20:,} MB are free in {folder}"
        )


def _take_sqlite(work: Path, progress: Progress) -> Manifest:
    raw = work / DATABASE
    sqlite.copy(settings.ROSTRA.data / DATABASE, raw, progress)
    try:
        sqlite.check(raw)
    except BrokenBackup as error:
        raise BrokenBackup(
            f"this forum {error}. Restore the newest backup: rostra restore FILE --replace"
        ) from error
    _, applied, _ = sqlite.facts(raw)
    left_out = []
    if not migrations.state_of(applied).pending:
        left_out = sqlite.drop_foreign(raw, children.reference_shape())
    counts, applied, head = sqlite.facts(raw)
    try:
        sqlite.check_log(raw)
    except BrokenBackup as error:
        raise BrokenBackup(f"this forum {error}") from error
    size, digest = sqlite.pack(raw, work / DATABASES["sqlite"], progress)
    raw.unlink()
    return Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        rostra=version("rostra"),
        database="sqlite",
        raw_size=size,
        raw_sha256=digest,
        log_head=head,
        migrations=applied,
        counts=counts,
        files=[],
        environment=_environment(),
        left_out=left_out,
    )


def _take_postgresql(work: Path, progress: Progress) -> Manifest:
    target = work / DATABASES["postgresql"]
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with postgres.snapshot() as (connection, moment):
        names = postgres.tables(connection)
        _, applied, _ = postgres.facts(connection, [])
        is_current = not migrations.state_of(applied).pending
        foreign = [name for name in names if is_current and name not in postgres.ours()]
        kept = [name for name in names if name not in foreign]
        counts, applied, head = postgres.facts(connection, kept)
        postgres.dump(connection, moment, target, foreign)
    size = target.stat().st_size
    progress(size)
    return Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        rostra=version("rostra"),
        database="postgresql",
        raw_size=size,
        raw_sha256="",
        log_head=head,
        migrations=applied,
        counts=counts,
        files=[],
        environment=_environment(),
        left_out=[f"table {name}" for name in foreign],
    )


def _settings(work: Path) -> dict[str, Path]:
    """Return copies of the secret and of the file of settings, where they are in use."""
    config = settings.ROSTRA
    found = {}
    for name, source in (("secret", config.data / "secret"), ("rostra.toml", settings.ROSTRA_FILE)):
        if not source.is_file() or (name == "secret" and config.secret_key):
            continue
        copy = work / name
        with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(source.read_bytes())
        found[name] = copy
    return found


def _uploads(data: Path) -> dict[str, Path]:
    """Return what members uploaded. Listed after the database was copied: no row without file."""
    folder = data / "uploads"
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    # What begins with a dot is being written at this moment.
    whole = (path for path in files if not path.name.startswith("."))
    return {path.relative_to(data).as_posix(): path for path in whole}


def _all_stored(sources: dict[str, Path], progress: Progress) -> list[Stored]:
    """Return what goes into the backup; an upload that nothing showed may be gone by now."""
    found = []
    for name, source in sources.items():
        try:
            found.append(_stored(name, source, progress))
        except FileNotFoundError:
            if not name.startswith("uploads/"):
                raise
    return found


def _stored(name: str, source: Path, progress: Progress) -> Stored:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as file:
        for chunk in chunks(file, progress):
            digest.update(chunk)
            size += len(chunk)
    return Stored(name, size, digest.hexdigest())


def _environment() -> list[str]:
    names = [name for name in os.environ if name.startswith("ROSTRA_") or name == "DATABASE_URL"]
    return sorted(name for name in names if name not in OF_THIS_PROCESS and os.environ[name])


def _forget_all_but(folder: Path, count: int) -> None:
    found = sorted((p for p in folder.iterdir() if NAME.fullmatch(p.name)), key=_age)
    for path in found[:-count]:
        path.unlink()


def _age(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.name
