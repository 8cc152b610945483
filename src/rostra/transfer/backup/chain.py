"""The moderation log's chain in a copy of the forum, which Django is not connected to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from rostra.forum.modlog import chain

ENTRIES = ("n", "at", "kind", "board_id", "thread_id", "post_id", "public", "hash")
TEXTS = ("entry_id", "field", "salt", "value")

FIRST_PREV = chain.FIRST_PREV

type Head = tuple[int, str]


def fault_of(
    entries: Iterable[tuple[Any, ...]],
    texts_of: Callable[[int], Iterable[tuple[Any, ...]]],
    head: Head,
) -> str | None:
    """Check the whole chain; return what is wrong. `entries` come in order, as in ENTRIES."""
    last = 0

    def links() -> Iterator[chain.Link]:
        nonlocal last
        for row in entries:
            last = int(row[0])
            yield _link(row, texts_of(last))

    n, hash_ = head
    fault = chain.first_fault(links(), checkpoints={n: hash_} if n else {})
    if fault is not None:
        return f"the moderation log is broken at entry {fault.n}: {fault.reason.replace('_', ' ')}"
    return f"the moderation log goes on beyond its head {n}" if last > n else None


def _link(row: tuple[Any, ...], texts: Iterable[tuple[Any, ...]]) -> chain.Link:
    n, at, kind, board, thread, post, public, hash_ = row
    stored = json.loads(public)
    moment = datetime.fromisoformat(at)
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    beside = {"kind": kind, "board": board, "thread": thread, "post": post}
    entry = dict(stored)
    for key, value in (beside | {"at": moment.isoformat()}).items():
        if entry.get(key) != value:
            entry[key] = value
    commits = {"reason": stored.get("commit", ""), **(stored.get("commits") or {})}
    opened = tuple(
        (str(commits.get(name, "")), bytes(salt), str(value)) for _, name, salt, value in texts
    )
    return chain.Link(n=int(n), entry=entry, hash=hash_, opened=opened)
