"""The native dialect: Markdown, and the BBCode that people type by habit."""

import re

import pytest

from rostra.content.markup.render import render


def flat(source: str, dialect: str = "native") -> str:
    """Render without what every block and link carries, on one line."""
    html = render(source, dialect).html
    html = re.sub(r' (?:dir="auto"|rel="[^"]*"|tabindex="0")', "", html)
    return re.sub(r"\n(?=<)|(?<=>)\n", "", html)


EMBED = (
    '<rostra-embed data-provider="youtube" data-video="dQw4w9WgXcQ"><a href="https://www.youtube.com'
    '/watch?v=dQw4w9WgXcQ">https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></rostra-embed>'
)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>"),
        ("# a\n## b\n###### c", "<h4>a</h4><h5>b</h5><h6>c</h6>"),
        ("> q", '<blockquote class="quote"><p>q</p></blockquote>'),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a", '<ol start="3"><li>a</li></ol>'),
        ("***", "<hr>"),
        (
            "- [x] a\n- [ ] b",
            '<ul><li><span class="task">☑ <span data-word="done"></span></span> a</li>'
            '<li><span class="task">☐ <span data-word="open"></span></span> b</li></ul>',
        ),
        (
            "|a|b|\n|-|:-:|\n|1|2|",
            '<div class="table"><table dir="ltr"><thead><tr><th>a</th><th class="align-center">b</th></tr>'
            '</thead><tbody><tr><td>1</td><td class="align-center">2</td></tr></tbody></table>'
            "</div>",
        ),
        ("```c++\nx < y\n```", '<pre><code class="language-c++">x &lt; y</code></pre>'),
        ('```a"b\nx\n```', "<pre><code>x</code></pre>"),
        ("a[^1]\n\n[^1]: b", '<p>a<sup class="footnote">[1]</sup></p>'
         '<section class="footnotes"><ol><li>b</li></ol></section>'),
        ("[^x]: only", '<section class="footnotes"><ol><li>only</li></ol></section>'),
        ("<b>x</b> &lt;i&gt; <!-- c -->", "<p>&lt;b&gt;x&lt;/b&gt; &lt;i&gt; &lt;!-- c --&gt;</p>"),
        ("[a](http://b.c)", '<p><a href="http://b.c">a</a></p>'),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
        ("[a](/b)", "<p>a</p>"),
        ("[a]\n\n[a]: http://b.c", '<p><a href="http://b.c">a</a></p>'),
        ("http://b.c/d_e_f*", '<p><a href="http://b.c/d_e_f">http://b.c/d_e_f</a>*</p>'),
        ("**http://b.c**", '<p><strong><a href="http://b.c">http://b.c</a></strong></p>'),
        ("![x](http://b.c/d.png)", '<p><a class="remote-image" href="http://b.c/d.png">'
         '<span data-word="image"></span> x</a></p>'),
        ("a || b || c", '<p>a <span class="spoiler"> b </span> c</p>'),
        ("|| a |||| b", "<p>|| a |||| b</p>"),
        ("https://youtu.be/dQw4w9WgXcQ", EMBED),
        ("see\nhttps://youtu.be/dQw4w9WgXcQ\nthere", f"<p>see</p>{EMBED}<p>there</p>"),
        ("see https://youtu.be/dQw4w9WgXcQ", '<p>see <a href="https://youtu.be/dQw4w9WgXcQ">'
         "https://youtu.be/dQw4w9WgXcQ</a></p>"),
    ],
)  # fmt: skip
def test_markdown(source: str, html: str) -> None:
    assert flat(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[b]a[/b] [I]c[/i]", "<p><strong>a</strong> <em>c</em></p>"),
        ("[b]a [i]b[/b] c[/i]", "<p><strong>a <em>b</em></strong><em> c</em></p>"),
        ("[b]a\n\nb[/b]", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("[b]**a** `[b]`[/b]", "<p><strong><strong>a</strong> <code>[b]</code></strong></p>"),
        ("x[i] = y[i]", "<p>x[i] = y[i]</p>"),
        ("[b]a", "<p>[b]a</p>"),
        ("\\[b]a[/b]", "<p>[b]a[/b]</p>"),
        ("[foo]a[/foo]", "<p>[foo]a[/foo]</p>"),
        ("[color=red]a[/color]", '<p><span class="c-red">a</span></p>'),
        ("[color=#ff0001]a[/color]", '<p><span class="c-red">a</span></p>'),
        ("[size=7]a[/size][size=3]b[/size]", '<p><span class="size-huge">a</span>b</p>'),
        ("[font=Arial]a[/font]", "<p>a</p>"),
        ("[url=http://b.c]**a**[/url]", '<p><a href="http://b.c"><strong>a</strong></a></p>'),
        ("[url]http://b.c[/url]", '<p><a href="http://b.c">http://b.c</a></p>'),
        ("[url=b.cd]a[/url]", '<p><a href="http://b.cd">a</a></p>'),
        ("[email]a@b.cd[/email]", '<p><a href="mailto:a@b.cd">a@b.cd</a></p>'),
        ("[img]http://b.c/d.png[/img]", '<p><a class="remote-image" href="http://b.c/d.png">'
         '<span data-word="image"></span> b.c</a></p>'),
        ("[icode]a *b*[/icode]", "<p><code>a *b*</code></p>"),
        ("[noparse][b]*a*[/b][/noparse]", "<p>[b]*a*[/b]</p>"),
        ("[ispoiler]a[/ispoiler]", '<p><span class="spoiler">a</span></p>'),
        ("[quote]a[/quote] b", '<figure class="quote"><blockquote><p>a</p></blockquote></figure>'
         "<p>b</p>"),
        ("[spoiler=T]\n- a\n[/spoiler]", '<details class="spoiler"><summary>T</summary>'
         "<ul><li>a</li></ul></details>"),
        ("[spoiler]a[/spoiler]", '<details class="spoiler"><summary><span data-word="spoiler">'
         "</span></summary><p>a</p></details>"),
        ("[list=a]\n[*]x\n[*]**y**\n[/list]", '<ol class="lower-alpha"><li>x</li>'
         "<li><strong>y</strong></li></ol>"),
        ("[list][*]a[list][*]b[/list][*]c[/list]",
         "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("[center]a[/center]", '<div class="align-center"><p>a</p></div>'),
        ("[b][center]a[/b][/center]", '<div class="align-center"><p><strong>a</strong></p></div>'),
        ("[code=python]\n[b]x[/b]\n\n> y\n[/code]",
         '<pre><code class="language-python">[b]x[/b]\n\n&gt; y</code></pre>'),
        ("```\n[quote]\n```\n`[quote]`",
         "<pre><code>[quote]</code></pre><p><code>[quote]</code></p>"),
        ("[table][tr][td]a[/td][th]b[/th][/tr][/table]", '<div class="table"><table dir="ltr"><tbody><tr>'
         "<td>a</td><th>b</th></tr></tbody></table></div>"),
        ("[heading=1]a[/heading][h3]b[/h3]", "<h4>a</h4><h6>b</h6>"),
        ("a[hr]b", "<p>a</p><hr><p>b</p>"),
        ("[rtl]a[/rtl]", '<div dir="rtl"><p>a</p></div>'),
        ("[media=youtube]dQw4w9WgXcQ[/media]", EMBED),
        ("[youtube]https://youtu.be/dQw4w9WgXcQ[/youtube]", EMBED),
    ],
)  # fmt: skip
def test_bbcode_of_habit(source: str, html: str) -> None:
    assert flat(source) == html


def test_every_block_finds_its_own_direction() -> None:
    source = (
        "# a\n\nb\n\n- c\n\n> d\n\n|e|\n|-|\n|f|\n\n[spoiler]g[/spoiler]\n\n"
        "[quote=x]h[/quote]\n\n    i"
    )
    html = render(source).html
    for tag in ("h4", "p", "li", "blockquote", "th", "td", "summary", "figcaption", "pre"):
        assert not re.search(rf"<{tag}(?![^>]* dir=\"auto\")[ >]", html), tag


def test_no_text_is_lost_in_the_depths() -> None:
    assert "deep" in render("> " * 500 + "deep").html
    assert "deep" in render("- " * 500 + "deep").html
    assert "deep" in render("[quote]" * 500 + "deep" + "[/quote]" * 500).html
    assert "deep" in render("[list][*]" * 500 + "deep" + "[/list]" * 500).html


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
def test_sec_103_nesting_is_cut_at_twenty(dialect: str) -> None:
    html = render("[quote]" * 1000 + "x" + "[/quote]" * 1000, dialect).html
    assert html.count("<blockquote") == 20
    assert html.count("older_quotes") == 1
    assert render("> " * 1000 + "x").html.count("<blockquote") == 20
