"""The BBCode that older forums stored."""

import pytest

from rostra.content.markup.attribution import attribution
from rostra.content.markup.render import render
from tests.content.markup.test_native import EMBED, flat


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("\n\na\n\n\n\nb\n", "<p>a</p><p>b</p>"),
        ("**a** `b` # c", "<p>**a** `b` # c</p>"),
        ("[B]a[/b]", "<p><strong>a</strong></p>"),
        ("[b:3a4f]a[/b:3a4f]", "<p><strong>a</strong></p>"),
        ("[list=1:3a4f][*:3a4f]a[/*:m:3a4f][/list:o:3a4f]", "<ol><li>a</li></ol>"),
        ("[quote:3a4f]a[/quote:3a4f]",
         '<figure class="quote"><blockquote><p>a</p></blockquote></figure>'),
        ("[list]\n[*]a\n[*]b\n\nc\n[/list]", "<ul><li>a</li><li>b<br><br>c</li></ul>"),
        ("[list][*]a", "<ul><li>a</li></ul>"),
        ("[ul][li]a[/li][li]b[/li][/ul]", "<ul><li>a</li><li>b</li></ul>"),
        ("[*]a", "<p>[*]a</p>"),
        ("[php]echo 1;[/php]", '<pre><code class="language-php">echo 1;</code></pre>'),
        ("[code]a", "<p>[code]a</p>"),
        ("[code][code]a[/code]", "<pre><code>[code]a</code></pre>"),
        ("[video=youtube;dQw4w9WgXcQ]x[/video]", EMBED),
        ("[media=vimeo]123[/media]", '<rostra-embed data-provider="vimeo" data-video="123">'
         '<a href="https://vimeo.com/123">https://vimeo.com/123</a></rostra-embed>'),
        ("[media=tiktok]123[/media]", "<p>[tiktok] 123</p>"),
        ("[url=http://a.b][/url]", '<p><a href="http://a.b">http://a.b</a></p>'),
        ("[url=http://a.b][img]http://c.d/e[/img][/url]", '<p><a href="http://a.b">'
         '<span class="remote-image"><span data-word="image"></span> c.d</span></a></p>'),
        ("[url=http://a.b]c http://d.e f[/url]", '<p><a href="http://a.b">c http://d.e f</a></p>'),
        ("[table]a[tr]b[td]c[/table]", '<div class="table"><table dir="ltr"><tbody><tr><td>a</td></tr>'
         "<tr><td>b</td><td>c</td></tr></tbody></table></div>"),
        ("[size=200]a[/size][size=8pt]b[/size][size=+1]c[/size]",
         '<p><span class="size-huge">a</span>'
         '<span class="size-small">b</span><span class="size-large">c</span></p>'),
        ("[left]a[/left][align=right]b[/align]", '<div class="align-start"><p>a</p></div>'
         '<div class="align-end"><p>b</p></div>'),
        ("[indent]a[/indent]", '<div class="indent"><p>a</p></div>'),
        ("[h1]a[center]b[/center][/h1]", "<h4>a<br><br>b</h4>"),
        ("[bdo=rtl]a[/bdo]", '<p><bdo dir="rtl">a</bdo></p>'),
        ("https://youtu.be/dQw4w9WgXcQ\nx", f"{EMBED}<p>x</p>"),
        ("[i]https://youtu.be/dQw4w9WgXcQ[/i]", '<p><em><a href="https://youtu.be/dQw4w9WgXcQ">'
         "https://youtu.be/dQw4w9WgXcQ</a></em></p>"),
    ],
)  # fmt: skip
def test_bbcode(source: str, html: str) -> None:
    assert flat(source, "bbcode") == html


@pytest.mark.parametrize(
    ("argument", "name", "key"),
    [
        ("", "", None),
        ("Ann", "Ann", None),
        ('"Ann & Co, post: 12, member: 7"', "Ann & Co", "12"),
        ("Ann, post: 12", "Ann", "12"),
        ('"Ann, post: 5, post: 34"', "Ann", "34"),
        ('"Lee, Ann"', "Lee, Ann", None),
        ("John Doe;67376", "John Doe", "67376"),
        ("John; Doe;n67376", "John; Doe", "67376"),
        ("Ann Lee post_id=123 time=1234567890 user_id=2", "Ann Lee", "123"),
        ('"Ann" post_id=123', "Ann", "123"),
        ("author=Ann Lee link=msg=123 date=1370000000", "Ann Lee", "123"),
        ("author=Ann link=topic=1.msg123#msg123 date=1", "Ann", "123"),
        ("'Admin' pid='1' dateline='946684800'", "Admin", "1"),
        ("name='A B' post='1' timestamp='1'", "A B", "1"),
        ('"ann, post:3, topic:123, full:true"', "ann", "123:3"),
        ("&quot;Ann&quot;", "Ann", None),
        ("[TAG]Bob;12", "[TAG]Bob", "12"),
    ],
)
def test_attributions_of_nine_programs(argument: str, name: str, key: str | None) -> None:
    assert attribution(argument) == (name, key)


def test_a_quote_name_may_hold_brackets() -> None:
    assert 'data-said="[TAG]Bob"' in render("[quote=[TAG]Bob;12]x[/quote]", "bbcode").html
    assert 'data-said="[TAG]Bob"' in render('[quote="[TAG]Bob, post: 1"]x[/quote]').html
