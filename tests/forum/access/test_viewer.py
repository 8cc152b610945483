"""Who may do what where: additive, inherited, closed where in doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import table
from rostra.forum.access.queries import governor_of, viewer_for
from rostra.forum.access.viewer import VERBS, GrantRow, Viewer, governing, grants_of
from rostra.forum.boards.actions import create_board
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.cast import WHY

#   1 city ─ 2 harbour ─ 4 quay        3 staff room has rows of its own
#          └ 3 staff room
PARENTS = {1: None, 2: 1, 3: 1, 4: 2}
EVERYONE, MEMBERS, STAFF = 10, 11, 12
ROWS = [
    GrantRow(1, EVERYONE, "see"),
    GrantRow(1, EVERYONE, "read"),
    GrantRow(1, MEMBERS, "see"),
    GrantRow(1, MEMBERS, "read"),
    GrantRow(1, MEMBERS, "reply"),
    *(GrantRow(3, STAFF, verb) for verb in VERBS),
]


@pytest.mark.parametrize(
    ("groups", "own", "verb", "boards"),
    [
        ({EVERYONE}, {1, 3}, "read", {1, 2, 4}),
        ({EVERYONE}, {1, 3}, "reply", set()),
        ({EVERYONE, MEMBERS}, {1, 3}, "reply", {1, 2, 4}),
        ({EVERYONE, STAFF}, {1, 3}, "moderate", {3}),
        ({STAFF}, {1, 3}, "read", set()),  # the city above is not seen
        ({EVERYONE}, {1, 2, 3}, "read", {1}),  # harbour has rows of its own: none
        ({EVERYONE}, set(), "see", set()),  # nobody has rows: nobody sees
        (set(), {1, 3}, "see", set()),
    ],
)
def test_grants(groups, own, verb, boards):
    found = grants_of(groups, ROWS, governing(PARENTS, own), PARENTS)
    assert found[verb] == boards


def test_nothing_without_seeing_and_nothing_else_without_reading():
    rows = [
        GrantRow(1, MEMBERS, "reply"),
        GrantRow(2, MEMBERS, "see"),
        GrantRow(2, MEMBERS, "reply"),
    ]
    parents = {1: None, 2: None}
    found = grants_of({MEMBERS}, rows, governing(parents, {1, 2}), parents)
    assert {verb: boards for verb, boards in found.items() if boards} == {"see": {2}}


def test_a_ring_of_boards_ends():
    parents = {1: 2, 2: 1}
    assert governing(parents, set()) == {1: None, 2: None}
    assert grants_of({1}, [], governing(parents, set()), parents)["see"] == frozenset()


groups_and_rows = st.lists(
    st.builds(GrantRow, st.sampled_from([1, 2, 3, 4]), st.sampled_from([10, 11, 12]),
              st.sampled_from(VERBS))
)  # fmt: skip


@given(groups_and_rows, st.sets(st.sampled_from([1, 2, 3, 4])), st.sampled_from([10, 11, 12]))
def test_more_groups_never_mean_less(rows, own, more):
    governed = governing(PARENTS, own)
    few = grants_of({10}, rows, governed, PARENTS)
    many = grants_of({10, more}, rows, governed, PARENTS)
    assert all(few[verb] <= many[verb] for verb in VERBS)


@given(groups_and_rows, st.sets(st.sampled_from([1, 2, 3, 4])))
def test_whoever_sees_a_board_sees_those_above(rows, own):
    found = grants_of({10, 11}, rows, governing(PARENTS, own), PARENTS)
    assert all(PARENTS[board] is None or PARENTS[board] in found["see"] for board in found["see"])
    assert all(found[verb] <= found["see"] for verb in VERBS)


def test_presets():
    ids = {"everyone": 1, "members": 2, "staff": (3, 4)}
    assert table("public", **ids)[1] == ("see", "read")
    assert 1 not in table("members_only", **ids)
    assert set(table("staff", **ids)) == {3, 4}
    assert set(table("invited", **ids, invited=9)) == {3, 4, 9}
    with pytest.raises(ValueError, match="invited"):
        table("invited", **ids)


def test_nobody_may_do_everything(cast):
    """Administrators get their rights from rows as everybody else."""
    set_access(None, cast.staff_room.pk, {cast.groups.moderators: VERBS}, reason=WHY)
    assert not cast.view(cast.admin).can("see", cast.staff_room.pk)


def test_a_change_reaches_the_next_request(cast):
    assert viewer_for(None).can("read", cast.harbour.pk)
    set_access(cast.view(cast.admin), cast.harbour.pk, {}, reason=WHY)
    assert not viewer_for(None).can("see", cast.harbour.pk)
    set_access(cast.view(cast.admin), cast.harbour.pk, None, reason=WHY)
    assert viewer_for(None).can("read", cast.harbour.pk)
    assert governor_of(cast.harbour.pk) == cast.city.pk


def test_a_new_board_inherits(cast):
    board = create_board("Pier", parent_id=cast.staff_room.pk)
    assert not viewer_for(None).can("see", board.pk)
    assert cast.view(cast.mod).can("moderate", board.pk)


@pytest.mark.parametrize(
    ("who", "error"), [("quay", Refused), ("mod", Refused)], ids=["member", "moderator"]
)
def test_only_those_who_manage_access_set_it(cast, who, error):
    with pytest.raises(error):
        set_access(cast.view(getattr(cast, who)), cast.harbour.pk, {}, reason=WHY)
    assert viewer_for(None).can("read", cast.harbour.pk)


def test_wrong_words_change_nothing(cast):
    with pytest.raises(Invalid):
        set_access(None, cast.harbour.pk, {cast.groups.everyone: ["everything"]}, reason=WHY)
    with pytest.raises(Invalid):
        set_access(None, cast.harbour.pk, {}, reason="no")
    with pytest.raises(NotFound):
        set_access(None, 999, {}, reason=WHY)
    assert viewer_for(None).can("read", cast.harbour.pk)


def test_a_guest_is_nobody():
    with pytest.raises(Refused):
        Viewer().require_member()
