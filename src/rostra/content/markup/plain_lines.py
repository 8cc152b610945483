"""Lines of a mail: what each quotes, by whatever sign its writer's program put before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import compress
from typing import NamedTuple

from rostra.content.markup.plain_names import ends_attribution
from rostra.content.markup.text import tidy

MAX_DEPTH = 12

_ESCAPES = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_OVERSTRIKE = re.compile(r"[^\n\x08]\x08")
_STRONG = re.compile(r"[ \t]{0,3}(<->|\|>|>)[ ]?")
_RUN = r"(?:[ \t]{0,3}(?:<->|\|>|>)[ ]?)++"  # each holds one ">"
_STRONG_RUN = re.compile(_RUN)
_STRONG_LINES = re.compile(rf"^((?:{_RUN})?)(.*)$", re.MULTILINE)
# A smiley begins like a quote: ":-) he said". Of a run of one sign the first is no mark either.
_SMILEY = r"[-'o^]?(?:[)(/\\\[\]|*]|[DPp](?!\w))"
_WEAK = re.compile(rf"[ ]{{0,2}}([#\]!]|[|:}}%=](?!{_SMILEY}))(?!\1\1|---|===)[ ]?")
# Weaker marks that stand behind strong ones, in lines that are joined.
_INNER_WEAK = re.compile(rf"\n{_RUN}{_WEAK.pattern}")
_INNER_TAG = re.compile(rf"\n{_RUN}[ \t]{{0,4}}([A-Z]{{2,3}}>)(?!>)")
_TAG = re.compile(
    r"[ \t]{0,4}([A-Za-z][A-Za-z0-9.]{0,11}>{1,3}|\[[A-Z][A-Za-z]{0,3}\]|[A-Z]{2,3}\])[ ]?"
)
_MARKED = re.compile(
    r"[ \t]{0,4}(?:[>|:}%#\]!=<]|[A-Za-z][A-Za-z0-9.]{0,11}>|\[?[A-Z][A-Za-z]{0,3}\])"
)
_ALWAYS_WEAK = "|:}"
_BOX = re.compile(r"\s[|]\s")
_NONE: frozenset[str] = frozenset()


type _Marks = tuple[frozenset[str], frozenset[str]]


class Run(NamedTuple):
    """Lines that follow one another and quote equally deep, without their marks.

    marks: the outermost mark of each, where they quote.
    """

    depth: int
    lines: list[str]
    marks: list[str]

    def is_blank(self) -> bool:
        """Tell whether none of the lines says anything."""
        return not any(map(str.strip, self.lines))


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
    return list(compress(range(len(lines)), map(_MARKED.match, lines)))


def split_quotes(lines: list[str], places: list[int]) -> list[Run]:
    """Tell how deep the lines quote; `places` are those of the lines that are `marked`."""
    may_quote = [lines[at] for at in places]
    joined = "\n".join(may_quote)
    others = [at for at, line in zip(places, may_quote, strict=True) if line[0] != ">"]
    tags = _seen_twice([tag[1] for at in others if (tag := _TAG.match(lines[at]))])

    def announces(at: int) -> bool:
        after = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
        return _MARKED.match(after) is not None and ends_attribution(lines[at])

    inner = weak = _weak_marks(lines, others, announces)
    if _INNER_WEAK.search("\n" + joined):
        inner |= _inner_marks(may_quote)
    inner_tags = tags | _seen_twice(_INNER_TAG.findall("\n" + joined))
    if inner or inner_tags:
        parted = [_line(line, (tags, inner_tags), (weak, inner)) for line in may_quote]
    else:
        found = _STRONG_LINES.findall(joined)
        known = {marks: _marks(marks) for marks in {marks for marks, _ in found}}
        parted = [(*known[marks], text) for marks, text in found]
    return _runs(lines, places, parted)


def _runs(lines: list[str], places: list[int], parted: Iterable[tuple[int, str, str]]) -> list[Run]:
    """Join lines of one depth; `parted` are the depths, marks and texts of those at `places`."""
    runs: list[Run] = []
    run = Run(0, [], [])
    end = 0  # of the lines that are in runs
    for at, (depth, mark, text) in zip(places, parted, strict=True):
        if not depth:
            continue
        if at > end:
            runs.append(Run(0, lines[end:at], []))
        if at > end or depth != run.depth:
            run = Run(depth, [], [])
            runs.append(run)
        run.lines.append(text)
        run.marks.append(mark)
        end = at + 1
    if end < len(lines):
        runs.append(Run(0, lines[end:], []))
    return runs


def _marks(marks: str) -> tuple[int, str]:
    """Return how deep the strong marks before a line quote, and the outermost of them."""
    first = _STRONG.match(marks)
    return min(marks.count(">"), MAX_DEPTH), first[1] if first else ""


def _line(line: str, tags: _Marks, weak: _Marks) -> tuple[int, str, str]:
    """Return how deep a line quotes, its outermost mark and its text.

    `tags` and `weak` count as marks at its start, and further in.
    """
    at, depth, end = 0, 0, len(line)
    while at < end:
        if strong := _STRONG_RUN.match(line, at):
            at, depth = strong.end(), depth + line.count(">", at, strong.end())
        step = _step(line, at, tags[depth > 0], weak[depth > 0])
        if step == at:
            break
        at, depth = step, depth + 1
    if not depth:
        return 0, "", line
    return min(depth, MAX_DEPTH), _outermost(line, tags[0]), line[at:]


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


def _seen_twice(tags: list[str]) -> frozenset[str]:
    """Return the initials before a mark ("SB>", "[SB]") that stand on two lines or more."""
    return frozenset([tag for tag, count in Counter(tags).items() if count > 1]) if tags else _NONE


def _weak_marks(
    lines: list[str], places: list[int], announces: Callable[[int], bool]
) -> frozenset[str]:
    """Find signs that also have other uses, where they follow "X wrote:" or fill a block.

    announces: tells of the place of a line whether it says "X wrote:".
    """
    marks = {at: mark for at in places if (mark := _weak_of(lines[at]))}
    if not marks:
        return _NONE
    found: set[str] = set()
    last, last_at, run = "", -1, 0
    for at, line in enumerate(lines):
        if not line.strip():
            run = 0
            continue
        mark = marks.get(at, "")
        run = run + 1 if mark and mark == last else 1
        if mark and mark not in found:
            is_block = run > 2 and mark in _ALWAYS_WEAK
            if is_block or announces(at) or (last_at >= 0 and announces(last_at)):
                found.add(mark)
        last, last_at = mark, at
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

    def announces(at: int) -> bool:
        return ends_attribution(texts[at])

    return _weak_marks(texts, list(range(len(texts))), announces)
