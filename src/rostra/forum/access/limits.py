"""What of a member's is limited: as it is kept on their row, and where it holds. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

type Kind = Literal["limit", "read_only", "suspend", "ban"]
type Limitable = Literal["start", "reply", "react", "attach", "links", "report", "messages"]

LIMITABLE: tuple[Limitable, ...] = (
    "start", "reply", "react", "attach", "links", "report", "messages",
)  # fmt: skip
ANYWHERE: frozenset[Limitable] = frozenset({"report", "messages"})  # done in no board
# What who may only read does not do. To report what breaks the rules stays open.
WRITING: tuple[Limitable, ...] = ("start", "reply", "react", "attach", "links", "messages")


class Limit(NamedTuple):
    """A limit of a member's, until it ends or is lifted.

    n: the entry of the log that set it, whose statement says why. verbs: what it takes away.
    a_day, wait: posts in 24 hours, seconds between two.
    """

    n: int
    kind: Kind
    until: datetime | None  # None: without an end
    rule: str
    verbs: tuple[str, ...] = ()
    board_id: int | None = None  # with what lies below; None: everywhere
    thread_id: int | None = None
    a_day: int | None = None
    wait: int | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether it is in force; it falls off by itself."""
        return self.until is None or self.until > now

    @property
    def taken(self) -> tuple[str, ...]:
        """The verbs it takes away."""
        return WRITING if self.kind == "read_only" else self.verbs


class InForce(NamedTuple):
    """A limit with the boards where it holds; None: in all of them."""

    limit: Limit
    boards: frozenset[int] | None

    def holds_in(self, board_id: int | None, thread_id: int | None) -> bool:
        """Return whether it holds in a place; a board of None: in none in particular."""
        if self.limit.thread_id is not None:
            return self.limit.thread_id == thread_id
        return self.boards is None or board_id in self.boards


def as_kept(limits: Iterable[Limit]) -> str:
    """Return limits as a member's row keeps them, "" for none."""
    rows = [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in limit._asdict().items()
            if value not in (None, ())
        }
        for limit in sorted(limits)
    ]
    return json.dumps(rows, separators=(",", ":"), sort_keys=True) if rows else ""


@lru_cache(maxsize=1024)
def kept_in(text: str) -> tuple[Limit, ...]:
    """Return the limits that a member's row keeps, those that have ended among them."""
    return tuple(_limit(row) for row in json.loads(text)) if text else ()


def in_force(text: str, now: datetime, parents: Mapping[int, int | None]) -> tuple[InForce, ...]:
    """Return the limits of a member's row that hold, each with the boards where it does.

    parents: board → the one it lies in.
    """
    return tuple(
        InForce(limit, None if limit.board_id is None else below(limit.board_id, parents))
        for limit in kept_in(text)
        if limit.holds(now)
    )


def below(board_id: int, parents: Mapping[int, int | None]) -> frozenset[int]:
    """Return a board with all that lie below it."""
    found = {board_id}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return frozenset(found)


def without(
    grants: Mapping[str, frozenset[int]], limits: Iterable[InForce]
) -> Mapping[str, frozenset[int]]:
    """Return verb → boards without what limits take away; who may only read moderates nothing."""
    left = dict(grants)
    for one in limits:
        if one.limit.thread_id is not None:
            continue
        taken = (*one.limit.taken, *(("moderate",) if one.limit.kind == "read_only" else ()))
        for verb in set(taken) & left.keys():
            left[verb] = frozenset() if one.boards is None else left[verb] - one.boards
    return left


def _limit(row: dict[str, Any]) -> Limit:
    until = row.get("until")
    return Limit(
        **{
            "until": None,
            **row,
            "verbs": tuple(row.get("verbs", ())),
            **({"until": datetime.fromisoformat(until)} if until else {}),
        }
    )
