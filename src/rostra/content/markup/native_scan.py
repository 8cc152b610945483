"""The native dialect parted: blocks of BBCode, and between them texts that are Markdown."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from rostra.content.markup.bbscan import TAG, Step, Tag, closers_of, fill, read, tag_from
from rostra.content.markup.bbtags import IN_LINE

_FENCE = re.compile(
    r"^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)]))*[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$", re.M
)
_BLANK = re.compile(r"\n[ \t]*\n")
_TICKS = re.compile(r"\\`|`+")
_NOTE = re.compile(
    r"^\[\^([^\]\s\[]{1,40})\]:([^\n]*"
    r"(?:\n(?:(?: {2}|\t)[ \t]*+[^\s][^\n]*|(?:[ \t]*+\n){1,3}(?: {4}|\t)[ \t]*+[^\s][^\n]*))*)\n?",
    re.M,
)


class Span(NamedTuple):
    """A stretch of the source that is code."""

    start: int
    end: int


def steps_of(source: str) -> list[Step]:
    """Part a source into steps; their texts are Markdown."""
    if "[" not in source:
        return [Step("text", text=source)]
    return read(source, _block_tags(source))


def without_notes(source: str) -> tuple[str, dict[str, str]]:
    """Take the definitions of footnotes out of a source; the first of a name counts."""
    if "[^" not in source:
        return source, {}
    spans = list(code_spans(source))
    notes: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        if _is_in(found.start(), spans) or found[1] in notes:
            return found[0]
        notes[found[1]] = re.sub(r"^(?: {1,4}|\t)", "", found[2].lstrip(" \t"), flags=re.M).strip(
            "\n"
        )
        return "\n"

    return _NOTE.sub(take, source), notes


def code_spans(source: str) -> Iterator[Span]:
    """Find fenced code and code in lines, in order."""
    if "`" not in source and "~~~" not in source:
        return
    fences = list(_fenced(source))
    starts = [span.start for span in fences]
    ticks = [found for found in _TICKS.finditer(source) if found[0][0] == "`"]
    blanks = [found.start() for found in _BLANK.finditer(source)]
    by_length: dict[int, list[int]] = {}
    for found in ticks:
        by_length.setdefault(len(found[0]), []).append(found.start())
    spans = list(fences)
    end = 0
    for found in ticks:
        at = found.start()
        fence = bisect_left(starts, at + 1) - 1
        if at < end or (fence >= 0 and at < fences[fence].end):
            continue
        same = by_length[len(found[0])]
        closer = bisect_left(same, found.end())
        blank = bisect_left(blanks, at)
        limit = blanks[blank] if blank < len(blanks) else len(source)
        if closer < len(same) and same[closer] < limit:
            end = same[closer] + len(found[0])
            spans.append(Span(at, end))
    yield from sorted(spans)


def _fenced(source: str) -> Iterator[Span]:
    lines = list(_FENCE.finditer(source))
    longest = {"`": 0, "~": 0}
    reach: list[int] = []
    for found in reversed(lines):
        sign = found["fence"][0]
        reach.append(longest[sign])
        if not found["info"].strip():
            longest[sign] = max(longest[sign], len(found["fence"]))
    reach.reverse()
    at = 0
    while at < len(lines):
        opener = lines[at]
        if len(opener["fence"]) > reach[at] or "`" in opener["info"]:
            at += 1
            continue
        begun = at
        at += 1
        while not _closes(lines[at], opener):
            at += 1
        yield Span(lines[begun].start(), lines[at].end())
        at += 1


def _closes(found: re.Match[str], opener: re.Match[str]) -> bool:
    return (
        not found["info"].strip()
        and found["fence"][0] == opener["fence"][0]
        and len(found["fence"]) >= len(opener["fence"])
    )


def _block_tags(source: str) -> Iterator[Tag]:
    spans = list(code_spans(source))
    tags = [
        tag
        for found in TAG.finditer(source)
        if not _is_in(found.start(), spans)
        and not _is_escaped(source, found.start())
        and (tag := tag_from(found))
    ]
    closers = closers_of(tags)
    end = 0
    for tag in tags:
        if tag.start < end:
            continue
        if tag.kind == "verbatim" and not tag.is_closing:
            end = fill(tag, source, closers)
        if tag.kind != "format" and tag.name not in IN_LINE:
            yield tag


def _is_in(at: int, spans: list[Span]) -> bool:
    if not spans:
        return False
    before = bisect_left(spans, (at + 1, 0)) - 1
    return before >= 0 and at < spans[before].end


def _is_escaped(source: str, at: int) -> bool:
    count = 0
    while count < at and source[at - count - 1] == "\\":
        count += 1
    return count % 2 == 1
