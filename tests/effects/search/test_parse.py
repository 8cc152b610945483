"""From what is typed to what is looked for: nothing that can be typed is an error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.effects.search.parse import MOST_TERMS, Query, moment_of, parse


def said(query: Query) -> list[str]:
    """Return terms in short: title:word, "a row", begin*."""

    def one(term):
        phrase = term.phrases[0]
        text = " ".join(phrase.words) + ("*" if phrase.is_prefix else "")
        return ("title:" if term.in_title else "") + text

    return [one(term) for term in query.terms] + [f"-{one(term)}" for term in query.excluded]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("barrier motors", ["barrier", "motor"]),
        ('"flood barriers" open', ["flood barrier", "open"]),
        ("“flood barriers”", ["flood barrier"]), ("«سد الفيضان»", ["سد فيضان"]),
        ("„flood barriers“", ["flood barrier"]), ("「防潮堤」", ["防潮 潮堤"]),
        ('"flood barr', ["flood barr"]), ('"" x', ["x"]), ('a""b c"d', ["b", "c", "d"]),
        ("tram -bus", ["tram", "-bus"]), ('tram -"old bus"', ["tram", "-old bus"]),
        ("tram −bus", ["tram", "-bus"]), ("tram - bus", ["tram", "bus"]), ("-tram", ["-tram"]),
        ("well-known", ["well known"]), ("barri*", ["barri*"]), ("barri**", ["barri*"]),
        ("*", []), ("a*b", ["a b"]), ("堤", ["堤*"]), ("title:tram bus", ["title:tram", "bus"]),
        ('title:"old tram" bus', ["title:old tram", "bus"]), ("عنوان:الميزانية", ["title:ميزانيه"]),
        ("the flood of it", ["flood"]), ("to be or not to be", ["to", "be", "or", "not"]),
        ('"the who"', ["the who"]), ("tram TRAM trams", ["tram"]), ("foo:bar", ["foo bar"]),
        ("http://example.org/a", ["http exampl org a"]), ("12:30", ["12 30"]),
        ("NEAR(a b, 2) ^x :* &|!", ["near a", "b", "2", "x"]), ("\0\ud800 x", ["x"]),
    ],
)  # fmt: skip
def test_words(text, expected):
    assert said(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("author:Quay x", "author", "Quay"), ("from:@Quay", "author", "Quay"),
        ('by:"Mod Ferris"', "author", "Mod Ferris"), ("كاتب:أحمد", "author", "أحمد"),
        ("AUTHOR:quay", "author", "quay"), ("board:harbour", "board", "harbour"),
        ('in:"City news"', "board", "City news"), ("قسم:الميناء", "board", "الميناء"),
        ("has:link", "has_link", True), ("has:links", "has_link", True), ("يحوي:روابط", "has_link", True),
        ("after:2026", "since", datetime(2026, 1, 1, tzinfo=UTC)),
        ("since:2026-11", "since", datetime(2026, 11, 1, tzinfo=UTC)),
        ("before:2026-11-20", "until", datetime(2026, 11, 20, tzinfo=UTC)),
        ("قبل:٢٠٢٦/١١/٢٠", "until", datetime(2026, 11, 20, tzinfo=UTC)),
        ("before:tomorrow", "not_understood", ("before:tomorrow",)),
        ("before:2026-13", "not_understood", ("before:2026-13",)),
        ("has:pictures", "not_understood", ("has:pictures",)),
        ("author:", "not_understood", ("author:",)), ("author: quay", "author", ""),
    ],
)  # fmt: skip
def test_filters(text, field, expected):
    assert getattr(parse(text), field) == expected


@pytest.mark.parametrize("text", ["", " ", "-x", "***", '"', "“”", "-", "…"])
def test_nothing_is_looked_for(text):
    assert parse(text).is_empty


def test_the_beginning_of_an_english_word_finds_its_stem():
    """ "runni*" stands in the ending of "run": the index holds no "running"."""
    found = [phrase.words[0] for phrase in parse("runni*").terms[0].phrases]
    assert found == ["runni", "run"]


def test_a_query_has_an_end():
    assert len(parse(" ".join(f"w{n}" for n in range(100))).terms) == MOST_TERMS
    assert len(parse("x" * 10_000).terms) == 1


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
@settings(max_examples=400, deadline=None)
def test_anything_can_be_typed(text):
    query = parse(text)
    for term in (*query.terms, *query.excluded):
        assert term.phrases
        assert all(word and " " not in word for p in term.phrases for word in p.words)


@given(st.text(alphabet="ab -\"“”:*'٢2يhas:link before:2026 ", max_size=60))
@settings(max_examples=400, deadline=None)
def test_anything_made_of_signs_can_be_typed(text):
    parse(text)


@given(st.text(max_size=30))
def test_dates_are_dates_or_nothing(text):
    found = moment_of(text)
    assert found is None or found.year >= 1000


@pytest.mark.parametrize(
    ("text", "is_ranked"),
    [("the of and", False), ("title:the", False), ("the barrier", True), ("has:link", False), ('"to be"', True)],
)  # fmt: skip
def test_words_that_stand_everywhere_rank_nothing(text, is_ranked):
    assert parse(text).is_ranked == is_ranked
