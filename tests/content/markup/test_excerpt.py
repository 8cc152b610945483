"""Plain words and short texts of rendered fragments."""

import pytest

from rostra.content.markup.excerpt import excerpt, words
from rostra.content.markup.references import Known, MemberRef, PostRef
from rostra.content.markup.render import render


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a **b**c\n\nd", "a bc d"),
        ("[quote]no[/quote] yes\n\n> no\n\nyes", "yes yes"),
        ("[quote]no[quote]no[/quote]no[/quote] yes", "yes"),
        ("&amp; < `x < y` :)", "& < x < y 🙂"),
        ("[code]x\n  y[/code] z", "x y z"),
        ("- [x] a", "☑ a"),
        ("||b|| c [spoiler=T]d[/spoiler]", "b c T d"),
        ("", ""),
    ],
)
def test_words(source: str, text: str) -> None:
    assert words(render(source).html) == text


def test_words_of_mentions_and_markers() -> None:
    known = Known(
        members={"Joe": MemberRef(1, "Joe")}, posts={"1": PostRef(1, 1, "Ann", "other words")}
    )
    html = render('@Joe [quote="Ann, post: 1"]words[/quote] x', "native", known).html
    assert words(html) == "@Joe x"


def test_an_excerpt_leaves_spoilers_out_and_ends_on_a_word() -> None:
    html = render("one ||two|| three, four [spoiler]five[/spoiler] six").html
    assert excerpt(html) == "one three, four six"
    assert excerpt(html, 10) == "one three…"
    assert excerpt(html, 9) == "one three…"
    assert excerpt(html, 8) == "one…"
    assert excerpt(render("x" * 300).html, 20) == "x" * 19 + "…"
