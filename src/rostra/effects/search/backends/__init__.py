"""One file a database: how words are kept there and asked for."""

from types import ModuleType

from rostra.effects.search.backends import postgres, sqlite
from rostra.kernel import dialect


def backend() -> ModuleType:
    """Return the one of the database that answers."""
    return postgres if dialect.current() == "postgresql" else sqlite
