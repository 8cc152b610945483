"""A small part of what `python -m bench.fuzz` does for hours, and that it would find something."""

import pytest
from bench.fuzz.dangers import dangers, dangers_of_any
from bench.fuzz.inputs import Input, Maker
from bench.fuzz.judge import judge
from bench.fuzz.pieces import MUTATING
from bench.fuzz.smaller import smaller

from rostra.content.markup.references import DIALECTS
from rostra.content.markup.render import render
from rostra.content.markup.sanitize import clean

POSTS = 2_000


def test_sec_016_made_posts_are_rendered_without_a_fault() -> None:
    """SEC-016: nothing raises, nothing forbidden stands, cleaning twice is idle, in all dialects."""
    maker = Maker(1)
    found = [(number, judge(maker.make(number)).faults) for number in range(POSTS)]
    # How long it took is for the bench to say.
    assert [one for one in found if any(not fault.startswith("takes") for fault in one[1])] == []


def test_sec_016_the_same_number_gives_the_same_post() -> None:
    assert [Maker(5).make(n) for n in range(50)] == [Maker(5).make(n) for n in range(50)]
    assert {Maker(5).make(n).dialect for n in range(8)} == set(DIALECTS)


@pytest.mark.parametrize("source", MUTATING)
def test_sec_016_markup_that_changes_when_it_is_read_is_settled(source: str) -> None:
    """SEC-016, SEC-019: what parsers rewrite is rewritten until nothing changes, and harmless."""
    once = clean(source)
    assert clean(once) == once
    assert dangers_of_any(once) == []
    for dialect in DIALECTS:
        assert dangers(render(source, dialect).html) == []


@pytest.mark.parametrize(
    "html",
    [
        "<p onclick=x>a</p>", '<p style="x">a</p>', "<form>a</form>", "<img src=x>", "<p id=x>a</p>",
        '<a href="javascript:x">a</a>', '<a href="http://a.b/">a</a>', "<!-- a -->", "<p>a",
        "<script>x</script>", "<svg></svg>", "<p name=x>a</p>",
    ],
)  # fmt: skip
def test_what_is_dangerous_is_found(html: str) -> None:
    assert dangers(html) != []


def test_a_failing_post_is_made_small() -> None:
    assert smaller("a" * 300 + "<x>" + "b" * 300, lambda text: "<x>" in text) == "<x>"


@pytest.mark.parametrize("opening", ["<dl><dd>x", "<dl><dt>x<dd>y", "<ul>", "<ul><ul>", "<ol><p>"])
@pytest.mark.parametrize("count", [30, 399])
def test_sec_103_saved_html_nested_deep_is_written_once(opening: str, count: int) -> None:
    """Found by the long run: lists of terms doubled at each depth, lists in lists had no end."""
    source = opening * count
    assert judge(Input(source, "html")).faults == []
    assert len(render(source, "html").html) < 20 * len(source)


def test_line_feeds_that_begin_preformatted_text_stay() -> None:
    html = clean("<pre>\n\n x</pre>")
    assert html == "<pre>\n\n x</pre>"
