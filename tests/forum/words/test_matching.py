"""Which words are found where, and how what is written differently is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.words.covering import covered
from rostra.forum.words.matching import Matcher, Word, key_of


def found(words, text):
    matcher = Matcher(Word(n, word, "hold") for n, word in enumerate(words))
    return [(text[one.start : one.end], one.word.word) for one in matcher.find(text)]


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("casino", "A casino opens.", ["casino"]),
        ("casino", "CASINO!", ["CASINO"]),
        ("casino", "casinos", []),
        ("casino*", "casinos and Casinolands", ["casino", "Casino"]),
        ("*casino", "megacasino casinos", ["casino"]),
        ("*casino*", "megacasinos", ["casino"]),
        ("class", "classic", []),
        ("scunthorpe", "Scunthorpe", ["Scunthorpe"]),
        ("free money", "Free   \n money", ["Free   \n money"]),
        ("free money", "free moneys", []),
        ("c++", "I write C++.", ["C++"]),
        ("straße", "STRASSE", ["STRASSE"]),
        ("café", "cafe\u0301", ["cafe\u0301"]),
        ("casino", "ca\u200bsi\u00adno", ["ca\u200bsi\u00adno"]),  # what cannot be seen
        ("casino", "c\u0336a\u0336s\u0336ino", ["c\u0336a\u0336s\u0336ino"]),  # struck through
        ("casino", "ｃａｓｉｎｏ", ["ｃａｓｉｎｏ"]),
        ("قمار", "هذا قُمَار كبير", ["قُمَار"]),  # with short vowels
        ("قمار", "قمـــار", ["قمـــار"]),  # stretched
        ("قمار", "القمار", []),
        ("*قمار", "القمار", ["قمار"]),
        ("赌场", "去赌场吧", ["赌场"]),  # no spaces between words
        ("क्षमा", "क्षमा करें", ["क्षमा"]),
        ("казино", "Онлайн-казино тут", ["казино"]),
    ],
)
def test_words_are_found_as_people_read_them(word, text, expected):
    """SEC-103: on normalised text, at the borders of words in any script."""
    assert [said for said, _ in found([word], text)] == expected


def test_a_word_inside_another_is_found_as_well():
    assert found(["he", "she", "hers", "his"], "she his hers") == [
        ("she", "she"), ("his", "his"), ("hers", "hers"),
    ]  # fmt: skip
    assert found(["*he*", "she", "*er*"], "sher she") == [
        ("he", "*he*"), ("er", "*er*"), ("she", "she"), ("he", "*he*"),
    ]  # fmt: skip


@given(
    st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=8, unique=True),
    st.text("abc ", max_size=60),
)
def test_all_that_a_simple_search_finds_is_found(words, text):
    expected = sorted(
        (at, word)
        for word in words
        for at in range(len(text))
        if text.startswith(word, at)
        and (at == 0 or text[at - 1] == " ")
        and (at + len(word) == len(text) or text[at + len(word)] == " ")
    )
    matcher = Matcher(Word(n, word, "hold") for n, word in enumerate(words))
    assert sorted((one.start, one.word.word) for one in matcher.find(text)) == expected


@given(st.text(max_size=80), st.text(max_size=20))
def test_nothing_that_is_typed_breaks_the_search(text, word):
    for one in Matcher([Word(1, word, "censor"), Word(2, f"*{word}*", "hold")]).find(text):
        assert 0 <= one.start < one.end <= len(text)


def test_words_that_are_looked_for_alike_have_one_key():
    assert key_of("Casino") == key_of(" CASINO ") == key_of("cas\u200bino")
    assert key_of("casino") != key_of("casino*")


STEPS = [Word(1, "damn", "censor"), Word(2, "harbour", "link", "/boards/3?a=1&b=2")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Well, damn it.</p>", "<p>Well, ■■■■ it.</p>"),
        ("<p>da<strong>mn</strong></p>", "<p>■■<strong>■■</strong></p>"),
        ("<p>da</p><p>mn</p>", "<p>da</p><p>mn</p>"),
        ("<p>damn&amp;damn</p>", "<p>■■■■&amp;■■■■</p>"),
        ('<a href="https://damn.example/damn" rel="x">d</a>', None),
        ("<p>&lt;damn&gt;</p>", "<p>&lt;■■■■&gt;</p>"),
        ('<span data-said="damn"></span>', None),
        (
            "<p>The harbour, the Harbour.</p>",
            '<p>The <a href="/boards/3?a=1&amp;b=2" rel="nofollow noopener">harbour</a>, the'
            " Harbour.</p>",
        ),
        ('<p><a href="/x">harbour</a> <code>harbour</code></p>', None),
        ("<p>har<em>bour</em></p>", None),  # a link would overlap
    ],
)
def test_fragments_are_shown_covered_and_linked(html, expected):
    assert covered(html, Matcher(STEPS)) == (html if expected is None else expected)


def test_two_thousand_words_cost_no_more_than_the_text_is_long():
    """SEC-103: the steps of the search are those of the text, whatever is looked for."""
    steps = 0

    class Counting(dict):
        def get(self, key, default=None):
            nonlocal steps
            steps += 1
            return super().get(key, default)

        def __contains__(self, key):
            nonlocal steps
            steps += 1
            return super().__contains__(key)

    words = [Word(n, "a" * (n % 100 + 1) + f"{n}*", "hold") for n in range(2000)]
    matcher = Matcher(words)
    matcher._goto = Counting(matcher._goto)
    text = "a" * 32_000
    assert matcher.find(text) == []
    assert steps < 5 * len(text)
