"""The tree of boards and who may do what there, with a look through a member's eyes first."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.access import presets, queries, rules
from rostra.forum.access.actions import Place, add_board, close_board, edit_board, set_access
from rostra.forum.access.viewer import VERBS
from rostra.forum.boards.queries import whole_tree
from rostra.forum.boards.tree import BoardRow, Tree
from rostra.forum.members.groups import ensure_groups
from rostra.forum.members.queries import groups, id_of_name
from rostra.kernel.errors import Invalid, NotFound
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest
from rostra.web.staff.words import in_words

FORM = ("title", "description", "parent", "position", "is_category", "reason", "do")


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """Show the tree, with the ways to change it."""
    rules.may_manage_boards(request.viewer).enforce()
    tree = whole_tree()
    context = {
        "in_words": in_words,
        "rows": [(row, len(tree.path(row.id)) - 1) for row in tree.in_order()],
        "own": queries.own_access(),
        "may_set_access": bool(rules.may_manage_access(request.viewer)),
    }
    return render(request, "staff/boards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: RostraRequest) -> HttpResponse:
    """Open a board or a category."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: RostraRequest, board_id: int) -> HttpResponse:
    """Call a board otherwise, put it elsewhere, or take it away where nothing is in it."""
    rules.may_manage_boards(request.viewer).enforce()
    row = whole_tree().rows.get(board_id)
    if row is None:
        raise NotFound
    return _form(request, row)


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: RostraRequest, board_id: int) -> HttpResponse:
    """Set who may do what in a board; a preview shows first what it comes to for somebody."""
    rules.may_manage_access(request.viewer).enforce()
    tree = whole_tree()
    if board_id not in tree.rows:
        raise NotFound
    has_above = tree.rows[board_id].parent_id is not None  # or there is nothing to inherit
    known = groups()
    names = [f"{group.id}-{verb}" for group in known for verb in VERBS]
    values = {"reason": "", "member": "", "do": "", "inherits": "", "preset": ""}
    error: Expected | None = None
    seen: list[tuple[str, bool, bool]] = []
    if request.method == "POST":
        values = fields(request, *values, *names)
        values["inherits"] = values["inherits"] if has_above else ""
        table = _table(values, [group.id for group in known])
        try:
            if values["do"] == "preset":
                table = _preset(values["preset"])
                values["inherits"] = ""
            elif values["do"] == "preview":
                seen = _seen_by(values["member"], board_id, table)
            else:
                set_access(request.viewer, board_id, table, reason=values["reason"])
                return see_other("/staff/boards")
        except EXPECTED as refused:
            error = refused
    else:
        table = {group: tuple(verbs) for group, verbs in queries.grant_table(board_id).items()}
        values["inherits"] = "1" if has_above and board_id not in queries.own_access() else ""
    context = {
        "in_words": in_words,
        "board": tree.rows[board_id],
        "path": tree.path(board_id),
        "groups": known,
        "verbs": VERBS,
        "table": table or {},
        "has_above": has_above,
        "presets": presets.PRESETS[:3],  # who is invited is chosen in the table
        "values": values,
        "seen": seen,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "staff/board_access.html", context, status=status_of(error))


def _form(request: RostraRequest, row: BoardRow | None) -> HttpResponse:
    rules.may_manage_boards(request.viewer).enforce()
    tree, error = whole_tree(), None
    values = dict.fromkeys(FORM, "")
    if row is not None:
        values |= {
            "title": row.title, "description": row.description,
            "parent": str(row.parent_id or ""), "position": str(row.position),
        }  # fmt: skip
    else:
        values |= {"parent": request.GET.get("parent", "")[:18], "position": "0"}
    if request.method == "POST":
        values = fields(request, *FORM)
        try:
            return see_other(_save(request, row, values))
        except EXPECTED as refused:
            error = refused
    context = {
        "in_words": in_words,
        "board": row,
        "parents": _parents(tree, row),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "staff/edit_board.html", context, status=status_of(error))


def _save(request: RostraRequest, row: BoardRow | None, values: dict[str, str]) -> str:
    """Do what a button of the form says; return the address to go on at."""
    viewer, reason = request.viewer, values["reason"]
    if row is not None and values["do"] == "delete":
        close_board(viewer, row.id, reason=reason)
        return "/staff/boards"
    sign, digits = values["position"][:1] == "-", values["position"].removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 6):
        raise Invalid({"position": "not_a_choice"})
    parent_id = id_in(values["parent"]) if values["parent"] else None
    position = -int(digits) if sign else int(digits)
    place = Place(values["title"], values["description"], parent_id, position)
    if row is not None:
        edit_board(viewer, row.id, place, reason=reason)
        return "/staff/boards"
    made = add_board(viewer, place, is_category=values["is_category"] == "1", reason=reason)
    return f"/staff/boards/{made.pk}/access" if parent_id is None else "/staff/boards"


def _parents(tree: Tree, row: BoardRow | None) -> list[tuple[BoardRow, int]]:
    """Return below what a board may stand, with how deep that is: not below itself."""
    below = set(tree.below(row.id, tree.rows)) if row is not None else set()
    return [(one, len(tree.path(one.id)) - 1) for one in tree.in_order() if one.id not in below]


def _table(values: dict[str, str], group_ids: list[int]) -> Mapping[int, tuple[str, ...]] | None:
    """Return group → verbs as ticked; None where the board is to inherit."""
    if values["inherits"] == "1":
        return None
    ticked = {
        group_id: tuple(verb for verb in VERBS if values[f"{group_id}-{verb}"] == "1")
        for group_id in group_ids
    }
    return {group_id: verbs for group_id, verbs in ticked.items() if verbs}


def _preset(name: str) -> Mapping[int, tuple[str, ...]]:
    chosen = next((preset for preset in presets.PRESETS[:3] if preset == name), None)
    if chosen is None:
        raise Invalid({"preset": "not_a_choice"})
    made = ensure_groups()
    return presets.table(chosen, everyone=made.everyone, members=made.members, staff=made.staff)


def _seen_by(
    name: str, board_id: int, table: Mapping[int, tuple[str, ...]] | None
) -> list[tuple[str, bool, bool]]:
    """Return verb, whether a member may now, whether they could then. No name: a guest."""
    try:
        member_id = id_of_name(name) if name.strip() else None
    except NotFound:
        raise Invalid({"member": "no_such_member"}) from None
    now = queries.grants_for(member_id)
    then = queries.grants_with(member_id, board_id, table)
    return [(verb, board_id in now[verb], board_id in then[verb]) for verb in VERBS]
