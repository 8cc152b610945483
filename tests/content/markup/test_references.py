"""Mentions, links, pictures, videos and smilies."""

import pytest
from bench.fuzz.dangers import dangers

from rostra.content.markup.embeds import embed
from rostra.content.markup.links import REL, safe_url
from rostra.content.markup.references import Known, LocalRef, MemberRef
from rostra.content.markup.render import render, wanted
from rostra.content.markup.sanitize import clean
from rostra.content.markup.smilies import SMILIES, codes_like, with_smilies

JO = MemberRef(7, "Jo Ferreira")
KNOWN = Known(
    members={"Jo Ferreira": JO, "Joe": MemberRef(8, "Joe"), "יעל כהן": MemberRef(9, "יעל כהן")},
    local={
        "https://forum.test/threads/12": LocalRef("thread", 12),
        "https://forum.test/posts/34": LocalRef("post", 34),
    },
)
JO_LINK = '<a class="mention" data-member="7" href="/members/7">@<bdi>Jo Ferreira</bdi></a>'


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
@pytest.mark.parametrize(
    ("source", "members"),
    [
        ("@Jo Ferreira said", (7,)),
        ("(@Jo Ferreira's)", (7,)),
        ("@Jo Ferreira.", (7,)),
        ("**@Jo Ferreira**", (7,)),
        ("@Joe Ferreira", (8,)),
        ('@"Jo Ferreira"#p12', (7,)),
        ("[user=7]Jo Ferreira[/user]", (7,)),
        ("@יעל כהן אמרה", (9,)),
        ("a@Joe", ()),
        ("@Joey", ()),
        ("@nobody", ()),
        ("[code]@Joe[/code]", ()),
        ("[url=http://a.b]@Joe[/url]", ()),
        ("http://a.b/@Joe", ()),
    ],
)
def test_mentions(source: str, members: tuple[int, ...], dialect: str) -> None:
    assert render(source, dialect, KNOWN).mentions == members


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
def test_a_mention_in_a_quote_is_linked_but_tells_nobody(dialect: str) -> None:
    rendered = render("[quote=Ann]hi @Jo Ferreira[/quote] @Joe", dialect, KNOWN)
    assert JO_LINK in rendered.html
    assert rendered.mentions == (8,)


def test_the_longest_member_name_wins() -> None:
    names = {"Ann": MemberRef(1, "Ann"), "Ann Lee": MemberRef(2, "Ann Lee")}
    assert render("@Ann Lee Smith", "native", Known(members=names)).mentions == (2,)


def test_a_mention_is_written_with_its_name_apart() -> None:
    assert JO_LINK in render("Hi @Jo Ferreira!", "native", KNOWN).html


def test_sec_007_a_name_of_markup_is_text() -> None:
    known = Known(members={"Joe": MemberRef(8, '<b onload="x">Joe</b>\u202e')})
    html = render("@Joe", "native", known).html
    assert '<bdi>&lt;b onload="x"&gt;Joe&lt;/b&gt;\u202e\u202c</bdi>' in html
    assert dangers(html) == []


def test_every_name_that_may_be_meant_is_wanted() -> None:
    names = wanted("Hi @Jo Ferreira's old friend, a@b.c", "native").names
    assert {"Jo Ferreira", "Jo Ferreira's", "Jo Ferreira's old"} <= names
    assert not any(name.startswith("b") for name in names)


def test_own_addresses_become_places_for_titles() -> None:
    source = "https://forum.test/threads/12 [x](https://forum.test/posts/34) https://o.test"
    rendered = render(source, "native", KNOWN)
    assert '<a data-thread="12"></a>' in rendered.html
    assert f'<a href="/posts/34" rel="{REL}">x</a>' in rendered.html
    assert (rendered.threads, rendered.posts, rendered.links) == ((12,), (34,), ("https://o.test",))
    assert {"https://forum.test/threads/12", "https://forum.test/posts/34"} <= wanted(
        source, "native"
    ).links


def test_sec_047_what_is_not_known_is_written_without_a_trace() -> None:
    html = render("https://forum.test/threads/13 @Jo Ferreira").html
    assert "data-" not in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)",
         "java\tscript:alert(1)",
        "java\nscript:x", "\x01javascript:x", "javascript&#58;x", "&#106;avascript:x",
         "data:text/html,x",
        "vbscript:x", "ｊavascript:x", "ｈttp://a.b", "ht\ttp://a.b", "http:a.b", "https:/a.b",
         "//a.b",
        "magnet:?x", "file:///x", "ftp://a.b", "http://", "http:///a", "mailto:x",
         "mailto:a@b\" x=y",
        "http://a\x00.b", "feed:javascript:x", "view-source:http://a.b", "http://[::1",
         "\u200bjavascript:x",
    ],
)  # fmt: skip
def test_sec_005_no_other_scheme_is_clickable(url: str) -> None:
    assert safe_url(url) is None or safe_url(url) == "http://a.b"
    for source in (f"[x]({url})", f"[x](<{url}>)", f"<{url}>", f"[url={url}]x[/url]",
                   f"[url]{url}[/url]", f"[img]{url}[/img]", f"![x]({url})"):  # fmt: skip
        for dialect in ("native", "bbcode"):
            assert dangers(render(source, dialect).html) == []


