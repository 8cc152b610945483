"""What members may try against other members."""

import itertools

import pytest
from bench.fuzz.dangers import dangers

from rostra.content.markup.render import render

WRAPPERS = [
    "[url=http://a.b/]{}[/url]",
    "[url]{}[/url]",
    "[img]http://c.d/{}[/img]",
    "[b]{}[/b]",
    "[email=a@b.cd]{}[/email]",
    "[quote={}]q[/quote]",
    "[color={}]c[/color]",
    "[x]({})",
    "![{}](http://e.f)",
    "<{}>",
    "http://g.h/{}",
    "`{}`",
    "[spoiler={}]s[/spoiler]",
]
CORES = ['" onerror=x//', "http://i.j/k", "www.l.m", "a@n.op", "<script>x</script>", "javascript:x"]
BIDI = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
@pytest.mark.parametrize("outer", WRAPPERS)
def test_sec_001_tags_in_links_in_tags_three_deep(outer: str, dialect: str) -> None:
    for middle, inner in itertools.product(WRAPPERS, WRAPPERS):
        for core in CORES:
            source = outer.replace("{}", middle.replace("{}", inner.replace("{}", core)))
            html = render(source, dialect).html
            assert dangers(html) == [], source
            assert html.count("<a ") == html.count("</a>")


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
def test_sec_019_no_form_can_be_built(dialect: str) -> None:
    source = (
        "<form id=x action=//e><input name=attributes><button formaction=//e>Log in</button></form>"
        "<style>p{}</style><p id=main name=body style=x>y</p>"
    )
    html = render(source, dialect).html
    assert dangers(html) == []
    assert "&lt;form id=x" in html


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
@pytest.mark.parametrize("control", BIDI)
def test_sec_020_directions_end_where_their_text_ends(control: str, dialect: str) -> None:
    closer = "\u2069" if control in "\u2066\u2067\u2068" else "\u202c"
    html = render(f"a{control}b [b]c[/b] d{control}e", dialect).html
    assert html.count(control) == html.count(closer) == 2
    assert "\u202c" not in render("a\u202cb\u2069c", dialect).html
    assert (
        control not in render(f"[quote=a{control}b]c[/quote]", dialect).html.split("data-said")[0]
    )


@pytest.mark.parametrize("control", BIDI)
def test_sec_020_directions_in_code_and_addresses_are_seen(control: str) -> None:
    mark = f'<span class="bidi">U+{ord(control):04X}</span>'
    for source in (f"`a{control}b`", f"[code]a{control}b[/code]", f"```\na{control}b\n```"):
        html = render(source).html
        assert mark in html
        assert control not in html
    assert control not in render(f"[url=http://a.b/{control}c]x[/url]").html


def test_sec_022_a_quoted_source_is_as_harmless_as_the_post() -> None:
    """Staff who quote or preview a hostile post render the same source again."""
    source = "<img src=x onerror=y> [url=javascript:x]z[/url] <svg/onload=x>"
    for frame in ("{}", '[quote="Ann, post: 1"]{}[/quote]', "> {}", "[noparse]{}[/noparse]"):
        assert dangers(render(frame.replace("{}", source)).html) == []
