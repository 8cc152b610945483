"""The Internet Argument Corpus' cut of a vBulletin forum: quotes put back where they stood.

The corpus names quoted stretches by their offsets in the text; they become `[quote=name;id]`
again. Left-over bbcode stays as it is.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bench.corpora.repair import repaired

from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    Record,
    Skipped,
    ThreadRecord,
)

_TITLE = re.compile(r"^4Forums\.com Political Debates and Polls -\s*")
_UNFIT_IN_NAME = re.compile(r"[\[\]\";\n]")
_NOBODY = ("", "unknown_author")


class Span(NamedTuple):
    """A quoted stretch of a text."""

    start: int
    end: int
    author: str
    post: int | None


class Discussion(NamedTuple):
    """A thread as the corpus holds it."""

    posts: list[Any]
    meta: dict[str, Any]
    quotes: dict[int, list[Span]]


def records(folder: Path) -> Iterator[Record | Skipped]:
    """Give boards, members, then each thread with its posts, threads by number."""
    discussions = {name: found for archive in _archives(folder) for name, found in _read(archive)}
    ordered = [discussions[name] for name in sorted(discussions)]
    yield from _boards(ordered)
    for name in dict.fromkeys(post[2] for found in ordered for post in found.posts):
        yield MemberRecord(id=name, name=name)
    for found in ordered:
        yield from _thread(found)


def _archives(folder: Path) -> list[Path]:
    return sorted(folder.glob("iac-*.tar.xz"))


def _read(archive: Path) -> Iterator[tuple[int, Discussion]]:
    files: dict[str, Any] = {}
    with tarfile.open(archive, "r:xz") as tar:
        for member in tar:
            wanted = member.name.startswith(("discussions/", "ranges/quotes/"))
            if wanted and member.isfile() and (file := tar.extractfile(member)):
                files[member.name] = json.load(file)
    for name, found in files.items():
        if name.startswith("discussions/"):
            posts, _, meta = found
            spans = files.get(name.replace("discussions/", "ranges/quotes/"), [])
            yield int(meta["id_number"]), Discussion(posts, meta, _spans(spans))


def _spans(ranges: list[Any]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for post, (start, end, data) in ranges:
        span = Span(start, end, str(data.get("author") or ""), data.get("quote_id"))
        found.setdefault(post, []).append(span)
    return found


def _boards(discussions: list[Discussion]) -> Iterator[BoardRecord]:
    seen: dict[tuple[str, ...], None] = {}
    for found in discussions:
        path = tuple(found.meta["breadcrumbs"])
        for depth in range(1, len(path) + 1):
            seen.setdefault(path[:depth])
    for position, path in enumerate(seen):
        parent = _board_key(path[:-1]) if len(path) > 1 else None
        yield BoardRecord(id=_board_key(path), title=path[-1], parent=parent, position=position)


def _board_key(path: tuple[str, ...]) -> str:
    return " / ".join(path)


def _thread(found: Discussion) -> Iterator[Record | Skipped]:
    meta = found.meta
    key = str(meta["id_number"])
    title = _TITLE.sub("", repaired(meta["title"])).strip()
    first = found.posts[0]
    yield ThreadRecord(
        id=key,
        board=_board_key(tuple(meta["breadcrumbs"])),
        title=title,
        starter=first[2],
        created_at=_when(first[7]),
        addresses=(urlsplit(meta["url"]).path,),
    )
    for post, _, author, text, info, parent, _, when in found.posts:
        yield PostRecord(
            id=str(post),
            thread=key,
            source=_headed(info, title) + with_quotes(text, found.quotes.get(post, [])),
            dialect="bbcode",
            author=author,
            created_at=_when(when),
            reply_to=str(parent) if parent else None,
        )
        if info.get("attachments"):
            yield Skipped(f"post {post}", "attachment")


def _headed(info: dict[str, Any], thread_title: str) -> str:
    details = info.get("post_info")
    title = repaired(str((details or info).get("post_title") or "")).strip() if info else ""
    bare = title.removeprefix("Re: ")
    return f"[b]{title}[/b]\n" if bare and bare != thread_title else ""


def _when(seconds: float) -> datetime:
    # The site's zone is not known; its minutes are taken as UTC.
    return datetime.fromtimestamp(seconds, UTC)


def with_quotes(text: str, spans: list[Span]) -> str:
    """Put the quotes back around their words; one inside another stays inside.

    Where two overlap, the later one begins where the earlier one ends.
    """
    ordered = sorted((span for span in spans if span.end > span.start), key=_outer_first)
    return _quoted(text, 0, len(text), ordered).strip("\n")


def _outer_first(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _quoted(text: str, start: int, end: int, spans: list[Span]) -> str:
    parts: list[str] = []
    at = start
    while spans:
        span = spans.pop(0)
        begin, finish = max(span.start, at), min(span.end, end)
        if finish <= begin:
            continue
        parts.append(repaired(text[at:begin]))
        inner = [other for other in spans if other.start < finish]
        del spans[: len(inner)]
        spans[:0] = [other for other in inner if other.end > finish]
        inside = [other for other in inner if other.end <= finish]
        words = _quoted(text, begin, finish, inside).strip()
        parts.append(f"{_opening(span)}{words}[/quote]\n" if words else "")
        at = finish
    parts.append(repaired(text[at:end]))
    return "".join(parts)


def _opening(span: Span) -> str:
    name = _UNFIT_IN_NAME.sub(" ", repaired(span.author)).strip()
    if name in _NOBODY:
        return f"[quote=;{span.post}]" if span.post else "[quote]"
    return f"[quote={name};{span.post}]" if span.post else f"[quote={name}]"
