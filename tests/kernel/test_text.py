"""Small facts about text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.text import is_blank, one_line, slug, storable


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Council 'closed flood barrier in time'", "council-closed-flood-barrier-in-time"),
        ("ميزانية الميناء: أسئلة", "ميزانية-الميناء-أسئلة"),
        ("防潮堤について", "防潮堤について"),
        ("हिन्दी में समाचार", "हिन्दी-में-समाचार"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("!!!", ""),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_slug(title, words):
    assert slug(title) == words


@given(st.text())
def test_what_is_storable_is_storable(text):
    kept = storable(text)
    kept.encode()
    assert "\0" not in kept
    assert "\r" not in kept


@given(st.text())
def test_one_line_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u200d", "\u2800\u3164", "\u202e"])
def test_what_cannot_be_seen_is_blank(text):
    assert is_blank(text)
