"""Corpora become archives: their quotes, people and days by the rules written down with them."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench.corpora import alriyadh, fourforums, percqa
from bench.corpora.convert import main, write_archive
from bench.corpora.fourforums import Span, with_quotes
from bench.corpora.repair import repaired, without_phones

from rostra.transfer.archive_format import record_of
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    ReactionRecord,
    Record,
    Skipped,
    ThreadRecord,
)
from tests.transfer.importers.corpora import corpus, needs_data


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("old new", [Span(0, 3, "Ann", 5)], "[quote=Ann;5]old[/quote]\n new"),
        ("old new", [Span(0, 3, "Ann", None)], "[quote=Ann]old[/quote]\n new"),
        ("old new", [Span(0, 3, "unknown_author", None)], "[quote]old[/quote]\n new"),
        ("old new", [Span(0, 3, "A]b;[c", 5)], "[quote=A b  c;5]old[/quote]\n new"),
        (
            "ab",
            [Span(0, 2, "A", 1), Span(0, 1, "B", 2)],
            "[quote=A;1][quote=B;2]a[/quote]\nb[/quote]",
        ),
        (
            "abc",
            [Span(0, 2, "A", 1), Span(1, 3, "B", 2)],
            "[quote=A;1]ab[/quote]\n[quote=B;2]c[/quote]",
        ),
        ("ab", [Span(1, 1, "A", 1)], "ab"),
        ("&lt;[i]x", [Span(0, 4, "A&amp;B", 1)], "[quote=A&B;1]<[/quote]\n[i]x"),
    ],
)
def test_quotes_are_put_back(text: str, spans: list[Span], expected: str) -> None:
    assert with_quotes(text, spans) == expected


def test_texts_are_mended() -> None:
    assert repaired("Don\x92t &amp; won&#39;t") == "Don’t & won't"
    assert (
        without_phones("call 0912 345 6789 or ۰۹۱۲۳۴۵۶۷۸۹, room 4012") == "call … or …, room 4012"
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("03:27 صباحاً 2012/01/21", datetime(2012, 1, 21, 0, 27, tzinfo=UTC)),
        ("12:05 صباحاً 2012/01/21", datetime(2012, 1, 20, 21, 5, tzinfo=UTC)),
        ("12:05 مساءً 2012/01/21", datetime(2012, 1, 21, 9, 5, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_arabic_times(raw: str, expected: datetime | None) -> None:
    assert alriyadh.time_of(raw) == expected


def test_only_a_mark_at_the_end_makes_a_guest() -> None:
    assert alriyadh.GUEST.sub("", "سامي (زائر)") == "سامي"
    assert alriyadh.GUEST.sub("", "زائر الليل") == "زائر الليل"


def test_an_archive_is_written_and_read_again(tmp_path: Path) -> None:
    records: list[Record | Skipped] = [
        BoardRecord(id="b", title="B"),
        ThreadRecord(id="t", board="b", title="T"),
        PostRecord(id="p", thread="t", source="x\ny", dialect="plain"),
        Skipped("y", "why"),
    ]
    counts = write_archive(records, tmp_path, "corpora/x")
    assert counts == {"board": 1, "thread": 1, "post": 1, "skipped: why": 1}
    line = (tmp_path / "posts.jsonl").read_text()
    assert line == '{"dialect":"plain","id":"p","source":"x\\ny","thread":"t"}\n'
    assert record_of("post", line) == records[2]
    assert '"format":"rostra-archive"' in (tmp_path / "archive.json").read_text()


def test_the_command_names_the_corpora(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "percqa_fa" in capsys.readouterr().err


def counted(
    read: Callable[[Path], object], name: str
) -> tuple[list[Record | Skipped], Counter[str]]:
    found = list(read(corpus(name)))  # type: ignore[call-overload]
    return found, Counter(type(record).__name__ for record in found)


def posts_of(found: list[Record | Skipped]) -> list[PostRecord]:
    posts = [record for record in found if isinstance(record, PostRecord)]
    seen: set[str] = set()
    for post in posts:
        assert post.reply_to is None or post.reply_to in seen
        seen.add(post.id)
    assert len(seen) == len(posts)
    return posts


@pytest.mark.corpus
@needs_data
def test_the_figures_of_a_debate_board() -> None:
    found, counts = counted(fourforums.records, "iac_fourforums")
    posts = posts_of(found)
    assert counts["ThreadRecord"] == 989
    assert len(posts) == 40_019
    assert counts["MemberRecord"] == 837
    assert sum(post.reply_to is not None for post in posts) == 28_054 + 10_976
    # Of 54,744 quotes one is empty; 64 more, one of them with a number, stand in the texts.
    assert sum(post.source.count("[quote") for post in posts) == 54_743 + 64
    tied = sum(len(re.findall(r"\[quote=[^\[\]]*;\d+\]", post.source)) for post in posts)
    assert tied == 48_832 + 1
    assert all(post.created_at for post in posts)
    titles = [record.title for record in found if isinstance(record, ThreadRecord)]
    assert not [title for title in titles if "4Forums.com" in title or not title]


@pytest.mark.corpus
@needs_data
def test_the_figures_of_a_newspaper() -> None:
    found, counts = counted(alriyadh.records, "alriyadh_comments_ar")
    posts = posts_of(found)
    assert counts["ThreadRecord"] == 2_015
    assert len(posts) == 17_840 + 2_015  # every article's title is its opening post
    assert counts["MemberRecord"] == 1_584
    assert sum(post.author is not None for post in posts) == 4_653
    assert sum("data-source=" in post.source for post in posts) == 399
    assert counts["ReactionRecord"] + counts["Skipped"] == 9_649
    assert sum(post.created_at is None for post in posts) == 2_015
    likes = [record.count for record in found if isinstance(record, ReactionRecord)]
    assert max(likes) == 118


@pytest.mark.corpus
@needs_data
def test_the_figures_of_a_persian_forum() -> None:
    found, counts = counted(percqa.records, "percqa_fa")
    posts = posts_of(found)
    assert counts["ThreadRecord"] == 717
    assert len(posts) == 16_574 + 717
    assert sum(post.reply_to is not None for post in posts) == 8_922
    assert counts["Skipped"] == 61
    assert sum(post.created_at is None for post in posts) == 8_469
    members = {record.id for record in found if isinstance(record, MemberRecord)}
    assert {post.author for post in posts} == members
    assert not [post for post in posts if "&nbsp;" in post.source]
