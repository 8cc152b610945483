"""Quotes in posts that are edited, and in what documents said."""

from __future__ import annotations

import random
import time

import pytest

from rostra.forum.claims import anchors
from rostra.forum.claims.anchors import Anchor, again, anchor_at, check, find, plain

TEXT = plain(
    """The authority closed the barrier before the morning tide, it says.
    A reporter at the quay calls that "just a claim": she saw water over the walkway.
    ألقى الحارس نظرة على البوابة عند السادسة."""
)


def edits(a: str, b: str) -> int:
    """The textbook's distance, of a whole text."""
    row = list(range(len(b) + 1))
    for at, letter in enumerate(a, 1):
        last, row = row, [at]
        for to, other in enumerate(b, 1):
            row.append(min(last[to] + 1, row[-1] + 1, last[to - 1] + (letter != other)))
    return row[-1]


def test_an_anchor_is_the_words_what_is_around_and_where():
    anchor = anchor_at(TEXT, "closed the\n barrier before")
    assert anchor is not None
    assert TEXT[anchor.start : anchor.end] == anchor.exact == "closed the barrier before"
    assert anchor.prefix == "The authority "
    assert anchor.selectors()[0]["suffix"] == anchor.suffix == " the morning tide, it says. A re"
    assert anchor_at(TEXT, "opened the barrier") is None
    assert anchor_at(TEXT, "the") is None
    assert anchor_at(TEXT, "البوابة عند السادسة") is not None


@pytest.mark.parametrize(
    ("changed", "became"),
    [
        (TEXT, "stands"),
        ("Added at the beginning. " + TEXT, "stands"),
        (TEXT.replace("closed the barrier", "closed its barrier"), "stands"),
        (TEXT.replace("authority", "council").replace("morning tide, it says", "tide"), "moved"),
        ("He closed a barrier before noon, nothing else is here any more.", "moved"),
        ("It was something else altogether, and not what stood here.", "gone"),
        ("", "gone"),
    ],
)
def test_what_becomes_of_words_when_their_post_is_edited(changed, became):
    anchor = anchor_at(TEXT, "closed the barrier before")
    found, now = again(changed, anchor)
    assert found == became
    if became == "gone":
        assert now == anchor
    else:
        assert changed[now.start : now.end] == now.exact


def test_of_the_same_words_twice_those_with_the_same_around_them_are_meant():
    text = plain("One says it is shut now. Two asks. Three says it is shut now. Four.")
    second = text.rfind("it is shut now")
    anchor = Anchor("it is shut now", text[second - 12 : second], ". Four.", second, second + 14)
    longer = "Begun otherwise. " + text
    assert find(longer, anchor).start == longer.rfind("it is shut now")


def test_the_fewest_edits_are_those_of_the_textbook():
    dice = random.Random(7)
    for _ in range(60):
        words = "".join(dice.choices("abc ", k=dice.randint(1, 40)))
        text = "".join(dice.choices("abc ", k=dice.randint(0, 20)))
        starts = range(len(text) + 1)
        best = min(edits(text[a:b], words) for a in starts for b in starts if b >= a)
        assert min(n for _, n in anchors._ends(text, words)) == best


SAID = "The ministry did confirm on Monday that 500 people of the two villages had left, " * 3


@pytest.mark.parametrize(
    ("quote", "text", "outcome"),
    [
        ("closed the barrier before", TEXT, "verified"),
        ("Closed the Barrier before", TEXT, "verified"),
        ("“just a claim”", 'calls it "just a claim" at noon', "verified"),
        ("closed their barrier before", TEXT, "fuzzy"),
        ("opened the gates at six", TEXT, "not_found"),
        ("the", TEXT, "not_found"),
        # One word more or a digit more is few letters of a long quote: a wrong quote all the same.
        (SAID.replace("did confirm", "did not confirm", 1)[:240], SAID, "fuzzy"),
        (SAID.replace("500", "5000", 1)[:240], SAID, "fuzzy"),
        (SAID[:240], "Before it. " + SAID, "verified"),
        ("closed the barrier before", "", "not_found"),
    ],
)
def test_a_quote_is_in_a_document_or_not(quote, text, outcome):
    assert check(quote, text) == outcome


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "ab" * 500_000, "a b c d " * 125_000, "ab c" * 8_000],
    ids=["one letter", "two", "words", "a post"],
)
def test_hostile_texts_cost_no_more_than_their_length(text):
    began = time.process_time()
    quote = ("ab" * 250)[:499] + "x"
    check(quote, text)
    find(plain(text), Anchor(quote, "ba" * 16, "ab" * 16, 700, 1200))
    assert time.process_time() - began < 5  # about one; the square of it would be hours


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("it CLOSED “the gate”", 'Then  it closed "the gate" at six.', 'it closed "the gate"'),
        ("Straße 12 war zu", "İn der STRASSE 1. Die Straße 12\nwar zu.", "Straße 12 war zu"),
        ("was never closed", "The gate was closed.", None),
    ],
)
def test_the_place_of_a_quote(quote: str, text: str, found: str | None) -> None:
    place = anchors.place_of(quote, text)
    assert (place and anchors.plain(text)[slice(*place)]) == found
