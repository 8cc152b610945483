"""Why can this member (not) do that? The answer, verb by verb, with every row that counts."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.forum.access import queries, rules
from rostra.forum.access.viewer import VERBS, Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.members.queries import ids_by_name
from rostra.kernel.errors import Invalid
from rostra.reading.front_page import whole_tree_of


@dataclass(frozen=True, slots=True)
class Answer:
    """One verb: whether it is allowed, and by which groups' rows."""

    verb: str
    is_allowed: bool
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessPage:
    """All the template needs."""

    boards: list[BoardRow]
    member_name: str
    board: BoardRow | None
    rows_of: BoardRow | None  # the board whose rows hold: itself or one above; None: none does
    answers: tuple[Answer, ...]
    hidden_by: tuple[BoardRow, ...]  # boards above that the member may not see


def access_page(viewer: Viewer, member_name: str, board_id: int | None) -> AccessPage:
    """Answer for a member (empty name: a guest) and a board; raises Refused and Invalid."""
    rules.may_manage_access(viewer).enforce()
    tree = whole_tree_of(viewer)
    boards = list(tree.in_order())
    if board_id is None:
        return AccessPage(boards, member_name, None, None, (), ())
    if board_id not in tree.rows:
        raise Invalid({"board": "no_such_board"})
    member_id = None
    if member_name:
        found = ids_by_name([member_name])
        if member_name not in found:
            raise Invalid({"member": "no_such_member"})
        member_id = found[member_name][0]
    granted = queries.grants_for(member_id)
    reasons = queries.reasons(member_id, board_id)
    governor = queries.governor_of(board_id)
    return AccessPage(
        boards=boards,
        member_name=member_name,
        board=tree.rows[board_id],
        rows_of=tree.rows[governor] if governor is not None else None,
        answers=tuple(
            Answer(
                verb=verb,
                is_allowed=board_id in granted[verb],
                groups=tuple(sorted({r.group for r in reasons if r.verb == verb})),
            )
            for verb in VERBS
        ),
        hidden_by=tuple(row for row in tree.path(board_id)[:-1] if row.id not in granted["see"]),
    )
