"""What a thread is beside its words: checked without a database."""

import pytest

from rostra.forum.threads.heads import Head, checked, host_of
from rostra.kernel.errors import Invalid

LINK = "https://www.example.org/2026/barrier?page=2"


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        (Head(), Head()),
        (Head(""), Head()),
        (Head("question", LINK, "An excerpt."), Head("question")),
        (Head("discussion", "nonsense", "x" * 700), Head()),
        (Head("news", LINK), Head("news", LINK)),
        (Head("news", f" {LINK}\n"), Head("news", LINK)),
        (Head("news", "example.org/a"), Head("news", "http://example.org/a")),
        (Head("news", LINK, " It was closed.\r\n\r\n"), Head("news", LINK, "It was closed.")),
        (Head("news", LINK, "\u200b"), Head("news", LINK)),
        (Head("news", LINK, "ب" * 600), Head("news", LINK, "ب" * 600)),
        (
            Head("news", 'https://example.org/"><b>'),
            Head("news", "https://example.org/%22%3E%3Cb%3E"),
        ),
    ],
)
def test_a_head_is_kept_as(head, kept):
    assert checked(head) == kept


@pytest.mark.parametrize(
    ("head", "wrong"),
    [
        (Head("poll"), {"kind": "not_a_choice"}),
        (Head("news"), {"link": "link_missing"}),
        (Head("news", " ", "x" * 601), {"link": "link_missing", "excerpt": "excerpt_too_long"}),
        (Head("news", "https://example.org/" + "x" * 2000), {"link": "too_long"}),
        *(
            (Head("news", link), {"link": "link_odd"})
            for link in (
                "javascript:alert(1)", "mailto:a@example.org", "ftp://example.org/", "//example.org/a",
                "https://", "https://localhost/a", "https://127.0.0.1/a", "https://[::1]/a",
                "https://user:secret@example.org/", "https://example.org\\@evil.example/",
                "https://exa mple.org/", "https://\u202eexample.org/", "just words", "https://a..b/",
                "https://[x/", "data:text/html,x",
            )
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_field(head, wrong):
    with pytest.raises(Invalid) as caught:
        checked(head)
    assert caught.value.fields == wrong


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://www.Example.ORG:8443/a", "example.org"),
        ("http://news.example.co.uk", "news.example.co.uk"),
        ("https://مثال.example/خبر", "xn--mgbh0fb.example"),
        ("https://еxample.org/", "xn--xample-2of.org"),  # a Cyrillic е imitates nobody
        ("ftp://example.org", ""),
        ("", ""),
    ],
)
def test_the_source_is_shown_as(link, host):
    assert host_of(link) == host
