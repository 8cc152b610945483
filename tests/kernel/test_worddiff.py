"""What changed between two texts: nothing is lost, nothing invented."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.worddiff import MOST_WORDS, compare


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("one", "one", [("same", "one")]),
        ("", "one", [("in", "one")]),
        ("closed at six", "closed at seven", [("same", "closed at "), ("out", "six"), ("in", "seven")]),
        ("one two, three", "four, five, three", [
            ("out", "one two"), ("in", "four, five"), ("same", ", three")]),
        ("a\nb\nc", "a\nc", [("same", "a\n"), ("out", "b\n"), ("same", "c")]),
        ("قال المصدر نعم", "قال المصدر لا", [("same", "قال المصدر "), ("out", "نعم"), ("in", "لا")]),
    ],
)  # fmt: skip
def test_pieces(old, new, pieces):
    assert [tuple(piece) for piece in compare(old, new)] == pieces


TEXT = st.text(alphabet="ab \n.ع", max_size=60)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_from_it(old, new):
    pieces = compare(old, new)
    assert "".join(p.text for p in pieces if p.kind != "in") == old
    assert "".join(p.text for p in pieces if p.kind != "out") == new
    assert all(a.kind != b.kind for a, b in pairwise(pieces))


def test_a_long_stretch_is_not_compared_word_by_word():
    old, new = "x y " * MOST_WORDS, "y z " * MOST_WORDS
    assert [piece.kind for piece in compare(old, new)] == ["out", "in"]
