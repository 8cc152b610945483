"""The archive's lines: records as canonical JSON, the same bytes for the same record.

An archive is a folder with `archive.json` and one file of lines for each kind of record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, TypeAliasType, Union, get_args, get_origin, get_type_hints

from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    OtherRecord,
    PostRecord,
    ReactionRecord,
    Record,
    ThreadRecord,
)

FORMAT = "rostra-archive"
VERSION = 1
HEAD = "archive.json"

type Kind = Literal["board", "member", "thread", "post", "reaction", "other"]

CLASSES: dict[Kind, type[Record]] = {
    "board": BoardRecord,
    "member": MemberRecord,
    "thread": ThreadRecord,
    "post": PostRecord,
    "reaction": ReactionRecord,
    "other": OtherRecord,
}
# In the order in which they are read. A thread's posts stand together, in their order.
FILES: dict[Kind, str] = {
    "board": "boards.jsonl",
    "member": "members.jsonl",
    "thread": "threads.jsonl",
    "post": "posts.jsonl",
    "reaction": "reactions.jsonl",
    "other": "others.jsonl",
}

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z", re.ASCII)


def head_of(origin: str) -> str:
    """Write the head of an archive."""
    return canonical({"format": FORMAT, "version": VERSION, "origin": origin}) + "\n"


def kind_of(record: Record) -> Kind:
    """Return the kind of a record."""
    return next(kind for kind, found in CLASSES.items() if type(record) is found)


def line_of(record: Record) -> str:
    """Write a record as canonical JSON on one line, without what is as by default."""
    data: dict[str, Any] = {}
    for item in fields(record):
        found = getattr(record, item.name)
        if not _is_default(item, found):
            data[item.name] = _plain(found)
    return canonical(data)


def record_of(kind: Kind, line: str) -> Record:
    """Read a record; raise ValueError with a sentence for a line that is not one."""
    data = _object(line)
    readers = _readers(kind)
    values: dict[str, Any] = {}
    for name, found in data.items():
        if name not in readers:
            raise ValueError(f"A {kind} has no field “{_printable(name[:60])}”.")
        try:
            values[name] = readers[name](found)
        except (TypeError, ValueError):
            raise ValueError(f"The field “{name}” of a {kind} cannot be {found!r:.60}.") from None
    try:
        return CLASSES[kind](**values)
    except TypeError:
        missing = sorted(_required(CLASSES[kind]) - set(values))
        raise ValueError(f"A {kind} lacks its field “{', '.join(missing)}”.") from None


def canonical(data: Any) -> str:
    """Write JSON in one way only: sorted keys, no spaces, characters as themselves."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _object(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("The line is not JSON.") from None
    if not isinstance(data, dict):
        raise ValueError("The line is not a JSON object.")
    return data


def _printable(text: str) -> str:
    """Return a text that any console and file takes."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _is_default(item: Field[Any], found: Any) -> bool:
    if item.default_factory is not MISSING:
        return bool(found == item.default_factory())
    return bool(item.default is not MISSING and found == item.default)


def _plain(found: Any) -> Any:
    if isinstance(found, datetime):
        return found.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
    return list(found) if isinstance(found, tuple) else found


def _required(kind: type[Record]) -> set[str]:
    return {
        item.name
        for item in fields(kind)
        if item.default is MISSING and item.default_factory is MISSING
    }


type _Reader = Callable[[Any], Any]


@cache
def _readers(kind: Kind) -> dict[str, _Reader]:
    hints = get_type_hints(CLASSES[kind])
    return {item.name: _reader(hints[item.name]) for item in fields(CLASSES[kind])}


def _reader(hint: Any) -> _Reader:
    """Return a function that checks a value of JSON against a type, and gives it that type."""
    if isinstance(hint, TypeAliasType):
        return _reader(hint.__value__)
    origin = get_origin(hint)
    if origin is Literal:
        return lambda found: _one_of(found, get_args(hint))
    if origin is tuple:
        return lambda found: tuple(_text(item) for item in _instance(found, list))
    if origin is dict:
        return lambda found: _instance(found, dict)
    if _is_union(hint):
        inner = _reader(next(part for part in get_args(hint) if part is not type(None)))
        return lambda found: None if found is None else inner(found)
    return {str: _text, datetime: _time, bool: _flag, int: _number}[hint]


def _is_union(hint: Any) -> bool:
    return get_origin(hint) is Union or type(hint).__name__ in ("UnionType", "Union")


def _instance[T](found: Any, kind: type[T]) -> T:
    if not isinstance(found, kind):
        raise TypeError
    return found


def _one_of(found: Any, choices: tuple[Any, ...]) -> Any:
    if not isinstance(found, str) or found not in choices:
        raise ValueError
    return found


def _text(found: Any) -> str:
    text = _instance(found, str)
    text.encode()  # a lone surrogate is no text
    return text


def _flag(found: Any) -> bool:
    return _instance(found, bool)


def _number(found: Any) -> int:
    if isinstance(found, bool) or abs(_instance(found, int)) >= 1 << 63:
        raise ValueError
    return int(found)


def _time(found: Any) -> datetime:
    if not _TIME.fullmatch(_instance(found, str)):
        raise ValueError
    return datetime.fromisoformat(found)
