"""Questions and answers of a Persian forum: plain text, replies known, some days not."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from html import unescape
from pathlib import Path
from typing import Any

from bench.corpora.repair import without_phones

from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    Record,
    Skipped,
    ThreadRecord,
)

BOARD = "questions"
_SCRAPER_MARK = re.compile(r"^\. ?")
# The zone is not stated; standard time of Tehran is a guess.
_TEHRAN = timezone(timedelta(hours=3, minutes=30))


def records(folder: Path) -> Iterator[Record | Skipped]:
    """Give the board, the members by their ids, then each question with its comments."""
    threads = [thread for file in sorted(folder.glob("percqa*.json.xz")) for thread in _read(file)]
    yield BoardRecord(id=BOARD, title="پرسش و پاسخ")
    for key, name in _members(threads):
        yield MemberRecord(id=key, name=name)
    for thread in sorted(threads, key=lambda thread: int(thread["QID"])):
        yield from _thread(thread)


def _read(file: Path) -> list[dict[str, Any]]:
    with lzma.open(file, "rt", encoding="utf-8-sig") as text:
        threads: list[dict[str, Any]] = json.load(text)
    return threads


def _members(threads: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Name each id by the name it was used with most."""
    names: dict[str, Counter[str]] = {}
    for thread in threads:
        names.setdefault(str(thread["QUSERID"]), Counter())[thread["QUsername"]] += 1
        for comment in thread["Comments"]:
            names.setdefault(str(comment["CUSERID"]), Counter())[comment["CUsername"]] += 1
    for key, used in names.items():
        yield key, used.most_common(1)[0][0]


def _thread(thread: dict[str, Any]) -> Iterator[Record | Skipped]:
    key = str(int(thread["QID"]))
    asker, asked_at = str(thread["QUSERID"]), _when(thread["QDATE"])
    opening = f"q{key}"
    title = _tidy(thread["QSubject"]) or f"Question {key}"
    yield ThreadRecord(id=key, board=BOARD, title=title, starter=asker, created_at=asked_at)
    yield PostRecord(
        id=opening,
        thread=key,
        source=_tidy(thread["QBody"]),
        dialect="plain",
        author=asker,
        created_at=asked_at,
    )
    comments = sorted(thread["Comments"], key=lambda comment: int(comment["CID"]))
    known = {int(comment["CID"]) for comment in comments}
    for comment in comments:
        parent = comment["ReplayCommentId"]
        if parent is not None and int(parent) not in known:
            yield Skipped(f"comment {comment['CID']}: its parent {parent}", "parent_absent")
        yield _post(key, comment, known)


def _post(thread: str, comment: dict[str, Any], known: set[int]) -> PostRecord:
    parent = comment["ReplayCommentId"]
    text = _tidy(comment["CBody"])
    return PostRecord(
        id=str(int(comment["CID"])),
        thread=thread,
        source=_SCRAPER_MARK.sub("", text) if parent is not None else text,
        dialect="plain",
        author=str(comment["CUSERID"]),
        created_at=_when(comment["CDate"]),
        reply_to=str(int(parent)) if parent is not None and int(parent) in known else None,
    )


def _tidy(text: str | None) -> str:
    shown = unescape(text or "").replace("\xa0", " ").replace("\r\n", "\n")
    return without_phones(shown).strip()


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=_TEHRAN).astimezone(UTC) if text else None
