"""Reading boards."""

from rostra.forum.boards import tree
from rostra.forum.boards.models import Board
from rostra.kernel import versions

VERSION = "boards"

_kept: tuple[int, tree.Tree] | None = None


def whole_tree(version: int | None = None) -> tree.Tree:
    """Return the tree; from memory while its version stands. One query, two after a change.

    `version`: the version of boards, where the caller has just read it.
    """
    global _kept
    if version is None:
        version = versions.current(VERSION)
    kept = _kept
    if kept is not None and kept[0] == version:
        return kept[1]
    fresh = tree.plant(
        tree.BoardRow(*row) for row in Board.objects.values_list(*tree.BoardRow._fields)
    )
    _kept = (version, fresh)
    return fresh


def forget() -> None:
    """Drop what is kept in memory; for tests, which roll versions back."""
    global _kept
    _kept = None
