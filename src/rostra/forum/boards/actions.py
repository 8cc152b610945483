"""The ways to change the tree of boards."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.boards.models import Board
from rostra.forum.boards.queries import VERSION
from rostra.kernel import text, versions
from rostra.kernel.errors import Invalid


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
    title = text.one_line(title)
    if text.is_blank(title):
        raise Invalid({"title": "empty"})
    if len(title) > 120:
        raise Invalid({"title": "too_long"})
    if parent_id is not None and not Board.objects.filter(id=parent_id).exists():
        raise Invalid({"parent": "no_such_board"})
    board = Board.objects.create(
        title=title,
        parent_id=parent_id,
        description=description,
        position=position,
        is_category=is_category,
    )
    versions.raise_version(VERSION)
    return board
