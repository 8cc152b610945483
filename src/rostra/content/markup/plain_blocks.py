"""Parts of a mail apart from quoting: signature, folded data, paragraphs, tables and drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters, digits
from typing import Literal, NamedTuple

type Kind = Literal["text", "pre", "rule"]

_SIGNATURE_LINES = 20
_DASHES = re.compile(r"--[ \t]?$")
_LIST_FOOTER = re.compile(r"_{20,}\s*$")
_BEGIN_UU = re.compile(r"begin(?:-base64)? [0-7]{3,4} \S")
_BEGIN_PGP = re.compile(r"-----BEGIN (PGP (?!SIGNED)[A-Z ]{1,30}|CERTIFICATE)-----\s*$")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{57,80}={0,2}$")
_UU_FULL = re.compile(r"M[ -`]{59,61}$")
_UU = re.compile(r"[ -`]{0,90}$")
_MAY_BE_DATA = re.compile(r"\n(?:begin|-----BEGIN |M[ -`]{59,61}\n|[A-Za-z0-9+/]{57})")
_RULE = re.compile(r"\s*([-=_*~#+])(?:[ ]?\1){4,}\s*$")
_COLUMNS = re.compile(r"\S(?: {3,}|[ ]*\t[ \t]*)\S")
_SIGNS = re.compile(r"[^\W_]+")
_ASCII_SIGNS = (ascii_letters + digits).encode()
_BLANKS = b" \t\n"
_ENOUGH = 2_000  # signs that tell a drawing from text
_BEGINNINGS = frozenset({"begin", "-----"})
_INDENT = re.compile(r"(?: {4}|\t| {2,}\S+ {2,})")


class Part(NamedTuple):
    """Lines of a mail: words, or data that is folded away."""

    lines: list[str]
    is_data: bool = False


def split_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the signature (from "-- " or a list's footer on) from the lines above it."""
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    for at in range(max(0, last - _SIGNATURE_LINES), last):
        line = lines[at]
        if line[:2] not in ("--", "__"):
            continue
        if _DASHES.match(line):
            return lines[:at], lines[at + 1 : last]
        if _LIST_FOOTER.match(line) and "mailing list" in " ".join(lines[at + 1 : at + 4]):
            return lines[:at], lines[at + 1 : last]
    return lines[:last], []


def may_hold_data(text: str) -> bool:
    """Tell cheaply whether `fold_data` may find some: hardly any mail holds it."""
    return _MAY_BE_DATA.search("\n" + text) is not None


def fold_data(lines: list[str]) -> list[Part]:
    """Part lines into readable text and data that was written for programs."""
    parts: list[Part] = []
    start = 0
    # Told cheaply, as hardly any line begins data.
    places = [
        at
        for at, line in enumerate(lines)
        if (line[0] in "Mb-" or " " not in line if len(line) > 56 else line[:5] in _BEGINNINGS)
    ]
    for at in places:
        if at < start:
            continue
        end = _data_end(lines, at)
        if end > at:
            parts.append(Part(lines[start:at]))
            parts.append(Part(lines[at:end], is_data=True))
            start = end
    parts.append(Part(lines[start:]))
    return [part for part in parts if part.lines]


def _data_end(lines: list[str], at: int) -> int:
    """Return the line after the data that begins here, or the same place."""
    line = lines[at]
    if line.startswith("begin") and _BEGIN_UU.match(line):
        return _past(lines, at + 1, _UU, "end")
    if line.startswith("-----BEGIN ") and (begun := _BEGIN_PGP.match(line)):
        return _until(lines, at + 1, f"-----END {begun.group(1)}-----")
    if len(line) > 56:
        return _past_run(lines, at, _BASE64 if _BASE64.match(line) else _UU_FULL)
    return at


def _past_run(lines: list[str], at: int, shape: re.Pattern[str]) -> int:
    """Return the line after four lines or more of one shape, and the shorter last one."""
    end = at
    while end < len(lines) and shape.match(lines[end]):
        end += 1
    return min(end + 1, len(lines)) if end - at > 3 else at


def _past(lines: list[str], at: int, shape: re.Pattern[str], last: str) -> int:
    while at < len(lines):
        if lines[at].strip() == last:
            return at + 1
        if not shape.match(lines[at]):
            return at
        at += 1
    return at


def _until(lines: list[str], at: int, last: str) -> int:
    while at < len(lines):
        if lines[at].strip() == last:
            return at + 1
        at += 1
    return at


def paragraphs(lines: list[str]) -> Iterator[str]:
    """Part text at its blank lines; no line ends in a blank."""
    text = "\n".join(lines).rstrip()
    if " \n" in text:  # most lines that end in blanks end in one
        text = text.replace(" \n", "\n")
    if " \n" in text or "\t\n" in text or not text.isascii():
        text = "\n".join([line.rstrip() for line in text.split("\n")])
    for lump in text.split("\n\n"):
        if lump := lump.strip("\n"):
            yield lump


def stripped(text: str) -> str:
    """Return a paragraph without the blanks around its lines."""
    if text[0] in " \t" or "\n " in text or "\n\t" in text or not text.isascii():
        return "\n".join([line.strip() for line in text.split("\n")])
    return text


def kind_of(text: str) -> Kind:
    """Tell how a paragraph is shown: a table or a drawing keeps its columns."""
    lines = text.split("\n")
    if len(lines) == 1:
        return "rule" if _RULE.match(text) else "text"
    if "   " in text or "\t" in text:
        columns = sum([_has_columns(line.lstrip()) for line in lines])
        if columns >= 2 and columns * 2 >= len(lines):
            return "pre"
    if len(lines) > 2 and ("\n  " in text or "\n\t" in text):
        indented = sum([_INDENT.match(line) is not None for line in lines])
        if indented * 3 >= len(lines) * 2:
            return "pre"
    return "pre" if len(lines) > 2 and _is_drawing(text[:_ENOUGH]) else "text"


def _has_columns(line: str) -> bool:
    return ("   " in line or "\t" in line) and _COLUMNS.search(line) is not None


def _is_drawing(text: str) -> bool:
    """Tell whether most of it is neither letters nor digits."""
    if text.isascii():
        shown = text.encode().translate(None, _BLANKS)
        return (len(shown) - len(shown.translate(None, _ASCII_SIGNS))) * 2 < len(shown)
    text = "".join(text.split())
    return sum(map(len, _SIGNS.findall(text))) * 2 < len(text)
