"""Html that is not given to the parser is html that the parser would not change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.content.markup.render import render
from rostra.content.markup.sanitize import _cleaned, _is_kept
from rostra.content.markup.settled import is_settled

REL = 'rel="nofollow ugc noopener noreferrer"'
TEXTS = ["x", "<br>\n", "&lt;", "&gt;", "&amp;", "&nbsp;", " ", "\n", '"', "é", "\x0c", "\x1f"]
LEAVES = [('<p dir="auto">', "</p>"), ('<pre dir="auto">', "</pre>")]
BLOCKS = [
    ('<figure class="quote"><blockquote dir="auto">', "</blockquote></figure>\n"),
    (
        '<figure class="quote"><figcaption dir="auto"><span data-said="Ann"></span></figcaption>'
        '<blockquote dir="auto">',
        "</blockquote></figure>\n",
    ),
    (
        '<figure class="quote"><figcaption dir="auto"><a data-quote="5"></a><span class="mark">'
        '<span data-word="altered"></span></span></figcaption><blockquote dir="auto">',
        "</blockquote></figure>",
    ),
    (
        '<details class="fold"><summary dir="auto"><span data-word="signature"></span></summary>'
        '<div class="signature" dir="auto">',
        "</div></details>",
    ),
    ('<details class="fold"><summary dir="auto">begin 644</summary>', "</details>"),
]
INLINE = [
    ("<em>", "</em>"),
    ("<code>", "</code>"),
    (f'<a href="http://a.b/" {REL}>', "</a>"),
    (f'<a href="http://a.b/?c=1&amp;d" {REL}>', "</a>"),
    ('<span class="smilie" title=":)">', "</span>"),
]
BROKEN = [
    *("<", ">", "&", ";", "&am", "p;", "&copy", "\0", "\r", "\xa0", "<p>", "<p ", 'dir="auto">'),
    *("</p>", "</pre>", "</a>", "</em>", "</figure>", "</blockquote>", "</details>", "<table>"),
    *("<svg>", "<select>", "<title>", "<script>", "<style>", "<!--", "<b>", '<span title="', '">'),
    *('<a href="javascript:x">', "<em onclick=x>", '<span data-said="a<br>b">', "<textarea>"),
]


def _within(pairs: list[tuple[str, str]], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(pairs), inner).map(lambda made: made[1].join(made[0]))


text = st.lists(st.sampled_from(TEXTS), max_size=4).map("".join)
line = st.lists(st.one_of(text, _within(INLINE, text)), max_size=3).map("".join)
leaf = st.one_of(_within(LEAVES, line), st.just("<hr>\n"))
block = st.recursive(
    leaf, lambda inner: _within(BLOCKS, st.lists(inner, max_size=3).map("\n".join))
)
anything = st.lists(st.one_of(block, line, st.sampled_from(BROKEN)), max_size=4).map("".join)


@settings(max_examples=300, deadline=None)
@given(html=st.one_of(block, anything), broken=st.sampled_from(BROKEN), at=st.integers(0, 400))
def test_the_parser_changes_nothing_of_what_is_settled(html: str, broken: str, at: int) -> None:
    """SEC-016: neither in what is well made, nor where a piece of anything stands in it."""
    for made in (html, html[:at] + broken + html[at:], html[:at] + html[at + 4 :]):
        if is_settled(made, _is_kept):
            assert _cleaned(made) == made


@pytest.mark.parametrize(
    "html",
    [
        "<p>x</p>",
        '<p dir="auto">x',
        '<p dir="auto">a > b</p>',
        '<p dir="auto">a\0</p>',
        '<p dir="auto"><a href="javascript:x">x</a></p>',
        f'<p dir="auto"><a href="http://a.b/" {REL}><a href="http://a.b/" {REL}>x</a></a></p>',
        '<p dir="auto"><p dir="auto">x</p></p>',
        '<pre dir="auto">\nx</pre>',
        '<figure class="quote"><blockquote dir="auto"><p dir="auto">x</p></figure></blockquote>',
        '<em><p dir="auto">x</p></em>',
        '<table><p dir="auto">x</p></table>',
    ],
)
def test_what_a_parser_may_change_is_not_settled(html: str) -> None:
    """SEC-016: a tag too much, too few, within another or not of the list."""
    assert not is_settled(html, _is_kept)


def test_mail_is_settled_with_its_quotes_links_and_signature() -> None:
    """Else all that is gained is lost, and nobody sees it."""
    source = (
        "Ann wrote:\n> > See http://a.b/c\n> & more\n\nI <do>.\n\n  | a    b\n  | c    d\n"
        "  | e    f\n-----------\n\n-- \nBob"
    )
    html = render(source, "plain").html
    assert is_settled(html, _is_kept)
    assert all(tag in html for tag in ("<figure", "<a href", "<details", "<pre", "<hr>"))
