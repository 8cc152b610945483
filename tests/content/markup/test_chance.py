"""What holds for every text, tried with texts made by chance."""

import re

import pytest
from bench.fuzz.dangers import dangers
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.content.markup.excerpt import excerpt, words
from rostra.content.markup.references import MARKER, Known, MemberRef, PostRef
from rostra.content.markup.render import render, wanted
from rostra.content.markup.sanitize import clean

PIECES = [
    "[b]", "[/b]", "[i]", "[/i]", "[url=http://a.b/]", "[/url]", "[url]", "[img]",
    "[/img]", "[quote]",
    '[quote="Ann, post: 34"]', "[/quote]", "[spoiler=x]", "[/spoiler]", "[list]", "[*]", "[/list]",
    "[code]", "[/code]", "[table]", "[tr]", "[td]", "[/td]", "[/table]", "[center]", "[/center]",
    "[color=red]", "[/color]", "[h1]", "[/h1]", "[noparse]", "[/noparse]",
    "[media=youtube]", "[/media]",
    "[user=1]", "[/user]", "[icode]", "[/icode]", "[hr]", "[email=a@b.c]", "[/email]",
    "**", "*", "__",
    "~~", "`", "```", "\n", "\n\n", "\n> ", "\n- ", "\n1. ", "\n# ", "\n    ", "|", "||",
    "|-|", "[a](",
    "](http://b.c)", "![", "[^1]", "\n[^1]: ", "\n[a]: /b\n", "<", ">", "&", "&amp;",
    '"', "'", "\\", ":)",
    "@Ann Lee", "http://a.b/c", "www.a.b", "a@b.cd", "https://youtu.be/dQw4w9WgXcQ",
    "<script>", "</p>",
    "<img src=x onerror=y>", "<!--", "-->", "<![CDATA[", '<a data-thread="12"></a>', "<svg><style>",
    '<span data-word="done"></span>', '" onload="x', "javascript:x", "\x00", "\u202e",
    "\u2066", "\ud800",
    "é", "שלום", "ا", "😀", "\u200d", "\ufeff", "\x85", "\u2028", "text", " ", "  ", "\t",
    "[x] ", "- [ ] ",
]  # fmt: skip
SOURCES = st.one_of(
    st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=30).map("".join),
)  # fmt: skip
KNOWN = Known(
    members={"Ann Lee": MemberRef(7, 'A"<b>nn')}, posts={"34": PostRef(34, 7, "Ann", "text a")}
)
TYPED = re.compile(r'<a data-thread="\d|<a data-post="\d')


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
@settings(max_examples=300, deadline=None)
@given(source=SOURCES)
def test_sec_016_every_text_is_rendered_without_danger(source: str, dialect: str) -> None:
    """SEC-001, SEC-016, SEC-019: nothing raises, nothing hostile stands, cleaning twice is idle."""
    rendered = render(source, dialect, KNOWN)
    assert dangers(rendered.html) == []
    assert clean(rendered.html) == rendered.html
    assert render(source, dialect, KNOWN) == rendered
    assert not TYPED.search(rendered.html)
    assert set(rendered.mentions) <= {7}


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
@settings(max_examples=200, deadline=None)
@given(source=SOURCES)
def test_what_is_rendered_was_wanted(source: str, dialect: str) -> None:
    """A name or post that is found was asked for before."""
    asked = wanted(source, dialect)
    rendered = render(source, dialect, KNOWN)
    assert "Ann Lee" in asked.names or not rendered.mentions
    assert "34" in asked.posts or not rendered.quotes


@settings(max_examples=200, deadline=None)
@given(source=SOURCES)
def test_words_are_plain_and_excerpts_short(source: str) -> None:
    html = render(source).html
    assert "\n" not in words(html)
    assert len(excerpt(html, 50)) <= 51


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
@pytest.mark.parametrize(
    "typed",
    [
        '<a data-thread="12"></a>', '<a data-post="12"></a>', '<a data-quote="12"></a>',
        '<span data-said="Ann"></span>', '<span data-word="done"></span>',
        '<a class="mention" data-member="7" href="/members/7">@<bdi>Ann</bdi></a>',
        '<rostra-embed data-provider="youtube" data-video="dQw4w9WgXcQ"></rostra-embed>',
    ],
)  # fmt: skip
def test_a_typed_marker_is_text(typed: str, dialect: str) -> None:
    frames = ("{}", "**{}**", "[b]{}[/b]", "`{}`", "[code]{}[/code]", "[quote]{}[/quote]",
              "[img]{}[/img]", "[url]{}[/url]", "[noparse]{}[/noparse]",
    "[user=1]{}[/user]")  # fmt: skip
    for frame in frames:
        html = render(frame.replace("{}", typed), dialect).html
        assert MARKER.search(html) is None
        assert "&lt;" in html


def test_a_typed_marker_in_an_argument_stays_in_its_attribute() -> None:
    quote, spoiler = "[quote=<a data-thread=12></a>]x[/quote]", '[spoiler=<a data-post="1"></a>]y'
    html = render(f"{quote} {spoiler}[/spoiler]").html
    assert "data-thread=" not in html.replace('data-said="a data-thread=12 /a"', "")
    assert "<a " not in html
