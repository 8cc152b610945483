"""Names (SEC-089): any script; what looks the same is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.members.names import may_be_name, name_key, numbered, tidy

SAME = [
    ("Quay", "quay"),
    ("Quay", "QUAY"),
    ("paypal", "pаypаl"),  # Cyrillic а
    ("Ivan", "lvan"),
    ("Bill", "Bi1l"),
    ("Jo Ferreira", "Jo  Ferreira"),
    ("Jo Ferreira", "JoFerreira"),
    ("Quay", "Qu\u200bay"),
    ("Quay", "Q\u0301uay"),
    ("Ｑｕａｙ", "Quay"),
    ("Rose", "R0se"),
]
DIFFERENT = [("Quay", "Hill"), ("يزيد", "يزن"), ("Дима", "Дана"), ("田中", "田口")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_looks_the_same_is_the_same(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_differs(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Jo Ferreira", ""),
        ("يزيد خليفة", ""),
        ("田中さん", ""),
        ("Marta Kovač", ""),
        ("O'Neill-Smith", ""),
        ("Дима Smith", ""),  # scripts may mix between words
        ("Al", "name_too_short"),
        ("x" * 41, "name_too_long"),
        ("Pаul Smith", "name_mixes_scripts"),  # Cyrillic а inside a Latin word
        ("12345", "name_needs_letters"),
        ("<script>", "name_has_odd_characters"),
        ("Ann\u202eoJ", "name_has_odd_characters"),
        ("😀😀😀", "name_has_odd_characters"),
        ("\u3164\u3164\u3164", "name_needs_letters"),  # letters that nobody can see
        ("\ufdfa" * 40, "name_has_odd_characters"),  # one letter that stands for eighteen
        ("admin", "name_reserved"),
        ("Adm1n", "name_reserved"),
        ("ModeratOr", "name_reserved"),
        ("r00t", "name_reserved"),
    ],
)
def test_may_be_name(name, reason):
    assert may_be_name(tidy(name)).reason == reason


@given(st.text(max_size=60))
def test_white_space_and_case_of_latin_never_matter(name):
    """No input raises; spaces and invisible characters never tell two names apart."""
    assert name_key(name) == name_key(f"  {name} ") == name_key(f"\u200b{name}\u2060")


def test_numbered_stays_within_the_length():
    assert numbered("Ann", 2) == "Ann 2"
    assert len(numbered("x" * 40, 12)) == 40
