"""Parts of a mail apart from quoting: signature, folded data, paragraphs, tables and drawings."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

type Kind = Literal["text", "pre", "rule", "fold"]

_SIGNATURE_LINES = 20
_DASHES = re.compile(r"--[ \t]?$")
_LIST_FOOTER = re.compile(r"_{20,}\s*$")
_BEGIN_UU = re.compile(r"begin(?:-base64)? [0-7]{3,4} \S")
_BEGIN_PGP = re.compile(r"-----BEGIN (PGP (?!SIGNED)[A-Z ]{1,30}|CERTIFICATE)-----\s*$")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{57,80}={0,2}$")
_UU_FULL = re.compile(r"M[ -`]{59,61}$")
_UU = re.compile(r"[ -`]{0,90}$")
_RULE = re.compile(r"\s*([-=_*~#+])(?:[ ]?\1){4,}\s*$")
_COLUMNS = re.compile(r"\S(?: {3,}|[ ]*\t[ \t]*)\S")
_SIGNS = re.compile(r"[^\W_]+")
_ENOUGH = 2_000  # signs that tell a drawing from text
_INDENT = re.compile(r"(?: {4}|\t| {2,}\S+ {2,})")


class Block(NamedTuple):
    """Lines that are shown in one way."""

    kind: Kind
    lines: list[str]


def split_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the signature (from "-- " or a list's footer on) from the lines above it."""
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    for at in range(max(0, last - _SIGNATURE_LINES), last):
        if _DASHES.match(lines[at]):
            return lines[:at], lines[at + 1 : last]
        if _LIST_FOOTER.match(lines[at]) and "mailing list" in " ".join(lines[at + 1 : at + 4]):
            return lines[:at], lines[at + 1 : last]
    return lines[:last], []


def fold_data(lines: list[str]) -> list[Block]:
    """Part lines into readable text and data that was written for programs."""
    parts: list[Block] = []
    at = start = 0
    while at < len(lines):
        end = _data_end(lines, at)
        if end == at:
            at += 1
            continue
        parts.append(Block("text", lines[start:at]))
        parts.append(Block("fold", lines[at:end]))
        at = start = end
    parts.append(Block("text", lines[start:]))
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


def paragraphs(lines: list[str]) -> list[Block]:
    """Part text at its blank lines; neighbouring tables and drawings become one block."""
    blocks: list[Block] = []
    for lump in _lumps(lines):
        kind = _kind_of(lump)
        if kind == "pre" and blocks and blocks[-1].kind == "pre":
            blocks[-1].lines.extend(["", *lump])
        else:
            blocks.append(Block(kind, lump))
    return blocks


def _lumps(lines: list[str]) -> list[list[str]]:
    lumps: list[list[str]] = []
    is_open = False
    for line in lines:
        if not line.strip():
            is_open = False
            continue
        if not is_open:
            lumps.append([])
            is_open = True
        lumps[-1].append(line.rstrip())
    return lumps


def _kind_of(lines: list[str]) -> Kind:
    if len(lines) == 1:
        return "rule" if _RULE.match(lines[0]) else "text"
    columns = sum(1 for line in lines if _COLUMNS.search(line))
    indented = sum(1 for line in lines if _INDENT.match(line))
    if columns >= 2 and columns * 2 >= len(lines):
        return "pre"
    if len(lines) > 2 and indented * 3 >= len(lines) * 2:
        return "pre"
    return "pre" if len(lines) > 2 and _is_drawing(lines) else "text"


def _is_drawing(lines: list[str]) -> bool:
    """Tell whether most of it is neither letters nor digits."""
    text = "".join("\n".join(lines)[:_ENOUGH].split())
    return sum(map(len, _SIGNS.findall(text))) * 2 < len(text)
