"""Writes an archive that `rostra import archive` restores exactly: claims come only that way."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rostra.forum.access.presets import table
from rostra.forum.members import names
from rostra.transfer.archive_format import FILES, FORMAT, HEAD, VERSION, canonical, kind_of, line_of
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    OtherRecord,
    PostRecord,
    Record,
    Skipped,
    ThreadRecord,
)

# What an empty forum has beside a corpus: its groups, and boards that all may read.
EVERYONE, MEMBERS, ADMINISTRATORS, MODERATORS = 1, 2, 3, 4
GROUPS = {
    EVERYONE: ("Everyone", "everyone"),
    MEMBERS: ("Members", "members"),
    ADMINISTRATORS: ("Administrators", "chosen"),
    MODERATORS: ("Moderators", "chosen"),
}


def write_exact(records: Iterable[Record | Skipped], folder: Path, origin: str) -> Counter[str]:
    """Write records and rows into a folder, and what was skipped beside them; count all by kind.

    Threads, posts and what is in rows (`OtherRecord`) have numbers for keys already; boards and
    members are given theirs here, and posts their places in their threads.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines: dict[str, list[str]] = {}
    skipped: list[Skipped] = []
    numbers = _Numbers()
    for record in records:
        if isinstance(record, Skipped):
            skipped.append(record)
        elif isinstance(record, OtherRecord):
            lines.setdefault(record.kind, []).append(canonical(record.data))
        else:
            name = FILES[kind_of(record)].removesuffix(".jsonl")
            lines.setdefault(name, []).append(line_of(numbers.numbered(record)))
    counts = Counter({name: len(found) for name, found in lines.items()})
    counts.update(f"skipped: {one.why}" for one in skipped)
    for name, row in _access(len(numbers.boards)):
        lines.setdefault(name, []).append(canonical(row))
    (folder / "skipped.tsv").write_text(
        "".join(f"{one.why}\t{one.what}\n" for one in skipped), encoding="utf-8"
    )
    head = {
        "format": FORMAT,
        "version": VERSION,
        "origin": origin,
        "exact": True,
        "files": {name: _write(folder / f"{name}.jsonl", found) for name, found in lines.items()},
    }
    (folder / HEAD).write_text(json.dumps(head, indent=1, sort_keys=True) + "\n")
    return counts


class _Numbers:
    """The numbers given to boards and members, and how many posts each thread has."""

    def __init__(self) -> None:
        self.boards: dict[str, str] = {}
        self.members: dict[str, str] = {}
        self.places: Counter[str] = Counter()
        self.names: set[str] = set()

    def numbered(self, record: Record) -> Record:
        match record:
            case BoardRecord():
                parent = None if record.parent is None else self.boards[record.parent]
                self.boards[record.id] = str(len(self.boards) + 1)
                return replace(record, id=self.boards[record.id], parent=parent)
            case MemberRecord():
                self.members[record.id] = str(len(self.members) + 1)
                return replace(record, id=self.members[record.id], name=self._free(record.name))
            case ThreadRecord():
                return replace(
                    record, board=self.boards[record.board], starter=self._member(record.starter)
                )
            case PostRecord():
                self.places[record.thread] += 1
                place = self.places[record.thread]
                return replace(record, number=place, author=self._member(record.author))
        return record

    def _member(self, key: str | None) -> str | None:
        return None if key is None else self.members[key]

    def _free(self, name: str) -> str:
        """Return a name that looks like none before it, as an import gives it."""
        free, n = name, 2
        while names.name_key(free) in self.names:
            free, n = names.numbered(name, n), n + 1
        self.names.add(names.name_key(free))
        return free


def _access(boards: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for group, (name, kind) in GROUPS.items():
        row = {"id": group, "name": name, "kind": kind}
        yield "groups", {**row, "capabilities": [], "needs_second_factor": False}
    granted = table(
        "public", everyone=EVERYONE, members=MEMBERS, staff=(ADMINISTRATORS, MODERATORS)
    )
    number = 0
    for board in range(1, boards + 1):
        yield "own_access", {"board_id": board}
        for group, verbs in granted.items():
            for verb in verbs:
                number += 1
                yield "grants", {"id": number, "board_id": board, "group_id": group, "verb": verb}


def _write(path: Path, lines: list[str]) -> dict[str, Any]:
    data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(data)
    return {"lines": len(lines), "sha256": hashlib.sha256(data).hexdigest()}
