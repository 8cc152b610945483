"""The ways to change the tree of boards."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError

from rostra.forum.boards.models import Board
from rostra.forum.boards.queries import VERSION
from rostra.kernel import text, versions
from rostra.kernel.errors import Invalid, NotFound

TITLE_LENGTH = 120
DESCRIPTION_LENGTH = 500


@transaction.atomic
def create_board(
    title: str,
    *,
    parent_id: int | None = None,
    description: str = "",
    position: int = 0,
    is_category: bool = False,
) -> Board:
    """Make a board or category; without grants of its own it inherits its parent's."""
    versions.raise_version(VERSION)  # first, for it locks a row: one change after another
    board = Board(title="", is_category=is_category)
    _set(board, title, description, parent_id, position)
    board.save()
    return board


@transaction.atomic
def change_board(
    board_id: int, title: str, *, parent_id: int | None, description: str, position: int
) -> Board:
    """Call a board otherwise, or put it elsewhere in the tree. Raises NotFound, Invalid."""
    versions.raise_version(VERSION)
    board = Board.objects.filter(id=board_id).first()
    if board is None:
        raise NotFound
    _set(board, title, description, parent_id, position)
    board.save()
    return board


@transaction.atomic
def delete_board(board_id: int) -> Board:
    """Delete a board in which nothing is, no thread and no board. Raises NotFound, Invalid."""
    versions.raise_version(VERSION)
    board = Board.objects.filter(id=board_id).first()
    if board is None:
        raise NotFound
    if Board.objects.filter(parent=board).exists():
        raise Invalid({"board": "board_not_empty"})
    try:
        board.delete()
    except ProtectedError:
        raise Invalid({"board": "board_not_empty"}) from None
    return board


def _set(board: Board, title: str, description: str, parent_id: int | None, position: int) -> None:
    """Put these into a board; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    title, description = text.one_line(title), text.one_line(description)
    if text.is_blank(title):
        wrong["title"] = "empty"
    elif len(title) > TITLE_LENGTH:
        wrong["title"] = "too_long"
    if len(description) > DESCRIPTION_LENGTH:
        wrong["description"] = "too_long"
    if parent_id is not None and not _may_stand_below(board, parent_id):
        wrong["parent"] = "no_such_board"
    if not -10_000 <= position <= 10_000:
        wrong["position"] = "not_a_choice"
    if wrong:
        raise Invalid(wrong)
    board.title, board.description = title, description
    board.parent_id, board.position = parent_id, position


def _may_stand_below(board: Board, parent_id: int) -> bool:
    """Return whether there is such a board, which is neither this one nor below it."""
    parents = dict(Board.objects.values_list("id", "parent_id"))
    at: int | None = parent_id
    while at is not None:
        if at not in parents or at == board.pk:
            return False
        at = parents[at]
    return True
