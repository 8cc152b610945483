"""Versions: what is kept in a process's memory is good as long as its version stands."""

from django.db.models import F

from rostra.kernel import dialect
from rostra.kernel.models import Version


def current(name: str) -> int:
    """Return the version of `name`; one query."""
    found = dialect.recall("SELECT value FROM kernel_version WHERE name = %s", [name])
    return int(found[0][0]) if found else 0


def raise_version(name: str) -> None:
    """Raise the version of `name`, inside the transaction that changes the thing."""
    if not Version.objects.filter(name=name).update(value=F("value") + 1):
        Version.objects.bulk_create([Version(name=name, value=1)], ignore_conflicts=True)
