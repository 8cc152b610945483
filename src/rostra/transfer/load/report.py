"""What an import found and what became of it: counts in = counts out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

KINDS = ("board", "member", "thread", "poll", "post", "reaction", "other")


@dataclass(slots=True)
class Report:
    """Counts by kind. read = written + already there + skipped, for every kind."""

    origin: str
    folder: Path
    read: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    renamed: int = 0  # members whose name was taken: "Name 2"
    seconds: float = 0.0
    _lines: TextIO | None = None

    def skip(self, kind: str, what: str, why: str) -> None:
        """Put down an item that was not taken over, and why."""
        self.skipped[kind] += 1
        self.reasons[why] += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._lines is None:
            self._lines = (self.folder / "skipped.jsonl").open("w", encoding="utf-8")
        row = {"kind": kind, "what": what, "why": why}
        self._lines.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")

    def is_balanced(self) -> bool:
        """Return whether everything read is accounted for."""
        return all(
            self.read[kind] == self.written[kind] + self.known[kind] + self.skipped[kind]
            for kind in self.read
        )

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "origin": self.origin,
            "seconds": round(self.seconds, 1),
            "balanced": self.is_balanced(),
            "counts": {
                kind: {
                    "read": self.read[kind],
                    "written": self.written[kind],
                    "already_there": self.known[kind],
                    "skipped": self.skipped[kind],
                }
                for kind in KINDS
                if self.read[kind]
            },
            "skipped_because": dict(sorted(self.reasons.items())),
            "skipped_items": str(self.folder / "skipped.jsonl") if self.reasons else None,
            "members_renamed": self.renamed,
        }

    def save(self) -> Path:
        """Write report.json beside the list of what was skipped; return its path."""
        if self._lines is not None:
            self._lines.close()
            self._lines = None
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "report.json"
        path.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1) + "\n")
        return path

    def in_words(self) -> str:
        """Return the report as a small table for a console."""
        lines = [f"{'':10}{'read':>10}{'written':>10}{'there':>10}{'skipped':>10}"]
        lines += [
            f"{kind:10}{self.read[kind]:>10,}{self.written[kind]:>10,}"
            f"{self.known[kind]:>10,}{self.skipped[kind]:>10,}"
            for kind in KINDS
            if self.read[kind]
        ]
        lines += [f"  {count:,} × {why}" for why, count in self.reasons.most_common()]
        if self.renamed:
            lines.append(f"  {self.renamed:,} members' names were taken: they got a number")
        return "\n".join(lines)
