"""The tree of boards as plain values. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class BoardRow(NamedTuple):
    """A board or category."""

    id: int
    parent_id: int | None
    title: str
    description: str
    position: int
    is_category: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """All boards, each list of children in order."""

    rows: Mapping[int, BoardRow]
    children: Mapping[int | None, tuple[int, ...]]

    def path(self, board_id: int) -> list[BoardRow]:
        """Return the board with its ancestors, outermost first."""
        found: list[BoardRow] = []
        at: int | None = board_id
        while at is not None and at in self.rows and len(found) <= len(self.rows):
            found.append(self.rows[at])
            at = self.rows[at].parent_id
        return found[::-1]

    def within(self, board_id: int | None, allowed: Collection[int]) -> Iterator[BoardRow]:
        """Yield the allowed children in order."""
        for child in self.children.get(board_id, ()):
            if child in allowed:
                yield self.rows[child]

    def below(self, board_id: int, allowed: Collection[int]) -> list[int]:
        """Return the ids of the board and everything allowed below it."""
        found = [board_id]
        for row in self.within(board_id, allowed):
            found.extend(self.below(row.id, allowed))
        return found

    def in_order(self, board_id: int | None = None) -> Iterator[BoardRow]:
        """Yield all boards below, parents before children."""
        for child in self.children.get(board_id, ()):
            yield self.rows[child]
            yield from self.in_order(child)


def plant(boards: Iterable[BoardRow]) -> Tree:
    """Return the tree of these boards."""
    rows = {board.id: board for board in boards}
    children: dict[int | None, list[BoardRow]] = {}
    for board in rows.values():
        children.setdefault(board.parent_id, []).append(board)
    return Tree(
        rows=rows,
        children={
            parent: tuple(b.id for b in sorted(found, key=lambda b: (b.position, b.id)))
            for parent, found in children.items()
        },
    )
