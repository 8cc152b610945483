"""Saved html of other forums: its meaning is kept, its markup never."""

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.content.markup import html
from rostra.content.markup.findings import Findings
from rostra.content.markup.references import (
    NOTHING_KNOWN,
    Known,
    LocalRef,
    MemberRef,
    PostRef,
    QuoteFound,
    Rendered,
)
from rostra.content.markup.sanitize import clean

DATA = os.environ.get("ROSTRA_TEST_DATA", "")
needs_data = pytest.mark.skipif(not DATA, reason="ROSTRA_TEST_DATA names no folder of test data")

OURS = (
    "p a b strong i em u s del ins sub sup mark br hr bdi h4 h5 h6 ul ol li dl dt dd blockquote "
    "figure figcaption pre code kbd small table tbody tr th td details summary span div "
    "rostra-embed"
)
FOREIGN = re.compile(
    rf"<(?!/?(?:{'|'.join(OURS.split())})[\s>])|<[^>]*\s(?:on\w+|style|src|srcset|id)\s*="
    r'|<[^>]*\shref="(?!https?://|/(?:threads|posts|members)/)',
    re.IGNORECASE,
)


def shown(source: str, known: Known = NOTHING_KNOWN) -> Rendered:
    found = Findings()
    return found.rendered(html.to_html(source, found, known))


def test_a_discourse_quote_is_tied_to_its_post() -> None:
    known = Known(posts={"12:4": PostRef(34, 7, "Dana", "The lock is too low.")})
    source = (
        '<aside class="quote" data-username="x" data-post="4" data-topic="12"><div class="title">'
        "x:</div><blockquote><p>The lock is {}</p></blockquote></aside>"
    )
    exact = shown(source.format("too low."), known)
    assert exact.quotes == (QuoteFound(34, "exact"),)
    assert '<a data-quote="34"></a>' in exact.html
    assert "x" not in exact.html.replace("exact", "")
    assert shown(source.format("too high."), known).quotes == (QuoteFound(34, "altered"),)


def test_a_xenforo_quote_is_tied_to_its_post() -> None:
    known = Known(posts={"27": PostRef(3, 7, "Dana", "One two")})
    source = (
        '<blockquote class="bbCodeBlock bbCodeBlock--quote" data-quote="D" data-source="post: 27">'
        '<div class="bbCodeBlock-content"><div class="bbCodeBlock-expandContent">One two</div>'
        '<div class="bbCodeBlock-expandLink"><a>Click to expand...</a></div></div></blockquote>'
    )
    assert shown(source, known).quotes == (QuoteFound(3, "exact"),)
    assert "Click" not in shown(source, known).html


def test_mentions_are_of_known_members_only() -> None:
    known = Known(members={"Milo": MemberRef(9, "Milo")})
    source = '<p><a class="mention" href="/u/milo">@Milo</a> <a class="mention">@Ann</a></p>'
    assert shown(source, known).mentions == (9,)
    assert "@Ann" in shown(source, known).html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<a href="/t/locks/12">there</a>', '<a href="/threads/5" rel='),
        ('<a href="/t/other/13">there</a>', '<p dir="auto">there</p>'),
        ('<a href="//cdn.example/x">there</a>', '<a href="https://cdn.example/x" rel='),
        ('<a href="mailto:ann@x.example">write</a>', '<p dir="auto">write</p>'),
        ('<a href="https://x.example/?m=ann@x.example">go</a>', '<p dir="auto">go</p>'),
        ('<a href="javascript:x()">go</a>', '<p dir="auto">go</p>'),
        ('<a href="https://x.example/"></a>', ">https://x.example/</a>"),
        ('<img src="https://x.example/a.png" alt="map">', 'class="remote-image" href="https'),
        ('<img src="/uploads/a.png" alt="map">', '<p dir="auto">map</p>'),
        ('<img class="emoji" alt=":hot_pepper:" src=x>', "🌶"),
        ('<img class="emoji" alt=":unamused:" title=":unamused:" src=x>', "😒"),
        ('<img class="emoji" alt=":frowning:" title=":frowning:" src=x>', "😦"),
        ('<img class="smilie" alt=":own_code:" src=x>', ":own_code:"),
        ("<h1>a</h1>", '<h4 dir="auto">a</h4>'),
        ("<pre>\n\na\n  b</pre>", '<pre dir="auto"><code>a\n  b</code></pre>'),
        ('<code class="lang-auto">a  b</code>', "<code>a b</code>"),
        ("a<br><br>b", '<p dir="auto">a</p>\n<p dir="auto">b</p>'),
        ("a<br/>\r\nb", '<p dir="auto">a<br>\nb</p>'),
        ("<details>x<summary>t</summary></details>", '<details><summary dir="auto">t</summary>'),
        ('<iframe src="https://player.vimeo.com/video/12"></iframe>', 'data-video="12"'),
        ('<video><source src="https://x.example/a.mp4"></video>', ">https://x.example/a.mp4</a>"),
        ("write to ann@x.example", "…@…"),
        ('<span class="__cf_email__" data-cfemail="1">[email]</span>', '<p dir="auto">…@…</p>'),
        ('<span class="spoiler">end</span>', '<span class="spoiler" tabindex="0">end</span>'),
        ("<font color=red>x</font>", '<span class="c-red">x</span>'),
    ],
)
def test_forms_of_other_forums(source: str, expected: str) -> None:
    known = Known(local={"/t/locks/12": LocalRef("thread", 5)})
    assert expected in shown(source, known).html


