"""Which addresses mean the same document, and whose they are."""

from __future__ import annotations

import json
import re

import pytest

from rostra.content.previews.addresses import (
    host_of,
    is_of_same,
    joined,
    key_of,
    normalise,
    registrable,
)

SAME = [
    ("HTTP://News.Example.ORG:80", "http://news.example.org/"),
    ("https://example.org/a?b=2&a=1#part", "https://example.org/a?a=1&b=2"),
    ("https://example.org/a?utm_source=x&id=7&fbclid=1&gclid=2&igshid=3&mc_cid=4&mc_eid=5",
     "https://example.org/a?id=7"),
    ("https://example.org/?utm_campaign=x", "https://example.org/"),
    ("https://example.org/a/./b/../c", "https://example.org/a/c"),
    ("https://example.org/a/%2e%2e/..", "https://example.org/"),
    ("https://bücher.example/%7eann/ä", "https://xn--bcher-kva.example/~ann/%C3%A4"),
    ("https://example.org./x", "https://example.org/x"),
    ("https:\\\\example.org\\x", "https://example.org/x"),
    ("https://example.org/%c3%a4?q=%C3%a4", "https://example.org/%C3%A4?q=%C3%A4"),
    ("http://[2001:0DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
    ("https://①②⑦.example/", "https://127.example/"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), SAME)
def test_one_form_for_all_spellings(typed, kept):
    assert normalise(typed) == kept
    assert normalise(kept) == kept


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://example.org/", "javascript:alert(1)", "https://a@example.org/",
     "https://exa mple.org/", "https://example.org:99999/", "https://[::1/",
     "https://a..example/", "https://exa\u202emple.org/", "mailto:a@example.org",
     "https://example.org/" + 2000 * "x", "https://ex<b>.org/", "https://example.org%2fa/", "http://0x7f.1/", "http://2130706433/",
     "http://127.1/", "http://017700000001/", "https://xn--/"],
)  # fmt: skip
def test_sec_044_what_is_no_address_of_the_web(url):
    assert normalise(url) is None


def test_encrypted_or_not_it_is_the_same_document():
    assert key_of("http://example.org/a") == key_of("https://example.org/a")
    assert key_of("http://example.org/a") != key_of("http://example.org/b")


@pytest.mark.parametrize(
    ("host", "name"),
    [("news.bbc.co.uk", "bbc.co.uk"), ("www.example.org", "example.org"), ("co.uk", "co.uk"),
     ("ann.github.io", "ann.github.io"), ("localhost", "localhost"), ("127.0.0.1", "127.0.0.1"),
     ("a.b.c.kobe.jp", "b.c.kobe.jp"), ("x.xn--mgberp4a5d4ar", "x.xn--mgberp4a5d4ar"),
     ("2001:db8::1", "2001:db8::1")],
)  # fmt: skip
def test_who_registered_a_host(host, name):
    assert registrable(host) == name


def test_nobody_passes_for_another_publisher():
    assert is_of_same("https://m.example.co.uk/1", "https://www.example.co.uk/2")
    assert not is_of_same("https://one.co.uk/", "https://two.co.uk/")
    assert not is_of_same("https://ann.github.io/", "https://bob.github.io/")


def test_references_of_a_page():
    assert joined("https://example.org/a/b", "../c?utm_medium=x") == "https://example.org/c"
    assert joined("https://example.org/", "//other.example/x") == "https://other.example/x"
    assert joined("https://example.org/", "http://[") is None


def test_the_addresses_of_the_whatwg(test_data):
    """suites/urls: what is taken is taken as browsers take it; what is taken stays as it is."""
    cases = json.loads((test_data / "suites/urls/urltestdata.json").read_text())
    taken, others = 0, []
    for case in cases:
        if isinstance(case, str) or case.get("base") not in (None, "about:blank"):
            continue
        found = normalise(case["input"])
        if found is None:
            continue
        taken += 1
        assert normalise(found) == found, case
        if case.get("failure") or case["hostname"].strip("[]").rstrip(".") != host_of(found):
            others.append((case["input"], found))
    assert others == []
    assert taken > 60


def test_whatever_is_linked_has_one_form(test_data):
    """suites/urls, suites/media_embeds: every address in them is normalised once and for all."""
    lines = (test_data / "suites/urls/linkify_links.txt").read_text().split("\n")
    sites = (test_data / "suites/media_embeds/s9e_site_examples.json").read_text()
    urls = [line for line in lines if line.startswith(("http:", "https:")) and " " not in line]
    urls += re.findall(r"https?://[^\s\"\\]+", sites)
    found = [(url, kept) for url in urls if (kept := normalise(url)) is not None]
    assert len(found) > 300
    for url, kept in found:
        assert normalise(kept) == kept, url
        assert registrable(host_of(kept)), url
