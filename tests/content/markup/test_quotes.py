"""Quotes: nobody's words are put into another's mouth without a mark."""

import pytest

from rostra.content.markup.references import Known, PostRef, QuoteFound
from rostra.content.markup.render import render, wanted

SAID = "The barrier costs too much. It's late – “very late” – and nobody asked us. I would wait."
KNOWN = Known(posts={"34": PostRef(34, 7, "Ann", SAID), "12:3": PostRef(99, 8, "Bo", "Yes.")})


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("The barrier costs too much.", "exact"),
        ("the   BARRIER\ncosts", "exact"),
        ('It\'s late - "very late" - and nobody', "exact"),
        ("", "exact"),
        ("[b]The barrier[/b] costs", "exact"),
        ("The barrier costs … I would wait.", "shortened"),
        ("The barrier [...] nobody asked us", "shortened"),
        ("The barrier costs...I would wait", "shortened"),
        ("The barrier costs\n\nI would wait", "shortened"),
        ("I would wait … The barrier costs", "altered"),
        ("The barrier costs nothing", "altered"),
        ("arrier costs", "altered"),
        ("The barrier [spoiler]is a fraud[/spoiler]", "altered"),
        ("The barrier [ispoiler]is a fraud[/ispoiler]", "altered"),
        ("The barrier [code]is a fraud[/code]", "altered"),
        ("The barrier [url=http://a.b]is a fraud[/url]", "altered"),
    ],
)
def test_sec_008_the_words_are_held_against_the_post(words: str, state: str, dialect: str) -> None:
    rendered = render(f'[quote="Ann, post: 34"]{words}[/quote]', dialect, KNOWN)
    assert rendered.quotes == (QuoteFound(34, state),)
    assert '<a data-quote="34"></a>' in rendered.html
    assert (f'<span class="mark"><span data-word="{state}"></span></span>' in rendered.html) == (
        state != "exact"
    )


def test_sec_008_a_forged_name_is_not_shown() -> None:
    html = render('[quote="Bo, post: 34"]The barrier[/quote]', "native", KNOWN).html
    assert "Bo" not in html
    assert '<a data-quote="34"></a>' in html


@pytest.mark.parametrize(
    "argument",
    [
        '"Ann, post: 35"',
        "Ann;35",
        '"Ann, post:4, topic:12"',
        "Ann post_id=35",
        "author=Ann link=msg=35",
    ],
)
def test_sec_008_an_unknown_post_is_marked(argument: str) -> None:
    source = f"[quote {argument}]x[/quote]" if "=" in argument else f"[quote={argument}]x[/quote]"
    rendered = render(source, "bbcode", KNOWN)
    assert rendered.quotes == ()
    assert '<span data-said="Ann"></span><span class="mark">' in rendered.html
    assert '<span data-word="unverified"></span>' in rendered.html


def test_a_name_alone_is_shown_as_typed() -> None:
    html = render("[quote=Ann & <b>]x[/quote]").html
    assert '<span data-said="Ann &amp; b"></span></figcaption>' in html


def test_a_quote_in_a_quote_is_checked_by_itself() -> None:
    inner = '[quote="Bo, post:3, topic:12"]Yes.[/quote]'
    source = f'[quote="Ann, post: 34"]The barrier{inner} costs[/quote]'
    assert render(source, "native", KNOWN).quotes == (
        QuoteFound(99, "exact"),
        QuoteFound(34, "exact"),
    )


def test_the_fourth_depth_is_folded_once() -> None:
    html = render("[quote]a" * 6 + "[/quote]" * 6).html
    assert html.count('<details class="fold">') == 1
    before, _, _ = html.partition("<details")
    assert before.count("<figure") == 3


def test_the_keys_of_quoted_posts_are_wanted() -> None:
    source = '[quote="Ann, post: 34"]a[/quote] [quote=Bo;67]b[/quote] [quote="x, post:3, topic:12"]'
    assert wanted(source, "native").posts == {"34", "67", "12:3"}