def test_wanted_names_quotes_links_and_members() -> None:
    wanted = html.wanted_html(
        '<aside class="quote" data-post="4" data-topic="12"></aside>'
        '<blockquote data-source="post: 27"></blockquote><cite><a href="x#p77" data-post-id="78">'
        '</a></cite> @Milo <a href="/t/locks/12?a=1&amp;b=2">x</a> https://x.example/y'
    )
    assert {"12:4", "27", "77", "78"} <= wanted.posts
    assert {"/t/locks/12?a=1&b=2", "https://x.example/y"} <= wanted.links
    assert "Milo" in wanted.names


def test_wanted_reads_a_topic_before_its_post() -> None:
    assert html.wanted_html('<aside data-topic="12" data-post="4">').posts == {"12:4"}


PIECES = """<b>|</b>|<p>|</p>|<div>|</div>|<table>|<tr>|<td>|</table>|<ul>|<li>|</a>|<style>|-->
|<a href=https://x/>|<svg>|<math>|<mtext>|<title>|<textarea>|<noscript>|<!--|<![CDATA[|<script>|&
|</script>|<img src=x onerror=y>|<blockquote>|<details>|<pre>|<template>|<select>|x|&lt;|"|'|>
|<|=|@"""
TAGS = st.sampled_from(PIECES.split("|"))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.lists(TAGS, max_size=40).map("".join), st.text(max_size=200)))
def test_any_source_becomes_our_own_html(source: str) -> None:
    written = shown(source).html
    assert not FOREIGN.search(written)
    assert clean(clean(written)) == clean(written)
    assert html.wanted_html(source) is not None


@pytest.mark.parametrize(
    "source",
    [
        "<!--" * 20_000,  # what made the standard library's parser take seconds
        "<![" * 20_000,
        "<div>" * 100_000,
        "<a" * 16_000,
        "".join(f"<b a={n}>" for n in range(8_000)) + "<p>x" * 8_000,
        "".join(f"<b a={n}><table></b></table>" for n in range(4_000)) + "<p>x" * 8_000,
        "<div><table></div></table>" * 8_000,
        '<aside class="quote">' * 1_999,
        "<blockquote>" * 1_999,
        "<ul><li>" * 900,
        "<span class=spoiler>x" * 1_999,
    ],
    ids=lambda source: source[:12],
)
def test_hostile_size_and_depth_are_bearable(source: str) -> None:
    start = time.process_time()
    html.to_html(source, Findings(), NOTHING_KNOWN)
    assert time.process_time() - start < 3


def test_words_right_inside_a_list_are_an_item_of_it() -> None:
    html = shown(
        "<ul>first <!-- x --> <li>second</li>\n third & last</ul><ol> <li>a</li> </ol>"
    ).html
    assert re.findall("<li[^>]*>(.*?)</li>", html) == ["first", "second", "third &amp; last", "a"]


def test_what_is_too_deep_is_kept_as_text() -> None:
    assert "words" in shown("<div>" * 5_000 + "words &amp; more").html


def _payloads() -> Iterator[str]:
    folder = Path(DATA) / "suites"
    for item in json.loads((folder / "xss/h5sc_items.json").read_text("utf-8")):
        data = item.get("data", "")
        yield from data if isinstance(data, list) else [data]
    for case in json.loads((folder / "xss/dompurify_expect.json").read_text("utf-8")):
        yield case["payload"]
    yield from json.loads((folder / "xss/owasp_payloads.json").read_text("utf-8"))
    yield from json.loads((folder / "naughty_strings/blns.json").read_text("utf-8"))


@pytest.mark.corpus
@needs_data
def test_no_payload_of_the_suites_survives() -> None:
    payloads = [payload for payload in _payloads() if isinstance(payload, str)]
    assert len(payloads) > 900
    assert [payload for payload in payloads if FOREIGN.search(shown(payload).html)] == []
