"""Who was erased, beside the database: what an older backup brings back is erased again (REL-053).

A line holds a member's number and salted hashes of the names they had, never a name: it says
whether a member of a restored forum is the one who was erased.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from rostra.forum.members.names import name_key

FILE = "erased.jsonl"


class Line(NamedTuple):
    """One member who was erased, and in which way."""

    member: int
    choice: str
    posts: list[int]
    salt: str
    names: list[str]

    def is_of(self, names: Collection[str]) -> bool:
        """Return whether one of these names is one that this member had."""
        return any(_hash(self.salt, name) in self.names for name in names)


def path() -> Path:
    """Return where the ledger lies."""
    data: Path = settings.ROSTRA.data
    return data / FILE


def write(member_id: int, choice: str, posts: list[int], names: Collection[str]) -> None:
    """Add a member, on the disk when this returns."""
    salt = secrets.token_hex(16)
    line = Line(member_id, choice, posts, salt, [_hash(salt, name) for name in names])
    with path().open("a", encoding="utf-8") as file:
        file.write(json.dumps(line._asdict()) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines() -> Iterator[Line]:
    """Yield who was erased, the first one first; a line that was cut off is passed over."""
    if not path().exists():
        return
    for text in path().read_text(encoding="utf-8").splitlines():
        try:
            yield Line(**json.loads(text))
        except (ValueError, TypeError):
            continue


def _hash(salt: str, name: str) -> str:
    return hashlib.sha256(f"{salt}{name_key(name)}".encode()).hexdigest()
