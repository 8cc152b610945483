"""Values out of JSON that may hold anything: a wrong type counts as absent."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rostra.transfer.importers.mail_files import open_regular

type Json = dict[str, Any]

LONGEST = 64 * 1024 * 1024
_SURROGATES = re.compile("[\ud800-\udfff\x00]")


def load_json(file: Path) -> Any:
    """Return what a file holds, or None where it cannot be read as JSON."""
    try:
        with open_regular(file) as lines:
            raw = lines.read(LONGEST + 1)
        return json.loads(raw) if len(raw) <= LONGEST else None
    except (OSError, ValueError, RecursionError):
        return None


def items(data: Any, name: str) -> list[Json]:
    """Return the objects in a list that an object holds."""
    found = data.get(name) if isinstance(data, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def number(found: Any) -> int | None:
    """Return a whole number that is a sensible id or count, also from its digits."""
    if isinstance(found, str) and found.isascii() and found.isdigit():
        found = int(found[:19])
    if isinstance(found, bool) or not isinstance(found, int) or abs(found) >= 1 << 62:
        return None
    return found


def text(data: Json, name: str) -> str:
    """Return a text, or the digits of a number, or nothing."""
    found = data.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return _SURROGATES.sub("", found) if isinstance(found, str) else ""


def flag(data: Json, name: str) -> bool:
    """Tell whether something is said to be so."""
    return data.get(name) is True


def time_of(data: Json, name: str) -> datetime | None:
    """Return a time in UTC, or None for one that is absent or impossible."""
    found = data.get(name)
    if not isinstance(found, str):
        return None
    try:
        when = datetime.fromisoformat(found)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return when if 1970 < when.year < 2100 else None


def slug_of(title: str) -> str:
    """Return a title as Discourse would write it in an address, where that is plain."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))
