"""The life of a claim (the tables of A4 and A5; decisions 25 and 26)."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.claims.status import (
    MODALITIES,
    PARTIES,
    STANCES,
    Attribution,
    caveats,
    history,
    status_of,
)

A4 = [
    Attribution("a", "asserts", 1, "aligned"),
    Attribution("b", "corroborates", 2, "non_party"),
    Attribution("c", "denies", 3, "adverse"),
    Attribution("c", "concedes", 4, "adverse"),
    Attribution("a", "retracts", 5, "aligned"),
    Attribution("b", "retracts", 6, "non_party"),
    Attribution("c", "denies", 6, "adverse"),
]
HEADLINE = [
    Attribution("state", "asserts", 1, "aligned"),
    Attribution("state", "relays", 1),
    Attribution("reporter", "doubts", 2, "non_party"),
    Attribution("rebels", "concedes", 3, "adverse"),
    Attribution("rebels", "concedes", 3, "adverse"),
]


def test_every_state_is_passed_through():
    expected = [
        "unsourced", "single_source", "corroborated", "contested", "conceded", "contested",
        "retracted",
    ]  # fmt: skip
    assert [status_of(A4, at) for at in range(7)] == expected
    assert [change.status for change in history(A4)] == expected[1:]
    assert status_of(A4) == "retracted"


def test_a_contested_headline():
    found = [status_of(HEADLINE, at) for at in range(4)]
    assert found == ["unsourced", "single_source", "contested", "conceded"]


def test_what_is_not_backed_does_not_settle_anything():
    """DECISIONS 26: an invented speaker concedes, corroborates and retracts nothing."""
    first = Attribution("a", "asserts", 1, "aligned")
    told = {"is_backed": False}
    assert status_of([first, Attribution("c", "concedes", 2, "adverse", **told)]) == "single_source"
    second = Attribution("b", "corroborates", 2, "non_party", **told)
    assert status_of([first, second]) == "single_source"
    assert status_of([Attribution("a", "retracts", 2, **told)]) == "contested"


def test_who_nobody_knows_the_party_of_neither_concedes_nor_corroborates():
    first = Attribution("a", "asserts", 1)
    assert status_of([first, Attribution("b", "corroborates", 2)]) == "single_source"
    assert status_of([first, Attribution("b", "concedes", 2)]) == "single_source"


def test_split_roots_are_one_where_they_have_one_owner():
    """Two papers that carry one speaker are one source."""
    one = Attribution("rebels", "asserts", 1, "non_party")
    assert status_of([one, one._replace(said_at=2)]) == "single_source"


def test_what_is_disputed_does_not_count():
    assert status_of([Attribution("a", "asserts", 1, counts=False)]) == "unsourced"
    assert history([Attribution("a", "asserts", 1, counts=False)]) == []


def test_how_sure_the_surest_is():
    probably = Attribution("a", "asserts", 1, modality="probably", has_details=False)
    assert caveats([probably]) == ("probably", True)
    sure = Attribution("b", "asserts", 2)
    assert caveats([probably, sure]) == ("stated", False)
    assert caveats([probably, sure], at=1) == ("probably", True)
    assert caveats([]) == ("stated", False)


attributions = st.lists(
    st.builds(
        Attribution,
        root=st.sampled_from("abc"),
        stance=st.sampled_from(STANCES),
        said_at=st.integers(1, 5),
        party=st.sampled_from(PARTIES),
        modality=st.sampled_from(MODALITIES),
        has_details=st.booleans(),
        is_backed=st.booleans(),
        counts=st.booleans(),
    ),
    max_size=8,
)


@given(attributions)
def test_the_history_is_the_status_of_every_moment(found):
    changes = history(found)
    for at in range(7):
        expected = [change.status for change in changes if change.at <= at]
        assert status_of(found, at) == (expected[-1] if expected else "unsourced")


@given(attributions, st.integers(0, 100))
def test_the_order_of_entries_of_different_moments_means_nothing(found, seed):
    at_once = {(one.root, one.said_at): one for one in found}
    entries = list(at_once.values())
    shuffled = random.Random(seed).sample(entries, len(entries))
    assert status_of(shuffled) == status_of(entries)


@given(attributions)
def test_passing_something_on_changes_nothing(found):
    relayed = [*found, Attribution("a", "relays", 9), Attribution("z", "relays", 9)]
    assert status_of(relayed) == status_of(found)
