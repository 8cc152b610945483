"""Folding: what is spelled alike becomes alike; whatever comes in, words come out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.effects.search import folding, matching
from rostra.effects.search.folding import (
    LONGEST_WORD,
    MOST_WORDS,
    fold,
    normal,
    places,
    tokens,
    words,
)
from rostra.effects.search.parse import parse

ALIKE = [
    ("café", "CAFE", "Cafe\u0301"), ("straße", "STRASSE"), ("Łódź", "lodz"), ("Æsir", "aesir"),
    ("İstanbul", "istanbul"), ("Đà Nẵng", "da nang"), ("ﬁnance", "finance"), ("２０２６", "2026"),
    ("مَدِينَة", "مدينه", "المدينة", "والمدينة", "بالمدينة", "مـــدينة"), ("أحمد", "احمد", "إحمد", "آحمد"),
    ("على", "علي", "علی"), ("كتاب", "کتاب"), ("مسؤول", "مسئول"), ("شيء", "شئ"), ("٢٠٢٦", "2026"),
    ("۱۴۰۳", "1403"), ("ﻻ", "لا"), ("ہے", "هے"), ("میں", "مین"),
    ("שָׁלוֹם", "שלום"), ("צה״ל", "צהל"), ("Ёлка", "елка"), ("Αθήνα", "ΑΘΗΝΑ"), ("οδός", "ΟΔΟΣ"),
    ("タワー", "ﾀﾜｰ", "たわー"), ("한국", unicodedata.normalize("NFD", "한국")),
    ("running", "runs", "run"), ("barriers", "barrier's", "barrier’s"), ("don't", "don’t", "dont"),
    ("हिन्दी", unicodedata.normalize("NFD", "हिन्दी")),
]  # fmt: skip
APART = [
    ("йод", "иод"), ("हिन्दी", "हन्द"), ("رز", "رس"), ("tram", "trams ticket"), ("ぱ", "は" * 2),
    ("flood", "floor"), ("٢٠٢٦", "2025"),
]  # fmt: skip
ROWS = [
    ("防潮堤", ["防潮", "潮堤", "堤"]), ("堤", ["堤"]), ("the防潮x", ["the", "防潮", "潮", "x"]),
    ("می‌خواهم", ["ميخواهم", "مي", "خواهم"]), ("e-mail", ["e", "mail"]), ("l'eau", ["l", "eau"]),
    ("a_b c", ["a", "b", "c"]), ("x² ½", ["x2", "1", "2"]), ("“…” — !", []), ("", []),
    ("O'Brien", ["o", "brien"]), ("C++", ["c"]), ("3,14", ["3", "14"]),
]  # fmt: skip


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda row: row[0])
def test_spelled_otherwise_but_alike(spellings):
    assert len({fold(text) for text in spellings}) == 1


@pytest.mark.parametrize("pair", APART)
def test_what_is_different_stays_so(pair):
    assert fold(pair[0]) != fold(pair[1])


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_words_of_a_text(text, expected):
    assert words(text) == expected


def test_a_word_is_the_same_alone_and_among_other_scripts():
    for word in ("running", "barriers", "don't", "2026"):
        assert words(f"{word} é")[0] == words(word)[0]


@given(st.text(max_size=200))
@settings(max_examples=400, deadline=None)
def test_any_text_becomes_words_without_marks_or_spaces(text):
    for word in words(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert not any(c.isspace() or c in "\"'*:()&|!<>\\\0" for c in word)
        assert not any(unicodedata.category(c) in ("Co", "Cc", "Cs") for c in word)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_places_lie_in_the_text_and_in_order(text):
    text = normal(text)
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)


@given(st.text(alphabet="abcdéßёйاأة‌کیहि防潮ー한 '’", max_size=40))
@settings(max_examples=300, deadline=None)
def test_folding_does_not_depend_on_how_letters_are_composed(text):
    assert words(unicodedata.normalize("NFD", text)) == words(text)


@given(st.text(alphabet="abZé '’_1防潮한ة‌ا" + "يк", max_size=60))
@settings(max_examples=300, deadline=None)
def test_words_are_the_words_of_the_tokens(text):
    assert words(text) == [token.word for token in tokens(normal(text))]


def test_a_very_long_text_has_an_end():
    assert len(words("word " * (MOST_WORDS + 5))) == MOST_WORDS
    assert len(words("é " * (MOST_WORDS + 5))) == MOST_WORDS
    assert words("x" * 100_000) == ["x" * LONGEST_WORD]


def test_no_mark_is_missed_where_they_are_looked_for():
    marks = {chr(code) for code in range(0x1EA00) if unicodedata.category(chr(code))[0] == "M"}
    assert set(folding._MARKS) == marks


@given(st.one_of(st.text(max_size=200), st.sampled_from([text for row in ALIKE for text in row])))
def test_places_are_those_of_the_words(text):
    text = normal(text)
    assert list(places(text))[:MOST_WORDS] == [(one.start, one.end) for one in tokens(text)]


@pytest.mark.parametrize("filler", ["word ", "слово ", "防潮堤 "])
def test_a_long_text_is_gone_through_as_far_as_its_excerpt_needs(filler, monkeypatch):
    """Of a very long post the words are folded once, to see that it fits, and not again."""
    asked = []
    real = matching.places

    def counted(text):
        for place in real(text):
            asked.append(place)
            yield place

    monkeypatch.setattr(matching, "places", counted)
    for at, most in ((0, 1), (100, 500), (None, 0)):
        asked.clear()
        text = filler * 2_000 if at is None else filler * at + "needle " + filler * (2_000 - at)
        shown = matching.excerpt(parse("needle"), matching.Words(text))
        assert len(asked) <= most
        assert sum(piece.is_match for piece in shown) == (at is not None)
