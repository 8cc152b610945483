"""Where a database stands among the migrations of this program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

type Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """What was applied, what this program would still apply, and what it does not know."""

    applied: tuple[Name, ...]
    pending: tuple[Name, ...]
    unknown: tuple[Name, ...]

    @property
    def is_new(self) -> bool:
        """Return whether nothing was ever made here."""
        return not self.applied


def state() -> State:
    """Return where the forum's database stands; makes nothing."""
    recorder = MigrationRecorder(connection)
    return state_of(recorder.applied_migrations())


def state_of(applied: Iterable[Name]) -> State:
    """Return where a database stands to which these were applied."""
    done = sorted(applied)
    known = _known()
    return State(
        applied=tuple(done),
        pending=tuple(sorted(name for name in known if name not in done and known[name])),
        unknown=tuple(name for name in done if name not in known),
    )


def in_words(names: Iterable[Name]) -> str:
    """Return migrations as one reads them."""
    return ", ".join(f"{app}.{name}" for app, name in names)


def latest(names: Iterable[Name]) -> str:
    """Return the last of each of our apps: what a state is called by."""
    newest: dict[str, str] = {}
    for app, name in names:
        newest[app] = max(name, newest.get(app, ""))
    return " ".join(f"{app}:{name[:4]}" for app, name in sorted(newest.items()))


def _known() -> dict[Name, bool]:
    """Return all migrations of this program, and whether each is one to apply."""
    loader = MigrationLoader(None)
    found = dict.fromkeys(loader.disk_migrations, True)
    for migration in loader.disk_migrations.values():
        for replaced in migration.replaces:
            found[replaced] = False
    return found
