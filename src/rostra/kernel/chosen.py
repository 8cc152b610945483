"""Settings that people chose while the site runs: rows, in force in every process.

`settings.ROSTRA` is the one way of asking. It holds what the process was started with; `refresh`
puts what was chosen over that, by replacing the whole of it. What the machine's operator set, in
the file or the environment (`settings.ROSTRA_SET`), stays as it was set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

from django.conf import settings

from rostra.kernel.models import Chosen

_lock = Lock()
_version: int | None = None
_applied: Mapping[str, Any] = {}


def refresh(version: int | None = None) -> None:
    """Have `settings.ROSTRA` hold what is chosen; one query.

    version: a number that the caller has just read, and that rises with every choice: nothing is
    asked while it stands.
    """
    global _version, _applied
    if version is not None and version == _version:
        return
    with _lock:
        chosen = {
            name: _as_set(name, value)
            for name, value in kept().items()
            if name not in settings.ROSTRA_SET and hasattr(settings.ROSTRA_AT_START, name)
        }
        changed = {name: value for name, value in chosen.items() if value != _applied.get(name)}
        changed |= {
            name: getattr(settings.ROSTRA_AT_START, name) for name in _applied.keys() - chosen
        }
        if changed:
            settings.ROSTRA = replace(settings.ROSTRA, **changed)
        _version, _applied = version, chosen


def kept() -> dict[str, str]:
    """Return what was chosen, as text, whether it is in force or not. One query."""
    return dict(Chosen.objects.values_list("name", "value"))


def keep(name: str, value: str | None) -> None:
    """Keep what was chosen, inside the transaction that raises the version; None: nothing."""
    if value is None:
        Chosen.objects.filter(name=name).delete()
    else:
        Chosen.objects.update_or_create(name=name, defaults={"value": value})


def forget() -> None:
    """Have `settings.ROSTRA` be as it was at the start; for tests, which roll choices back."""
    global _version, _applied
    if _applied:
        settings.ROSTRA = settings.ROSTRA_AT_START
    _version, _applied = None, {}


def _as_set(name: str, value: str) -> Any:
    """Return a value of the type that the setting has."""
    return type(getattr(settings.ROSTRA_AT_START, name))(value)
