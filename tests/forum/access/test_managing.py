"""Boards, groups and who is in them, as administrators change them: logged, and never above oneself."""

from dataclasses import replace

import pytest

from rostra.forum.access import queries
from rostra.forum.access.actions import (
    Place,
    add_board,
    close_board,
    edit_board,
    save_group,
    set_access,
    set_membership,
)
from rostra.forum.boards.models import Board
from rostra.forum.boards.queries import whole_tree
from rostra.forum.members.models import Membership
from rostra.forum.modlog.queries import EVERYTHING, entries
from rostra.kernel.errors import Invalid, NotFound, Refused

REASON = "Set up as the council asked for."


@pytest.fixture
def admin(cast):
    return cast.view(cast.admin)


def last_kind() -> str:
    return entries(EVERYTHING, limit=1)[0].kind


def test_a_board_is_opened_named_moved_and_taken_away(cast, admin):
    board = add_board(admin, Place("Ferries", "To the islands.", cast.city.pk, 3),
                      is_category=False, reason=REASON)  # fmt: skip
    assert last_kind() == "board.add"
    edit_board(admin, board.pk, Place("Ferries & piers", "", None, -1), reason=REASON)
    row = whole_tree().rows[board.pk]
    assert (row.title, row.parent_id, row.position) == ("Ferries & piers", None, -1)
    close_board(admin, board.pk, reason=REASON)
    assert board.pk not in whole_tree().rows and last_kind() == "board.delete"


@pytest.mark.parametrize(
    ("place", "field"),
    [(Place(" "), "title"), (Place("x" * 121), "title"), (Place("x", "y" * 501), "description"),
     (Place("x", "", 10**9), "parent"), (Place("x", "", None, 10**6), "position")],
)  # fmt: skip
def test_what_cannot_be_is_said_by_field(cast, admin, place, field):
    before = Board.objects.count()
    with pytest.raises(Invalid) as caught:
        add_board(admin, place, is_category=False, reason=REASON)
    assert list(caught.value.fields) == [field]
    assert Board.objects.count() == before


def test_no_board_stands_below_itself(cast, admin):
    with pytest.raises(Invalid):
        edit_board(admin, cast.city.pk, Place("City", "", cast.harbour.pk), reason=REASON)


def test_a_board_with_threads_or_boards_stays(cast, admin):
    for board in (cast.harbour, cast.city):
        with pytest.raises(Invalid) as caught:
            close_board(admin, board.pk, reason=REASON)
        assert caught.value.fields == {"board": "board_not_empty"}


def test_only_who_may_does_any_of_it(cast):
    for who in (cast.mod, cast.hill, None):
        viewer = cast.view(who)
        for act in (
            lambda v: add_board(v, Place("x"), is_category=False, reason=REASON),
            lambda v: edit_board(v, cast.harbour.pk, Place("x"), reason=REASON),
            lambda v: close_board(v, cast.region.pk, reason=REASON),
            lambda v: save_group(v, None, "x", capabilities=[], needs_second_factor=False, reason=REASON),
            lambda v: set_membership(v, cast.groups.moderators, cast.hill.pk, is_in=True, reason=REASON),
        ):  # fmt: skip
            with pytest.raises(Refused):
                act(viewer)


def test_nobody_gives_or_takes_what_they_may_not_do(cast, admin):
    """SEC-048: not to a group of theirs, not to another, not by putting people into one."""
    less = replace(admin, capabilities=frozenset({"manage_access"}))
    group = save_group(admin, None, "Keepers", capabilities=["manage_boards"],
                       needs_second_factor=True, reason=REASON)  # fmt: skip
    for capabilities in (["manage_members"], []):
        with pytest.raises(Refused) as caught:
            save_group(less, group.pk, "Keepers", capabilities=capabilities,
                       needs_second_factor=True, reason=REASON)  # fmt: skip
        assert caught.value.reason == "above_your_own"
    with pytest.raises(Refused):
        set_membership(less, group.pk, cast.hill.pk, is_in=True, reason=REASON)
    set_membership(admin, group.pk, cast.hill.pk, is_in=True, reason=REASON)
    assert Membership.objects.filter(group=group, member=cast.hill).exists()


def test_who_manages_members_alone_cannot_make_moderators(cast, admin):
    people = replace(admin, capabilities=frozenset({"manage_members"}))
    club = save_group(
        admin, None, "Club", capabilities=[], needs_second_factor=False, reason=REASON
    )
    set_membership(people, club.pk, cast.hill.pk, is_in=True, reason=REASON)
    with pytest.raises(Refused):
        set_membership(people, cast.groups.moderators, cast.hill.pk, is_in=True, reason=REASON)


def test_somebody_always_stays_who_can_mend_it(cast, admin):
    groups = cast.groups
    with pytest.raises(Refused) as caught:
        save_group(admin, groups.administrators, "Administrators", capabilities=[],
                   needs_second_factor=True, reason=REASON)  # fmt: skip
    assert caught.value.reason == "last_administrator"


@pytest.mark.parametrize(
    ("name", "code"), [("", "empty"), ("members", "group_there_already"), ("x" * 61, "too_long")]
)
def test_a_group_has_a_name_of_its_own(cast, admin, name, code):
    with pytest.raises(Invalid) as caught:
        save_group(admin, None, name, capabilities=[], needs_second_factor=False, reason=REASON)
    assert caught.value.fields == {"name": code}


def test_a_preview_is_what_saving_comes_to(cast, admin):
    """For a guest, a member and a moderator, with rows of its own and without."""
    groups, board = cast.groups, cast.region.pk
    tables = (
        {groups.members: ("see", "read", "reply")},
        {groups.everyone: ("see",), groups.moderators: ("see", "read", "moderate")}, {}, None,
    )  # fmt: skip
    for table in tables:
        expected = {
            who: queries.grants_with(who, board, table) for who in (None, cast.hill.pk, cast.mod.pk)
        }
        set_access(admin, board, table, reason=REASON)
        for who, grants in expected.items():
            assert queries.grants_for(who) == grants
    with pytest.raises(NotFound):
        edit_board(admin, 10**9, Place("x"), reason=REASON)
