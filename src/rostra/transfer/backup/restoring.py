"""Restoring a backup: built and looked through beside the forum, then put in its place at once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connections

from rostra.forum.erasure import ledger
from rostra.kernel import clock, dialect
from rostra.transfer.backup import children, loading, migrations, sqlite
from rostra.transfer.backup.children import CannotGoOn
from rostra.transfer.backup.container import (
    DATABASES,
    BrokenBackup,
    Manifest,
    Progress,
    flush_folder,
)
from rostra.transfer.backup.making import make, place_for
from rostra.transfer.backup.verifying import DATABASE, check_shape, verify

WORK = ".rostra-restoring-"


@dataclass(slots=True)
class Restored:
    """What was restored, where that which was there before is kept, and what is to be known."""

    manifest: Manifest
    saved: Path | None = None
    notes: list[str] = field(default_factory=list)

    def has(self, path: str) -> bool:
        """Return whether the backup held this file."""
        return any(stored.path == path for stored in self.manifest.files)


def restore(path: Path, *, is_replacing: bool, progress: Progress = lambda size: None) -> Restored:
    """Restore a backup into the place that is configured; nobody else may use it meanwhile.

    Raises BrokenBackup and CannotGoOn; then what was there is as it was.
    """
    data: Path = settings.ROSTRA.data
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_there = _is_there(data)
    if is_there and not is_replacing:
        raise CannotGoOn(
            "there is a forum already; --replace makes a backup of it and then takes its place"
        )
    for left in data.glob(f"{WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=WORK, dir=data) as folder:
        staging = Path(folder)
        manifest = verify(path, staging, is_everything_kept=True, progress=progress)
        if manifest.database != dialect.current():
            raise CannotGoOn(
                f"{path} is of a forum on {manifest.database}, here is {dialect.current()}: to "
                "change the database use rostra export archive and rostra import archive"
            )
        work = _Work(Restored(manifest, notes=_notes(manifest, data)), path, staging, data)
        if manifest.database == "postgresql":
            _put_postgresql(work, is_there, progress)
        else:
            _put_sqlite(work, is_there)
    return work.restored


class _Work(NamedTuple):
    """A backup on its way: what is to be told of it, its file, where it is built, where it goes."""

    restored: Restored
    path: Path
    staging: Path
    data: Path


def _is_there(data: Path) -> bool:
    if dialect.current() == "postgresql":
        loading.check_nobody_is_there()
        return not loading.is_empty() or (data / "uploads").exists()
    return (data / DATABASE).exists() or (data / "uploads").exists()


def _put_sqlite(work: _Work, is_there: bool) -> None:
    restored, path, staging, data = work
    raw = staging / DATABASE
    try:
        if migrations.state_of(restored.manifest.migrations).pending:
            children.rostra("manage", "migrate", "-v0", data=staging)
            sqlite.empty_shadows(raw)
            check_shape(raw)
            restored.notes.append("its tables were brought up to date")
        _erase_again(restored, staging, data, "")
        _look_through(restored, staging, "")
        sqlite.empty_shadows(raw)
    except (BrokenBackup, sqlite3.Error) as error:
        raise BrokenBackup(f"{path} {error}") from error
    connections.close_all()
    if is_there:
        restored.saved = _save_sqlite(data, restored)
    _flush(raw)
    _put_files(staging, data, is_secret_kept=restored.has("secret"))
    os.replace(raw, data / DATABASE)
    flush_folder(data)


def _put_postgresql(work: _Work, is_there: bool, progress: Progress) -> None:
    restored, path, staging, data = work
    dump = staging / DATABASES["postgresql"]
    with loading.fresh_schema() as schema:
        try:
            loading.build(schema, restored.manifest, dump, staging, progress)
            if migrations.state_of(restored.manifest.migrations).pending:
                restored.notes.append("its tables were brought up to date")
            _erase_again(restored, staging, data, loading.address_of(schema))
            _look_through(restored, staging, loading.address_of(schema))
        except BrokenBackup as error:
            raise BrokenBackup(f"{path} {error}") from error
        if is_there and not loading.is_empty():
            restored.saved = place_for(None)
            make(restored.saved)
            connections.close_all()
        loading.switch(schema)
    _put_files(staging, data, is_secret_kept=restored.has("secret"))
    flush_folder(data)


def _erase_again(restored: Restored, staging: Path, data: Path, address: str) -> None:
    """Erase whom the backup brings back although they were erased since (REL-053)."""
    book = data / ledger.FILE
    if book.exists():
        shutil.copy(book, staging / ledger.FILE)
        said = children.rostra("erase-again", data=staging, database_url=address).strip()
        if said != "0":
            restored.notes.append(f"erased again, for they had asked to be: {said}")


def _look_through(restored: Restored, staging: Path, address: str) -> None:
    """Examine the forum before it is put in place; what is found was so when it was backed up."""
    try:
        children.rostra("doctor", data=staging, database_url=address)
    except BrokenBackup as error:
        restored.notes.append(f"{error} (rostra doctor --repair mends what can be computed anew)")


def _save_sqlite(data: Path, restored: Restored) -> Path:
    """Back up what is there; a database too damaged for that is set aside as it is."""
    saved = place_for(None)
    try:
        make(saved)
        connections.close_all()
        with closing(sqlite3.connect(data / DATABASE, isolation_level=None)) as old:
            # Its journal must not lie beside the other database: it would be played into it.
            old.execute("PRAGMA journal_mode = DELETE").fetchone()
    except (BrokenBackup, CannotGoOn, sqlite3.Error, OSError) as error:
        connections.close_all()
        aside = data / "backups" / f"replaced-{clock.now().astimezone(UTC):%Y%m%dT%H%M%S%f}Z"
        aside.mkdir(mode=0o700, parents=True)
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "uploads", "secret"):
            if (data / name).exists():
                os.rename(data / name, aside / name)
        restored.notes.append(f"what was there could not be backed up ({error})")
        return aside
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (data / name).unlink(missing_ok=True)
    return saved


def _put_files(staging: Path, data: Path, *, is_secret_kept: bool) -> None:
    if (data / "uploads").exists():
        os.rename(data / "uploads", staging / "uploads.before")
    if (staging / "uploads").exists():
        os.rename(staging / "uploads", data / "uploads")
    if is_secret_kept:
        os.replace(staging / "secret", data / "secret")
    if (staging / "rostra.toml").exists():
        os.replace(staging / "rostra.toml", data / "rostra.toml.restored")


def _notes(manifest: Manifest, data: Path) -> list[str]:
    names = {stored.path for stored in manifest.files}
    notes = []
    if "secret" not in names and "rostra.toml" not in names:
        notes.append("missing: the secret, which was configured outside (ROSTRA_SECRET_KEY)")
    elif "secret" in names and settings.ROSTRA.secret_key:
        notes.append("the secret of the configuration counts, not the restored one")
    if "rostra.toml" in names:
        notes.append(f"the settings of then lie in {data / 'rostra.toml.restored'}; compare them")
    if manifest.environment:
        notes.append(f"missing: settings that came from outside: {', '.join(manifest.environment)}")
    if not any(name.startswith("uploads/") for name in names):
        notes.append("there were no uploads")
    notes += [f"left out, for it was not Rostra's: {name}" for name in manifest.left_out]
    return notes


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
