"""Attributions as JSON gives them: read, with every fault named by its place. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rostra.forum.claims.status import MODALITIES, PARTIES, STANCES, Attribution

MOST = 100_000


class Unreadable(ValueError):
    """What is wrong, in words for who wrote the file."""


def attributions_of(document: Any) -> list[Attribution]:
    """Return the attributions of a document `{"attributions": [...]}`; raises Unreadable.

    Of each: `speaker` or `root` (who stands for whom; else the speaker alone), `stance`, `said_at`
    (ISO 8601, or a number that grows with time); further `party`, `modality`, `details` (`given`,
    `none_given`), `state` (only `active` counts). `quote_check`, where it is said at all, must be
    `verified` for an entry to be backed, unless `confirmed_by` names somebody.
    """
    rows = document.get("attributions") if isinstance(document, Mapping) else None
    if not isinstance(rows, list):
        raise Unreadable('the file must be an object with a list "attributions"')
    if len(rows) > MOST:
        raise Unreadable(f"more than {MOST:,} attributions")
    return [_attribution(row, f"attribution {number}") for number, row in enumerate(rows, 1)]


def _attribution(row: Any, where: str) -> Attribution:
    if not isinstance(row, Mapping):
        raise Unreadable(f"{where} is not an object")
    root = row.get("root") or row.get("speaker")
    if not isinstance(root, str) or not root.strip():
        raise Unreadable(f'{where} has neither a "root" nor a "speaker"')
    check = row.get("quote_check")
    return Attribution(
        root=root.strip(),
        stance=_one_of(row, "stance", STANCES, None, where),
        said_at=_moment(row.get("said_at"), where),
        party=_one_of(row, "party", PARTIES, "unknown", where),
        modality=_one_of(row, "modality", MODALITIES, "stated", where),
        has_details=_one_of(row, "details", ("given", "none_given"), "given", where) == "given",
        is_backed=check in (None, "verified") or bool(row.get("confirmed_by")),
        counts=_one_of(row, "state", ("active", "disputed", "withdrawn"), "active", where)
        == "active",
    )


def _one_of(
    row: Mapping[str, Any], field: str, values: tuple[str, ...], default: str | None, where: str
) -> Any:
    value = row.get(field, default)
    if value not in values:
        said = "is missing" if value is None else f"is {value!r}"
        raise Unreadable(f'{where}: "{field}" {said}; it is one of {", ".join(values)}')
    return value


def _moment(value: Any, where: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable(
            f'{where}: "said_at" is {value!r}; it is a date like 2026-11-20T07:10Z, or a number'
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
