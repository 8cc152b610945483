"""Reading the settings: what each is now, what it would be, and where that comes from."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Literal, NamedTuple

from django.conf import settings

from rostra.forum.choices import rules
from rostra.forum.choices.rules import Setting
from rostra.kernel import chosen

# Of these only whether they are set is shown: they are secret, or may hold what is.
UNSHOWN = frozenset({"secret_key", "database_url", "mail_url", "upload_store", "oidc", "oauth"})

type Origin = Literal["default", "chosen", "file", "environment"]


class Value(NamedTuple):
    """A setting as it stands."""

    setting: Setting
    now: str
    default: str
    origin: Origin

    @property
    def is_fixed(self) -> bool:
        """Whether it is set where the forum is started, so that nothing can be chosen here."""
        return self.origin in ("file", "environment")


class OfMachine(NamedTuple):
    """A setting of the machine's. `now` None: it is set, and not to be seen."""

    name: str
    now: str | None
    origin: Origin


def values() -> dict[str, Value]:
    """Return all settings that can be chosen, by name, in order; as they stand. One query."""
    kept = chosen.kept()
    found = {}
    for setting in rules.SETTINGS:
        start = str(getattr(settings.ROSTRA_AT_START, setting.name))
        origin = _origin(setting.name, "chosen" if setting.name in kept else "default")
        now = kept[setting.name] if origin == "chosen" else start
        found[setting.name] = Value(setting, now, default_of(setting.name), origin)
    return found


def default_of(name: str) -> str:
    """Return what a setting is where nobody set it."""
    return next(
        str(field.default) for field in fields(settings.ROSTRA_AT_START) if field.name == name
    )


def of_machine() -> list[OfMachine]:
    """Return the settings that cannot be chosen here, without what is secret in them."""
    found = []
    for field in fields(settings.ROSTRA_AT_START):
        if field.name in rules.BY_NAME:
            continue
        now = str(getattr(settings.ROSTRA_AT_START, field.name))
        shown = None if now and field.name in UNSHOWN else now
        found.append(OfMachine(field.name, shown, _origin(field.name, "default")))
    return found


def _origin(name: str, otherwise: Origin) -> Origin:
    found: Any = settings.ROSTRA_SET.get(name, otherwise)
    return found  # type: ignore[no-any-return]
