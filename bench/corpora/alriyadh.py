"""A newspaper's reader comments in Arabic: an article's title opens the thread.

The articles themselves are not in the corpus; 444 threads end at the page limit of twenty.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from pathlib import Path
from typing import Any

from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    ReactionRecord,
    Record,
    Skipped,
    ThreadRecord,
)

BOARD = "comments"
GUEST = re.compile(r"\s*\(زائر\)\s*$")
_TITLE = re.compile(r"^جريدة الرياض\s*:\s*")
_TIME = re.compile(r"(\d\d):(\d\d) (صباحاً|مساءً) (\d{4})/(\d\d)/(\d\d)")
_QUOTE = re.compile(r"<b>إقتباس من (.*?) :</b>\s*<i>\"</i>(.*)<i>\"</i>\s*", re.DOTALL)
_RIYADH = timezone(timedelta(hours=3))


def records(folder: Path) -> Iterator[Record | Skipped]:
    """Give the board, the members with a profile, then each article with its comments."""
    articles = [json.loads(line) for line in _lines(folder)]
    yield BoardRecord(id=BOARD, title="التعليقات")
    names: dict[str, str] = {}
    for article in articles:
        for comment in article["comments"]:
            if key := _member_of(comment):
                names.setdefault(key, comment["author"].strip())
    for key, name in names.items():
        yield MemberRecord(id=key, name=name, addresses=(f"/users/profile/{key}",))
    for article in sorted(articles, key=lambda article: int(article["article_id"])):
        yield from _thread(article)


def _lines(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("alriyadh_threads*.jsonl.xz")):
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            yield from lines


def _thread(article: dict[str, Any]) -> Iterator[Record | Skipped]:
    key = str(article["article_id"])
    title = _TITLE.sub("", article["title"]).strip()
    opening = f"article-{key}"
    yield ThreadRecord(id=key, board=BOARD, title=title, starter_name="الرياض")
    yield PostRecord(id=opening, thread=key, source=title, dialect="plain", author_name="الرياض")
    comments = sorted(article["comments"], key=lambda comment: int(comment["number"]))
    for at, comment in enumerate(comments):
        yield _post(key, comment, comments[:at])
        # Only the sum of the votes is known; a negative one has no like to show.
        if comment["rating"] > 0:
            yield ReactionRecord(post=str(comment["id"]), count=comment["rating"])
        elif comment["rating"] < 0:
            yield Skipped(f"comment {comment['id']}: {comment['rating']}", "negative_rating")


def _post(thread: str, comment: dict[str, Any], earlier: list[dict[str, Any]]) -> PostRecord:
    member = _member_of(comment)
    quote, source = _quoted(comment, earlier)
    return PostRecord(
        id=str(comment["id"]),
        thread=thread,
        source=quote + comment["body_html"],
        dialect="html",
        author=member,
        author_name="" if member else _name(comment["author"]),
        created_at=time_of(comment["time_raw"]),
        reply_to=source,
    )


def _quoted(comment: dict[str, Any], earlier: list[dict[str, Any]]) -> tuple[str, str | None]:
    """Write a comment's quote in the form of XenForo, tied to the comment it was taken from."""
    quote = comment.get("quote_html")
    if not quote:
        return "", None
    found = _QUOTE.fullmatch(quote)
    name, words = (found.group(1), found.group(2)) if found else ("", quote)
    source = next(
        (str(other["id"]) for other in reversed(earlier) if _is_source(other, name, words)), None
    )
    tied = f' data-source="post: {source}"' if source else ""
    return (
        f'<blockquote data-quote="{escape(_name(name))}"{tied}>{words}</blockquote>\n',
        source,
    )


def _is_source(other: dict[str, Any], name: str, words: str) -> bool:
    return _name(other["author"]) == _name(name) and _flat(words) in _flat(other["body_html"])


def _flat(html: str) -> str:
    return "".join(html.split())


def _member_of(comment: dict[str, Any]) -> str | None:
    profile = comment.get("profile")
    return profile.rstrip("/").rpartition("/")[2] if profile else None


def _name(author: str) -> str:
    return GUEST.sub("", author).strip()


def time_of(raw: str) -> datetime | None:
    """Read "03:27 صباحاً 2012/01/21", which is the time of Riyadh on a clock of twelve hours."""
    found = _TIME.fullmatch(raw.strip())
    if not found:
        return None
    hour, minute, half, year, month, day = found.groups()
    hours = int(hour) % 12 + (12 if half == "مساءً" else 0)
    when = datetime(int(year), int(month), int(day), hours, int(minute), tzinfo=_RIYADH)
    return when.astimezone(UTC)
