"""The chain of the moderation log: commitments, canonical JSON, hashes. Pure.

An entry is a JSON object. Its hash is over the canonical form (sorted keys, "," and ":", UTF-8
unescaped), and the next entry carries that hash as `prev`: nobody can change, drop, insert or
reorder an entry without every later hash changing. What may have to be erased one day (a reason,
a name, the id of a person) enters only as a salted commitment; the plain value stands beside the
entry and can be deleted without touching the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

FIRST_PREV = "0" * 64
SALT_BYTES = 16
_WRITER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)


class Fault(NamedTuple):
    """Where the chain breaks first and how: `n` counts from 1."""

    n: int
    reason: str


class Link(NamedTuple):
    """One stored row as the check sees it.

    entry: the public fields, `n` and `prev` among them.
    hash: what was stored as its hash.
    opened: (commitment, salt, value) of each plain value still kept.
    """

    n: int
    entry: Mapping[str, Any]
    hash: str
    opened: tuple[tuple[str, bytes, str], ...] = ()


def commitment(salt: bytes, text: str) -> str:
    """Return the hex commitment to `text`: sha256 of salt and UTF-8 text."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def canonical(entry: Mapping[str, Any]) -> bytes:
    """Return the one byte form of an entry."""
    return _WRITER.encode(entry).encode()


def digest(entry: Mapping[str, Any]) -> str:
    """Return the hex hash of an entry."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def first_fault(
    links: Iterable[Link], *, checkpoints: Mapping[int, str] | None = None
) -> Fault | None:
    """Return the first bad entry of a whole log in order, or None.

    checkpoints: hashes by entry number that somebody saved before; they expose a log that was
    rewritten from some entry on, and a tail that was cut off.
    """
    saved = dict(checkpoints or {})
    prev, expected = FIRST_PREV, 1
    for link in links:
        if link.n != expected:
            return Fault(expected, "missing")
        if link.entry.get("n") != link.n or link.entry.get("prev") != prev:
            return Fault(link.n, "wrong_predecessor")
        if digest(link.entry) != link.hash:
            return Fault(link.n, "changed")
        for committed, salt, value in link.opened:
            if commitment(salt, value) != committed:
                return Fault(link.n, "text_changed")
        if saved.pop(link.n, link.hash) != link.hash:
            return Fault(link.n, "checkpoint_differs")
        prev, expected = link.hash, expected + 1
    if any(n >= expected for n in saved):
        return Fault(expected, "cut_off")
    return None
