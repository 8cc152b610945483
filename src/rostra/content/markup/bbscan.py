"""BBCode read: the tags of a source, which of them belong together, and what is only text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rostra.content.markup.bbtags import ALIASES, AUTOCLOSED, KINDS, Kind, kind_of

# What may be skipped is skipped whole (++): spaces shared out among three parts in every way took
# five seconds.
_NAME = r"[A-Za-z][A-Za-z0-9]{0,15}|\*"
TAG = re.compile(
    rf"\[(?:/(?P<close>{_NAME})[ \t]*"
    rf"|(?P<open>{_NAME})(?:(?P<given>[ \t]*+=[ \t]*+|[ \t]++)(?P<argument>"
    r'"[^"\n]{0,300}"[^\[\]\n]{0,300}'
    r"|'[^'\n]{0,300}'[^\[\]\n]{0,300}"
    r"|[^\[\]\n]{0,2000}(?:\[[^\[\]\n]{0,40}\][^\[\]\n]{0,300}){0,3}?))?)\]"
)
_UID = re.compile(r"\[/(?:[A-Za-z]+|\*)(?::[a-z])?:([0-9a-z]{4,10})\]")


@dataclass(slots=True, eq=False)
class Tag:
    """One tag of a source; `content` is set for a verbatim one that is closed."""

    start: int
    end: int
    name: str
    argument: str
    kind: Kind
    is_closing: bool = False
    content: str | None = None
    partner: Tag | None = None
    is_taken: bool = False


@dataclass(slots=True)
class Step:
    """One thing to write: text, or a tag that opens, closes or stands by itself."""

    what: Literal["text", "open", "close", "item", "on", "off", "verbatim", "rule"]
    tag: Tag | None = None
    text: str = ""


def without_uids(source: str) -> str:
    """Take away the marks that phpBB stored in its tags: [b:3a4f]."""
    uids = set(_UID.findall(source))
    if not 0 < len(uids) < 9:
        return source
    marks = "|".join(sorted(uids))
    return re.sub(rf"(\[/?[^\[\]\n]{{0,500}}?)(?::[a-z])?:(?:{marks})(?=[\]=])", r"\1", source)


def tag_from(found: re.Match[str]) -> Tag | None:
    """Make a tag of a match of TAG, or None when there is no tag of that name."""
    closing = found["close"]
    typed = (closing or found["open"]).lower()
    name = ALIASES.get(typed, typed)
    if name not in KINDS:
        return None
    argument = (found["argument"] or "").strip()
    if argument and found["given"].strip() != "=":
        argument = _spaced_argument(name, argument)
    if typed == "ol" and not argument:
        argument = "1"
    kind = kind_of(name, argument) if not closing else KINDS[name]
    return kind and Tag(found.start(), found.end(), name, argument, kind, bool(closing))


def _spaced_argument(name: str, argument: str) -> str:
    """Keep the attributes of a quote; of other tags only their usual one counts."""
    return argument if name in ("quote", "spoiler") else ""


def read(source: str, tags: Iterable[Tag]) -> list[Step]:
    """Turn a source and its tags, in order, into the steps that write it."""
    return _steps(source, _paired(tags))


def tags_in(source: str) -> Iterator[Tag]:
    """Find the tags of a source, none of them inside verbatim content."""
    found = [tag for match in TAG.finditer(source) if (tag := tag_from(match))]
    closers = closers_of(found)
    end = 0
    for tag in found:
        if tag.start < end:
            continue
        if tag.kind == "verbatim" and not tag.is_closing:
            end = fill(tag, source, closers)
        yield tag


def closers_of(tags: list[Tag]) -> dict[str, list[Tag]]:
    closers: dict[str, list[Tag]] = {}
    for tag in reversed(tags):
        if tag.is_closing:
            closers.setdefault(tag.name, []).append(tag)
    return closers


def fill(tag: Tag, source: str, closers: dict[str, list[Tag]]) -> int:
    """Give a verbatim tag its content and return where its closing tag ends."""
    waiting = closers.get(tag.name, [])
    while waiting and waiting[-1].start < tag.end:
        waiting.pop()
    if not waiting:
        return tag.end
    closer = waiting.pop()
    tag.content = source[tag.end : closer.start]
    tag.end = closer.end
    return closer.end


def _paired(tags: Iterable[Tag]) -> list[Tag]:
    kept: list[Tag] = []
    blocks: list[Tag] = []
    waiting: dict[str, list[Tag]] = {}
    counts: dict[str, int] = {}
    for tag in tags:
        kept.append(tag)
        if tag.kind == "block":
            _pair_block(tag, blocks, counts)
        elif tag.kind == "format":
            pair_format(tag, waiting)
        else:
            tag.is_taken = tag.content is not None or tag.kind == "rule"
    for tag in blocks:
        tag.is_taken = tag.name in AUTOCLOSED
    return kept


def _pair_block(tag: Tag, blocks: list[Tag], counts: dict[str, int]) -> None:
    if not tag.is_closing:
        blocks.append(tag)
        counts[tag.name] = counts.get(tag.name, 0) + 1
        return
    if not counts.get(tag.name):
        return
    while blocks:
        opened = blocks.pop()
        counts[opened.name] -= 1
        if opened.name == tag.name:
            opened.is_taken = tag.is_taken = True
            opened.partner, tag.partner = tag, opened
            return
        opened.is_taken = opened.name in AUTOCLOSED


def pair_format(tag: Tag, waiting: dict[str, list[Tag]]) -> None:
    """Join a closing tag to the last open one of its name, whatever lies between."""
    opened = waiting.setdefault(tag.name, [])
    if not tag.is_closing:
        opened.append(tag)
    elif opened:
        tag.partner = opened.pop()
        tag.partner.partner = tag
        tag.is_taken = tag.partner.is_taken = True


def _steps(source: str, tags: list[Tag]) -> list[Step]:
    steps: list[Step] = []
    opened: list[Tag] = []
    at = 0
    for tag in tags:
        step = _step(tag, opened)
        if step is None:
            continue
        if tag.start > at:
            steps.append(Step("text", text=source[at : tag.start]))
        steps.append(step)
        at = tag.end
    if at < len(source):
        steps.append(Step("text", text=source[at:]))
    return steps


def _step(tag: Tag, opened: list[Tag]) -> Step | None:
    if tag.kind == "item":
        holder = opened[-1].name if opened else ""
        return Step("item", tag) if holder == ("list" if tag.name == "*" else "table") else None
    if not tag.is_taken:
        return None
    if tag.kind == "block":
        return _block_step(tag, opened)
    if tag.kind == "format":
        return Step("off" if tag.is_closing else "on", tag)
    return Step("verbatim" if tag.kind == "verbatim" else "rule", tag)


def _block_step(tag: Tag, opened: list[Tag]) -> Step:
    if not tag.is_closing:
        opened.append(tag)
        return Step("open", tag)
    while opened.pop() is not tag.partner:
        pass
    return Step("close", tag)
