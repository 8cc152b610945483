"""Lines of a mail: what each quotes, by whatever sign its writer's program put before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container
from typing import NamedTuple

from rostra.content.markup.plain_names import ends_attribution
from rostra.content.markup.text import tidy

MAX_DEPTH = 12

_ESCAPES = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_OVERSTRIKE = re.compile(r"[^\n\x08]\x08")
_STRONG = re.compile(r"[ \t]{0,3}(<->|\|>|>)[ ]?")
_RUN = r"(?:[ \t]{0,3}(?:<->|\|>|>)[ ]?)++"  # each holds one ">"
_STRONG_RUN = re.compile(_RUN)
# A smiley begins like a quote: ":-) he said". Of a run of one sign the first is no mark either.
_SMILEY = r"[-'o^]?(?:[)(/\\\[\]|*]|[DPp](?!\w))"
_WEAK = re.compile(rf"[ ]{{0,2}}([#\]!]|[|:}}%=](?!{_SMILEY}))(?!\1\1|---|===)[ ]?")
# Weaker marks that stand behind strong ones.
_INNER_WEAK = re.compile(_RUN + _WEAK.pattern)
_INNER_TAG = re.compile(_RUN + r"[ \t]{0,4}([A-Z]{2,3}>)(?!>)")
_TAG = re.compile(
    r"[ \t]{0,4}([A-Za-z][A-Za-z0-9.]{0,11}>{1,3}|\[[A-Z][A-Za-z]{0,3}\]|[A-Z]{2,3}\])[ ]?"
)
_MARKED = re.compile(
    r"[ \t]{0,4}(?:[>|:}%#\]!=<]|[A-Za-z][A-Za-z0-9.]{0,11}>|\[?[A-Z][A-Za-z]{0,3}\])"
)
_ALWAYS_WEAK = "|:}"
_GOING_ON = frozenset(" \t>|<")  # what may follow "> " and be a part of the marks
_BOX = re.compile(r"\s[|]\s")


type _Marks = tuple[frozenset[str], frozenset[str]]


class Lines(NamedTuple):
    """Lines: how many marks of quoting each has, its text without them, the outermost mark.

    Three lists and not a list of lines: mail has many, and most are looked at only once.
    """

    depths: list[int]
    texts: list[str]
    marks: list[str]


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


def split_quotes(
    lines: list[str], places: list[int], announced: Callable[[], Container[int]]
) -> Lines:
    """Tell for each line how deep it quotes.

    places: where `marked` lines are; announced: tells where lines say "X wrote:".
    """
    strong = [
        line
        for at in places
        if ">" in (line := lines[at]) and not (line[:2] == "> " and line[2:3].islower())
    ]
    others = [at for at in places if lines[at][0] != ">"]
    tags = _tags_of([lines[at] for at in others])
    weak = _weak_marks(lines, others, announced)
    inner = weak
    if any(map(_INNER_WEAK.match, strong)):
        inner |= _inner_marks([lines[at] for at in places])
    inner_tags = tags | _seen_twice(_INNER_TAG, strong)
    is_strong = not (inner or inner_tags)
    found = Lines([0] * len(lines), lines.copy(), [""] * len(lines))
    depths, texts, marks = found
    for at in places:
        line = lines[at]
        if is_strong and line[:2] == "> " and line[2:3] not in _GOING_ON:
            depths[at], texts[at], marks[at] = 1, line[2:], ">"
        elif is_strong:
            depths[at], texts[at], marks[at] = _strong_line(line)
        else:
            depths[at], texts[at], marks[at] = _line(line, (tags, inner_tags), (weak, inner))
    return found


def _strong_line(line: str) -> tuple[int, str, str]:
    """Part a line from its marks where only strong ones count."""
    run = _STRONG_RUN.match(line)
    if run is None:
        return 0, line, ""
    end = run.end()
    mark = ">" if line[0] == ">" else _outermost(line, frozenset())
    return min(line.count(">", 0, end), MAX_DEPTH), line[end:], mark


def _line(line: str, tags: _Marks, weak: _Marks) -> tuple[int, str, str]:
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
        return 0, line, ""
    return min(depth, MAX_DEPTH), line[at:], _outermost(line, tags[0])


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
    return _seen_twice(_TAG, lines)


def _seen_twice(shape: re.Pattern[str], lines: list[str]) -> frozenset[str]:
    """Return what a pattern finds at the beginnings of two lines or more."""
    seen = Counter([found[1] for found in map(shape.match, lines) if found])
    return frozenset([what for what, count in seen.items() if count > 1])


def _weak_marks(
    lines: list[str], places: list[int], announced: Callable[[], Container[int]]
) -> frozenset[str]:
    """Find signs that also have other uses, where they follow "X wrote:" or fill a block."""
    marks = {at: mark for at in places if (mark := _weak_of(lines[at]))}
    if not marks:
        return frozenset()
    attributions = announced()
    found: set[str] = set()
    last, run, is_after = "", 0, False
    for at, line in enumerate(lines):
        if not line.strip():
            run = 0
            continue
        mark, attribution = marks.get(at, ""), at in attributions
        run = run + 1 if mark and mark == last else 1
        if mark and (is_after or attribution or (run > 2 and mark in _ALWAYS_WEAK)):
            found.add(mark)
        last, is_after = mark, attribution
    return frozenset(found)


def _weak_of(line: str) -> str:
    """Return the weak mark a line begins with; none if it is a brace or a side of a box."""
    found = _WEAK.match(line)
    if found is None:
        return ""
    mark, text = found[1], line[found.end() :].rstrip()
    is_box = (mark in "|:=" and text[-1:] == mark) or (mark in "|:" and _BOX.search(text))
    return "" if is_box or (mark == "}" and not text) else mark


def _inner_marks(lines: list[str]) -> frozenset[str]:
    """Find weak signs behind strong ones, where they follow "X wrote:" or fill a block there."""
    texts = [line[run.end() :] for line in lines if (run := _STRONG_RUN.match(line))]

    def announced() -> set[int]:
        return {at for at, text in enumerate(texts) if ends_attribution(text)}

    return _weak_marks(texts, list(range(len(texts))), announced)
