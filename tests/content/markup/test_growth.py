"""SEC-103: a post of one repeated sign takes four times as long when it is four times as long."""

import time

import pytest
from bench.fuzz.pumped import MAILED, NESTED, SAVED, TYPED

from rostra.content.markup.markdown_rules import MOST_TOKENS, parse_blocks
from rostra.content.markup.references import Known, MemberRef
from rostra.content.markup.render import render, wanted

LEAST = 0.004  # seconds: shorter times say nothing
KNOWN = Known(members={"zzz": MemberRef(1, "zzz")})


def seconds(source: str, dialect: str) -> float:
    began = time.process_time()
    render(source, dialect, KNOWN)
    wanted(source, dialect)
    return time.process_time() - began


def grows_in_line(short: str, long: str, dialect: str) -> bool:
    """Compare a text with one four times as long; the best of three, as a pause is no fault.

    Of a long one that is done in no time there is nothing to compare.
    """
    for _ in range(3):
        least = seconds(long, dialect)
        if least <= 8 * LEAST or least <= 8 * seconds(short, dialect):
            return True
    return False


@pytest.mark.parametrize(
    ("token", "dialect"),
    [
        *((token, dialect) for token in TYPED for dialect in ("native", "bbcode")),
        *((token, "plain") for token in MAILED),
        *((token, "html") for token in SAVED),
    ],
)
def test_sec_103_repeated_tokens(token: str, dialect: str) -> None:
    count = 6_000 // len(token)
    assert grows_in_line(token * count, token * count * 4, dialect)


@pytest.mark.parametrize("dialect", ["native", "bbcode", "plain", "html"])
@pytest.mark.parametrize(
    "opening",
    ["[AA", "[quote", "[quote=", '[quote="', "[url=", "[url]", "[size=", "[/b", "[*", "[media=", "@",
     '@"', "http://", "http://a", "www.a", "mailto:a", "a@b", "[^a]:", "[^a]: b\n", "[^a]: b\n  c\n", "[a]:", "[a](", "![a](",
     "![", "`", "~~~", "<a", "<a href=", '<a href="', "</a", "<!--", "<![", "&", "&#", "Quote from",
     "Quote from: a", "On Mon 7:77 a.m.", "On 1.2.2003", "x wrote", "From: a", "> a", "-- ", "a:b", "|", "- [",
     ":", "begin 644 a\n", "-----BEGIN PGP", "<p>Quote from", "<blockquote>x wrote", "<b>", "a\u202e", "#",
     "\n\n", "    ", "*", "__", "1."],
)  # fmt: skip
def test_sec_103_a_beginning_and_what_never_ends(opening: str, dialect: str) -> None:
    """What begins something, then one sign for ever: `[AA` and spaces once took five seconds."""
    for filler in (" ", "a", "7", "=", "\n", "\xa0"):
        short, long = (opening + filler * length for length in (6_000, 24_000))
        assert grows_in_line(short, long, dialect), filler
        short, long = (opening + filler * length + "]x)>" for length in (6_000, 24_000))
        assert grows_in_line(short, long, dialect), (filler, "spoiled")


@pytest.mark.parametrize("dialect", ["native", "bbcode", "html"])
@pytest.mark.parametrize(("opening", "closing"), NESTED)
def test_sec_103_nested_tokens(opening: str, closing: str, dialect: str) -> None:
    count = 6_000 // len(opening + closing)

    def nested(times: int) -> str:
        return opening * times + "x" + closing * times

    assert grows_in_line(nested(count), nested(count * 4), dialect)


@pytest.mark.parametrize(
    "token", ["* a\n", "- [ ] a\n", "1. a\n* b\n", "a|b\n-|-\n", "> a\n\n", "# a\n"]
)
def test_sec_103_a_post_has_so_many_blocks_and_no_more(token: str) -> None:
    """Each block costs something: twice as many are not twice as many, and no word is lost."""
    token = token.replace("a", "jot")
    once, twice = (token * (count // len(token)) for count in (16_000, 32_000))
    assert len(parse_blocks(twice, {})) <= 1.5 * MOST_TOKENS + 100
    assert render(twice).html.count("jot") == twice.count("jot")
    assert render(once).html.count("jot") == once.count("jot")


def test_sec_103_blocks_are_counted_through_the_whole_post() -> None:
    """Quotes part a post into many texts; together they have no more blocks than one."""
    source = ("[quote]\n" + "* a\n" * 30 + "[/quote]\n") * 230
    html = render(source).html
    assert html.count("<li") <= MOST_TOKENS / 5 + 10
    assert html.count("a") > source.count("* a")


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
def test_what_comes_out_is_bounded_by_what_goes_in(dialect: str) -> None:
    """A wide table or many formats cannot make a page of a line."""
    wide = "|a" * 100 + "\n" + "|-" * 100 + "\n" + "a\n" * 10_000
    formats = "[b][i][u][s]" + "a\n\n" * 8_000 + "[/s][/u][/i][/b]"
    for source in (wide, formats, "[b]" * 5_000 + "a\n\n" * 4_000 + "[/b]" * 5_000):
        assert len(render(source, dialect).html) < 40 * len(source)
