"""Who is looking. Built once per request; every rule and query takes one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from rostra.forum.access.limits import InForce, Limit
from rostra.forum.members.looks import PLAIN, Look
from rostra.kernel.errors import Refused
from rostra.kernel.verdict import Verdict

type Verb = Literal["see", "read", "start", "reply", "react", "attach", "moderate"]

VERBS: tuple[Verb, ...] = ("see", "read", "start", "reply", "react", "attach", "moderate")
CAPABILITIES = (
    "manage_access", "manage_boards", "manage_members", "sanction_members", "see_networks",
)  # fmt: skip
MANAGING = frozenset({"manage_access", "manage_boards", "manage_members"})
NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member or a guest, with all they may do already worked out.

    grants: verb → ids of the boards where it is granted.
    """

    member_id: int | None = None
    name: str = ""
    avatar: str = ""  # key of their picture
    per_page: int = 20
    suspended_until: datetime | None = None
    grants: Mapping[str, frozenset[int]] = field(default_factory=dict)
    capabilities: frozenset[str] = frozenset()
    look: Look = PLAIN
    bell: int = 0  # what they were told and have not read
    unread_conversations: int = 0
    read_before: datetime | None = None  # nothing older is unread to them
    ignored: frozenset[int] = NONE  # members whose words are not to be shown
    rests: bool = False  # the forum is in read-only mode, and this is no administrator
    lacks_second_factor: bool = False  # and is without the rights of the groups that need one
    boards_version: int = 0  # of the tree and grants all this was worked out from
    dismissed: frozenset[int] = NONE  # notices that they want to see no more
    limits: tuple[InForce, ...] = ()  # of theirs that hold; what they take is not in `grants`
    limits_kept: str = ""  # as their row had it when this was worked out

    @property
    def is_guest(self) -> bool:
        return self.member_id is None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None

    @property
    def barred(self) -> str:
        """Why the viewer may change nothing, as a reason code; "" for who may."""
        if self.is_suspended:
            return "suspended"
        if self.rests:
            return "forum_rests"
        is_reader = any(one.limit.kind == "read_only" and one.boards is None for one in self.limits)
        return "read_only" if is_reader else ""

    @property
    def boards(self) -> frozenset[int]:
        """The boards this viewer may know of."""
        return self.grants.get("see", NONE)

    @property
    def readable(self) -> frozenset[int]:
        """The boards whose threads this viewer may read."""
        return self.grants.get("read", NONE)

    def require_member(self) -> int:
        """Return the member's id; refuse a guest."""
        if self.member_id is None:
            raise Refused("log_in_first")
        return self.member_id

    def can(self, verb: Verb, board_id: int) -> bool:
        """Return whether this viewer may do `verb` in the board."""
        return board_id in self.grants.get(verb, NONE)

    def limit_on(
        self, verb: str, board_id: int | None = None, thread_id: int | None = None
    ) -> Limit | None:
        """Return the limit that takes a verb away in a place; None where none does."""
        for one in self.limits:
            if verb in one.limit.taken and one.holds_in(board_id, thread_id):
                return one.limit
        return None

    def limits_on(
        self, verbs: Collection[str], board_id: int | None = None, thread_id: int | None = None
    ) -> tuple[Limit, ...]:
        """Return all limits that hold in a place of these verbs, of the pace, or of everything."""
        return tuple(
            one.limit
            for one in self.limits
            if one.holds_in(board_id, thread_id)
            and (
                one.limit.kind != "limit"
                or one.limit.a_day is not None
                or one.limit.wait is not None
                or not set(verbs).isdisjoint(one.limit.verbs)
            )
        )

    def barred_in(self, board_id: int) -> str:
        """Return why the viewer may change nothing in a board; "" for who may."""
        if self.barred:
            return self.barred
        may_only_read = any(
            one.limit.kind == "read_only" and one.holds_in(board_id, None) for one in self.limits
        )
        return "limited" if may_only_read else ""

    def denied(self, verb: Verb, board_id: int, otherwise: str) -> Verdict:
        """Return why the viewer lacks a verb in a board: a limit of theirs, or `otherwise`."""
        return Verdict("limited" if self.limit_on(verb, board_id) else otherwise)


class GrantRow(NamedTuple):
    """One group may do one thing in one board (and below, where boards have no rows)."""

    board_id: int
    group_id: int
    verb: str


def governing(parents: Mapping[int, int | None], own: Collection[int]) -> dict[int, int | None]:
    """Return for each board the board whose rows hold there: itself, or the nearest above.

    parents: board → parent; own: boards that have rows of their own, be they none.
    """
    found: dict[int, int | None] = {}
    for board_id in parents:
        at: int | None = board_id
        seen: set[int] = set()
        while at is not None and at not in own and at not in seen:
            seen.add(at)
            at = parents.get(at)
        found[board_id] = at if at in own else None
    return found


def grants_of(
    groups: Collection[int],
    rows: Iterable[GrantRow],
    governed_by: Mapping[int, int | None],
    parents: Mapping[int, int | None],
) -> dict[str, frozenset[int]]:
    """Return verb → boards for somebody in these groups. Additive: more groups, never less.

    Every verb needs `see`, all but `see` need `read`; a board is seen only if its parents are,
    so that no private title shows through a public child.
    """
    by_board: dict[int, set[str]] = {}
    for row in rows:
        if row.group_id in groups:
            by_board.setdefault(row.board_id, set()).add(row.verb)
    found: dict[str, set[int]] = {verb: set() for verb in VERBS}
    for board_id, governor in governed_by.items():
        verbs = by_board.get(governor, set()) if governor is not None else set()
        if "see" not in verbs:
            continue
        kept = verbs if "read" in verbs else {"see"}
        for verb in kept & set(VERBS):
            found[verb].add(board_id)
    hidden = {b for b in parents if not _is_seen_from_root(b, found["see"], parents)}
    return {verb: frozenset(boards - hidden) for verb, boards in found.items()}


def _is_seen_from_root(
    board_id: int, seen: Collection[int], parents: Mapping[int, int | None]
) -> bool:
    at: int | None = board_id
    steps = 0
    while at is not None and steps <= len(parents):
        if at not in seen:
            return False
        at = parents.get(at)
        steps += 1
    return True
