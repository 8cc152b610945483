"""Where uploads lie: a folder beside the database, or a bucket. Names are ours, made of keys.

What other sites' pictures are made into lies apart, in a folder that no backup takes: they can be
fetched again.

What `put` has returned from is kept. A name is `ab/KEY` or `ab/KEY-1`: it begins with the key's
first two letters, so that no folder has too many files in it, and they can be walked in parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from django.conf import settings

from rostra.content.media import bucket, folder

PARTS = 256  # beginnings
_REMOTE = "remote/"


class Place(Protocol):
    """What keeps files."""

    def put(self, name: str, data: bytes) -> None: ...
    def get(self, name: str) -> bytes: ...
    def has(self, name: str) -> bool: ...
    def drop(self, name: str) -> None: ...
    def older_than(self, seconds: float, part: int) -> Iterator[str]: ...


def name_of(key: str, step: int = 0) -> str:
    """Return under which name the largest (0) or a smaller size of an upload lies."""
    return f"{key[:2]}/{key}-{step}" if step else f"{key[:2]}/{key}"


def remote_name_of(key: str, step: int = 0) -> str:
    """Return under which name a size of another site's picture lies."""
    return f"{_REMOTE}{name_of(key, step)}"


def put(name: str, data: bytes) -> None:
    """Keep a file whole, or nothing; raises OSError, or TooMany where it can be tried again."""
    _place(name).put(name, data)


def get(name: str) -> bytes:
    """Return what a file holds; raises NotFound, and says so to the operator; TooMany."""
    return _place(name).get(name)


def has(name: str) -> bool:
    """Return whether there is such a file."""
    return _place(name).has(name)


def drop(name: str) -> None:
    """Delete a file; one that is gone already is as well."""
    _place(name).drop(name)


def older_than(seconds: float, part: int) -> Iterator[str]:
    """Yield the names in one of the PARTS that were written longer ago than that."""
    return _place().older_than(seconds, part)


def _place(name: str = "") -> Place:
    address: str = settings.ROSTRA.upload_store
    if address:
        return bucket.at(address)
    data = settings.ROSTRA.data
    return folder.Folder(data if name.startswith(_REMOTE) else data / "uploads")
