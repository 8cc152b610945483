"""What is kept of a page: the order of what it says of itself, and what it may not say."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from rostra.content.previews import reader
from rostra.content.previews.pages import (
    Unreadable,
    canonical_of,
    decoded,
    is_page,
    read_apart,
    read_page,
    time_of,
)

URL = "https://news.example.org/a?id=1"
ARTICLE = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Not this"},
        {
            "@type": ["NewsArticle"],
            "headline": "Barrier closed\n in time",
            "datePublished": "2026-11-20T08:10:00+01:00",
            "dateModified": "2026-11-20T09:00:00Z",
            "author": [{"@type": "Person", "name": "A. Reporter"}, "B. Other"],
            "publisher": {"@type": "Organization", "name": "Harbour Courier"},
            "inLanguage": "en-GB",
        },
    ],
}
BODY = "".join(f"<p>The water stood at {n} metres that morning.</p>" for n in range(30))


def page(head="", body=BODY, data=None):
    said = "" if data is None else f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return f"<!doctype html><html lang='fr'><head>{head}{said}</head><body>{body}</body></html>"


SHARED = """
<title>A title | Site</title>
<meta property="og:title" content="Shared title"><meta property="og:site_name" content="The Site">
<meta property="og:url" content="https://news.example.org/a?id=1&utm=1">
<meta property="article:published_time" content="2026-11-19">
<meta name="description" content="What it is about.">
<link rel="canonical" href="/barrier">
"""


def test_what_is_meant_for_machines_comes_first():
    found = read_page(page(SHARED, data=ARTICLE), URL)
    assert (found.title, found.site, found.kind) == (
        "Barrier closed in time", "Harbour Courier", "article",
    )  # fmt: skip
    assert (found.published_at, found.is_exact) == (datetime(2026, 11, 20, 7, 10, tzinfo=UTC), True)
    assert found.modified_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert (found.authors, found.language) == ("A. Reporter, B. Other", "en-GB")
    assert found.url == "https://news.example.org/barrier"  # canonical beats og:url
    assert found.summary == "What it is about."
    assert found.text.count("\n") == 29


def test_what_is_meant_for_sharing_comes_next():
    found = read_page(page(SHARED), URL)
    assert (found.title, found.site, found.language) == ("Shared title", "The Site", "fr")
    assert (found.published_at, found.is_exact) == (datetime(2026, 11, 19, tzinfo=UTC), False)


def test_a_page_that_says_little():
    found = read_page("<title> A \u202e page </title><time datetime=2026-11-18>", URL)
    assert (found.title, found.site, found.url, found.kind) == ("A page", "", URL, "other")
    assert found.published_at == datetime(2026, 11, 18, tzinfo=UTC)
    with pytest.raises(Unreadable):
        read_page("<p>No title", URL)


def test_the_text_is_the_articles():
    body = f"<nav><p>Menu</p></nav><aside><p>Advert</p></aside><article>{BODY}</article><p>More</p>"
    text = read_page(page("<title>x</title>", body), URL).text
    assert text.startswith("The water stood at 0 metres")
    assert "Menu" not in text
    assert "Advert" not in text
    loose = "<div>Not a single paragraph<br>in <b>all</b> of it.</div><script>var x</script>"
    text = read_page(page("<title>x</title>", loose), URL).text
    assert "Not a single paragraph" in text
    assert "var x" not in text


def test_sec_037_a_page_names_no_other_publishers_address():
    """Nor one inside: what it calls canonical is kept as a name, and never fetched for itself."""
    for said in ("https://other.example/a", "http://127.0.0.1/", "javascript:alert(1)", "http://["):
        assert canonical_of(said, URL) == URL
    assert canonical_of("https://example.org/b#c", URL) == "https://example.org/b"


@pytest.mark.parametrize(
    ("said", "at", "is_exact"),
    [
        ("2026-11-20T07:10:00Z", datetime(2026, 11, 20, 7, 10, tzinfo=UTC), True),
        ("2026-11-20T07:10", datetime(2026, 11, 20, 7, 10, tzinfo=UTC), False),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC), False),
        ("yesterday", None, False),
        ("2099-01-01", None, False),
        ("0001-01-01T00:00:00+14:00", None, False),
        ("9" * 60, None, False),
    ],
)
def test_times(said, at, is_exact):
    assert time_of(said, datetime(2026, 11, 29, tzinfo=UTC)) == (at, is_exact)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("مرحبا".encode("cp1256"), "text/html; charset=windows-1256", "مرحبا"),
        ('<meta charset="cp1256">مرحبا'.encode("cp1256"), "text/html", '<meta charset="cp1256">مرحبا'),
        (b"\xef\xbb\xbfx", "text/html;charset=latin1", "x"),
        (b"a\xff", "text/html; charset=base64", "a\ufffd"),
        (b"a\xff", "text/html; charset=nonsense", "a\ufffd"),
        (b"\x93a\x94", "text/html; charset=iso-8859-1", "“a”"),
        (b"a\xff", "text/html; charset=punycode", "a\ufffd"),
        ("水位".encode("shift_jis"), "text/html; charset=Shift_JIS", "水位"),
        ("水位".encode("gbk"), "text/html; charset=gb2312", "水位"),
    ],
)  # fmt: skip
def test_letters(body, kind, text):
    assert decoded(body, kind) == text


def test_what_is_a_page():
    assert is_page("text/html; charset=x")
    assert is_page("")
    assert is_page("application/pdf")
    assert not is_page("application/zip")
    assert not is_page("image/svg+xml")


@pytest.mark.parametrize(
    "data",
    [None, [], 7, "x", {"@type": "NewsArticle"}, {"@type": "NewsArticle", "headline": {"a": []}},
     {"@type": "NewsArticle", "headline": ["x", 7], "author": {"name": 7}, "publisher": [[]]}],
)  # fmt: skip
def test_data_of_any_shape(data):
    assert read_page(page("<title>Plain</title>", data=data), URL).title in ("Plain", "x")


def test_sec_041_a_page_made_to_break_its_reader_breaks_its_own_process():
    """Nesting without end costs a parser the square of it: it ends with its process, in time."""
    began = time.monotonic()
    with pytest.raises(Unreadable):
        read_apart(b"<title>x</title>" + b"<div>" * 500_000, "text/html", URL)
    assert time.monotonic() - began < 3 * reader.SECONDS
    there = page("<title>Still here</title>").encode()
    assert read_apart(there, "text/html", URL).title == "Still here"
