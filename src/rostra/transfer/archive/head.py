"""What an archive says of itself, and whether it is true."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

FORMAT, VERSION = "rostra-archive", 1


class BrokenArchive(Exception):
    """The archive is not what its head says; nothing was changed."""


def head_of(path: Path) -> dict[str, Any]:
    """Return the archive's head; raises BrokenArchive."""
    try:
        head = json.loads((path / "archive.json").read_text())
    except (OSError, ValueError) as error:
        raise BrokenArchive(f"{path} holds no readable archive.json") from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BrokenArchive(f"{path} is not an archive of this forum's format")
    if head.get("version") != VERSION:
        raise BrokenArchive(f"version {head.get('version')} is not known here; known: {VERSION}")
    return head


def verify(path: Path) -> None:
    """Raise BrokenArchive unless every file is what the head says of it."""
    for name, facts in head_of(path).get("files", {}).items():
        digest = hashlib.sha256()
        try:
            with (path / f"{name}.jsonl").open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        except OSError as error:
            raise BrokenArchive(f"{name}.jsonl cannot be read") from error
        if digest.hexdigest() != facts.get("sha256"):
            raise BrokenArchive(f"{name}.jsonl is not what archive.json says of it")