def test_sec_025_every_link_of_a_member_carries_rel() -> None:
    source = (
        "http://a.b www.a.b a@b.cd [x](http://a.b) <http://a.b> [url=http://a.b]x[/url] "
        "[email=a@b.cd]x[/email] [img]http://a.b/c[/img] ![x](http://a.b)\n\nhttps://youtu.be/dQw4w9WgXcQ"
    )
    html = render(source).html
    assert html.count("<a ") == html.count(f'rel="{REL}"') == 10


@pytest.mark.parametrize(
    ("url", "video", "start"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "dQw4w9WgXcQ", ""),
        ("https://www.youtube.com/watch?list=PLx&v=dQw4w9WgXcQ&t=90", "dQw4w9WgXcQ", "90"),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ#t=1m30s", "dQw4w9WgXcQ", "90"),
        ("https://youtu.be/dQw4w9WgXcQ?t=1h2m3s", "dQw4w9WgXcQ", "3723"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "dQw4w9WgXcQ", ""),
        ("https://www.youtube.com/live/dQw4w9WgXcQ?si=x", "dQw4w9WgXcQ", ""),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=5", "dQw4w9WgXcQ", "5"),
        ("https://vimeo.com/76979871", "76979871", ""),
        ("https://player.vimeo.com/video/76979871#t=10s", "76979871", "10"),
    ],
)
def test_forms_of_video_addresses(url: str, video: str, start: str) -> None:
    html = embed(url) or ""
    assert f'data-video="{video}"' in html
    assert (f'data-start="{start}"' in html) == bool(start)


@pytest.mark.parametrize(
    "url",
    [
        "https://youtube.com.evil.test/watch?v=dQw4w9WgXcQ",
        "https://evil.test/youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com@evil.test/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8080/watch?v=dQw4w9WgXcQ",
        "https://notyoutu.be/dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQQ",
        'https://youtu.be/dQw" onload=x',
        "https://www.youtube.com/watch?v=dQw4w9WgXc",
        "https://www.youtubе.com/watch?v=dQw4w9WgXcQ",
        "javascript://youtu.be/dQw4w9WgXcQ",
        "https://vimeo.com/76979871x",
        "https://[youtu.be/dQw4w9WgXcQ",
    ],
)
def test_sec_004_what_only_looks_like_a_video_is_none(url: str) -> None:
    assert embed(url) is None
    assert "<rostra-embed" not in render(f"[media=youtube]{url}[/media]").html


def test_sec_004_an_id_with_more_in_it_is_none() -> None:
    html = render('[media=youtube]dQw" onload=x[/media]').html
    assert "<rostra-embed" not in html
    assert dangers(html) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (":)", 1), ("a :) b", 1), ("a :cuckoo: :yahoo:", 2), (":):)", 2), ("(:)", 1),
        ("http://a", 0), ("a:/b", 0), ("C:\\x", 0), ("10:30:45", 0), ("(7, 8)", 0), ("so 8)",
         1), (":unknown:", 0),
        ("a :D", 1), ("x:D", 0), ("std::cout", 0), ("<3", 1), ("1<3", 0), ("Windows XD", 1),
        ("XDR", 0),
    ],
)  # fmt: skip
def test_smilies_stand_by_themselves(text: str, count: int) -> None:
    assert with_smilies(text).count('class="smilie"') == count


def test_no_smilies_in_code_and_addresses() -> None:
    html = render("`:)` http://a.b/:P/ [code]:)[/code] [x](http://a.b/:P) \\:)").html
    assert "smilie" not in html


def test_sec_006_the_table_of_smilies_holds_no_markup() -> None:
    assert len(SMILIES) > 400
    for code, emoji in SMILIES.items():
        assert len(code) > 1
        assert not set(emoji) & set("<>&\"'/.:")
        assert dangers(clean(with_smilies(code))) == []


@pytest.mark.parametrize("dialect", ["native", "bbcode"])
@pytest.mark.parametrize(
    "source",
    [
        "[color=red;background:url(//e/)]x[/color]", "[size=1;position:fixed]x[/size]",
        "[font='\"><x]y[/font]", "[color='\"><script>']x[/color]", "[size=\"1\" onclick=x]y[/size]",
    ],
)  # fmt: skip
def test_sec_002_colours_and_sizes_are_classes_or_nothing(source: str, dialect: str) -> None:
    html = render(source, dialect).html
    assert "style=" not in html.replace("&quot;", "")
    assert dangers(html) == []


@pytest.mark.parametrize(
    "quote", ['"', "'", "&quot;", "`", '\\"', "&#34;", "“", '">', "'>", "\" '"]
)
def test_sec_003_no_argument_leaves_its_attribute(quote: str) -> None:
    for name in ("email", "url", "color", "size", "font", "quote", "spoiler", "user", "code", "img",
                 "list", "media", "align", "heading", "bdo"):  # fmt: skip
        for source in (
            f"[{name}=a@b.cd{quote} onmouseover=x]c[/{name}]",
            f"[{name}={quote}a@b.cd onmouseover=x{quote}]c[/{name}]",
            f"[{name}]a@b.cd{quote} onmouseover=x[/{name}]",
        ):
            assert dangers(render(source, "bbcode").html) == []
            assert dangers(render(source).html) == []


@pytest.mark.parametrize(
    ("begun", "first"),
    [("smil", ":smile:"), ("SMIL", ":smile:"), ("thumbsu", ":thumbsup:"), ("no such thing", None)],
)
def test_smilies_by_how_their_names_begin(begun: str, first: str | None) -> None:
    found = codes_like(begun, 8)
    assert [code for code, _ in found][:1] == ([first] if first else [])
    assert len(found) == len({sign for _, sign in found}) <= 8
