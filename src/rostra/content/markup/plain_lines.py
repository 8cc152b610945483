"""Lines of a mail: what each quotes, by whatever sign its writer's program put before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from typing import NamedTuple

from rostra.content.markup.text import tidy

MAX_DEPTH = 12

_ESCAPES = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_OVERSTRIKE = re.compile(r"[^\n\x08]\x08")
_STRONG = re.compile(r"[ \t]{0,3}(<->|\|>|>)[ ]?")
_STRONG_RUN = re.compile(r"(?:[ \t]{0,3}(?:<->|\|>|>)[ ]?)+")  # each holds one ">"
_WEAK = re.compile(r"[ ]{0,2}([|:}%#\]!=])(?![-'o^]?[)(DPp/\\\[\]|*]|\1\1|---|===)[ ]?")
_TAG = re.compile(
    r"[ \t]{0,4}([A-Za-z][A-Za-z0-9.]{0,11}>{1,3}|\[[A-Z][A-Za-z]{0,3}\]|[A-Z]{2,3}\])[ ]?"
)
_MARKED = re.compile(
    r"[ \t]{0,4}(?:[>|:}%#\]!=<]|[A-Za-z][A-Za-z0-9.]{0,11}>|\[?[A-Z][A-Za-z]{0,3}\])"
)
_INITIALS = re.compile(r"[A-Z]{2,3}>")
_ALWAYS_WEAK = "|:}"
_BOX = re.compile(r"[|:]\s*$|[|:].*\s[|]\s")


type _Marks = tuple[frozenset[str], frozenset[str]]


class Line(NamedTuple):
    """A line without its marks of quoting, how many there were, and the outermost of them."""

    depth: int
    text: str
    mark: str = ""


def clean(source: str) -> str:
    """Drop control characters, escapes and overstriking; every line ends in a line feed."""
    if "\x1b" in source:
        source = _ESCAPES.sub("", source)
    if "\x08" in source:
        source = _OVERSTRIKE.sub("", source)
    return tidy(source.replace("\x0c", "\n\n"))


def marked(lines: list[str]) -> list[int]:
    """Return the places of the lines that may be quotes.

    Every mark of quoting is looked for: a line that is not among these quotes nothing.
    """
    match = _MARKED.match
    return [at for at, line in enumerate(lines) if match(line)]


def split_quotes(lines: list[str], places: list[int], announced: Container[int]) -> list[Line]:
    """Tell for each line how deep it quotes.

    places: where `marked` lines are; announced: where lines say "X wrote:".
    """
    strong = [line for at in places if ">" in (line := lines[at])]
    others = [at for at in places if lines[at][0] != ">"]
    tags = _tags_of([lines[at] for at in others])
    weak = _weak_marks(lines, others, announced)
    inner = weak | _inner_marks(strong)
    inner_tags = tags | _inner_tags(strong)
    found = [Line(0, line) for line in lines]
    if inner or inner_tags:
        for at in places:
            found[at] = _line(lines[at], (tags, inner_tags), (weak, inner))
    else:
        for at in places:
            found[at] = _strong_line(lines[at])
    return found


def _strong_line(line: str) -> Line:
    """Part a line from its marks where only strong ones count."""
    run = _STRONG_RUN.match(line)
    if run is None:
        return Line(0, line)
    depth = line.count(">", 0, run.end())
    mark = ">" if line[0] == ">" else _outermost(line, frozenset())
    return Line(min(depth, MAX_DEPTH), line[run.end() :], mark)


def _line(line: str, tags: _Marks, weak: _Marks) -> Line:
    """Part a line from its marks; `tags` and `weak` count as such at its start, and further in."""
    at, depth, end = 0, 0, len(line)
    while at < end:
        if strong := _STRONG_RUN.match(line, at):
            at, depth = strong.end(), depth + line.count(">", at, strong.end())
        step = _step(line, at, tags[depth > 0], weak[depth > 0])
        if step == at:
            break
        at, depth = step, depth + 1
    if not depth:
        return Line(0, line)
    return Line(min(depth, MAX_DEPTH), line[at:], _outermost(line, tags[0]))


def _outermost(line: str, tags: frozenset[str]) -> str:
    mark = _STRONG.match(line)
    if mark is None and tags and (tag := _TAG.match(line)) and tag.group(1) in tags:
        mark = tag
    return mark.group(1) if mark else line.lstrip()[:1]


def _step(line: str, at: int, tags: frozenset[str], weak: frozenset[str]) -> int:
    """Return the place after one mark of a weaker kind, or the same place."""
    if weak and (mark := _WEAK.match(line, at)) and mark.group(1) in weak:
        return mark.end()
    if tags and (tag := _TAG.match(line, at)) and tag.group(1) in tags:
        return tag.end()
    return at


def _tags_of(lines: list[str]) -> frozenset[str]:
    """Find initials before a mark ("SB>", "[SB]") that stand on two lines or more."""
    seen: Counter[str] = Counter()
    for line in lines:
        if tag := _TAG.match(line):
            seen[tag.group(1)] += 1
    return frozenset(tag for tag, count in seen.items() if count > 1)


def _weak_marks(lines: list[str], places: list[int], announced: Container[int]) -> frozenset[str]:
    """Find signs that also have other uses, where they follow "X wrote:" or fill a block."""
    marks = {at: mark for at in places if (mark := _weak_of(lines[at]))}
    if not marks:
        return frozenset()
    found: set[str] = set()
    last, run, is_after = "", 0, False
    for at, line in enumerate(lines):
        if not line.strip():
            run = 0
            continue
        mark, attribution = marks.get(at, ""), at in announced
        run = run + 1 if mark and mark == last else 1
        if mark and (is_after or attribution or (run > 2 and mark in _ALWAYS_WEAK)):
            found.add(mark)
        last, is_after = mark, attribution
    return frozenset(found)


def _weak_of(line: str) -> str:
    mark = _WEAK.match(line)
    if mark is None or _BOX.search(line, mark.end()):
        return ""
    return mark.group(1)


def _inner_tags(lines: list[str]) -> frozenset[str]:
    """Find initials of two letters or three ("SB>") that stand behind a strong mark, twice."""
    seen: Counter[str] = Counter()
    for line in lines:
        strong = _STRONG_RUN.match(line)
        if strong and (tag := _TAG.match(line, strong.end())) and _INITIALS.fullmatch(tag[1]):
            seen[tag[1]] += 1
    return frozenset(tag for tag, count in seen.items() if count > 1)


def _inner_marks(lines: list[str]) -> frozenset[str]:
    """Find weak signs that stand behind a strong one on two lines or more."""
    seen: Counter[str] = Counter()
    for line in lines:
        strong = _STRONG.match(line)
        if (
            strong
            and (mark := _WEAK.match(line, strong.end()))
            and not _BOX.search(line, mark.end())
        ):
            seen[mark.group(1)] += 1
    return frozenset(mark for mark, count in seen.items() if count > 1)
