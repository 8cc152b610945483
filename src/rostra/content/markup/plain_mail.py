"""Mail addresses in plain text: none may reach a page."""

from __future__ import annotations

import re

MASK = "…@…"

_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!$%'*+-^_`{|}~"
# What may stand before an address without being part of it.
_OPENING = "'`{|*!"
_DOMAIN = re.compile(r"[^\W_](?:[\w.-]{0,252}[^\W_])?")

_AT = re.compile(
    r"(?<![\w.+%-])([\w.+%-]{1,64})"  # local part
    r"( {1,2}at {1,2}|[ ]?[(\[{<_-]{1,2}[ ]?(?:at|AT|@|arroba|\.a\.t\.?)[ ]?[)\]}>_-]{1,2}[ ]?"
    r"| {1,2}AT {1,2}| {1,9}@ {1,2}|%40)"
    r"((?:[\w-]{1,63}"
    r"(?:\.|[ ]?[(\[{<_-]{1,2}[ ]?(?:dot|DOT)[ ]?[)\]}>_-]{1,2}[ ]?"
    r"| {1,2}(?:dot|DOT) {1,2})){1,8})"
    r"([^\W\d_]{2,24})(?![\w:-])(?!\.\w)",
)
# Cheap to look for, and rarely there: the pattern above is not.
_SPACED = (" at ", " AT ", " @ ", "%40")
_BRACKETED = re.compile(r"[(\[{<_-] ?(?:at|AT|@|arroba|\.a\.t\.?) ?[)\]}>_-]")
_LONGEST_LOCAL = 64
# Words that stand before " at example.org" in ordinary sentences: no local parts.
_WORDS = frozenset(
    """
    a about access accessible all am an and any archive archived archives are ask article as
    available be been better bug buy by check click code contact copy day demo details
    description discussion docs documentation done download downloads email error faq file
    files find for forum found free from get given go good group guide have he help her here
    him home hosted i in info information installed is issue it join kept latest licence
    license link linked links list listed live located look looked looking mail maintained
    me mine mirror mirrored mirrors more news now of off on one online only or out over
    package packages page pages people picture pictures point pointed post posted price
    project published question questions read release released report reports repository
    reside run running said section see seen server servers shop sign site sites so software
    source staff start started stored story survey team text that the them there they this
    time to today tutorial up updated us version video visit was we web website were wiki
    work working works write you
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_FILES = frozenset(
    """
    txt exe zip pdf html htm jpg jpeg gif png tar gz tgz dmg pkg app dll plist log
    """.split()  # noqa: SIM905 - a list of words reads better as words
)


def mask_mail(text: str) -> str:
    """Put "…@…" in the place of every mail address, also of those written with "at"."""
    if "@" in text:
        text = _mask_clear(text)
    starts = _spelled_starts(text)
    return _mask_at(text, sorted(starts)) if starts else text


def has_mail(text: str) -> bool:
    """Tell whether a text holds a mail address."""
    return mask_mail(text) != text


def _mask_clear(text: str) -> str:
    """Mask around each "@": each stretch between two of them is read once from either end."""
    parts = text.split("@")
    out = [parts[0]]
    for after, part in enumerate(parts[1:], 2):
        local = len(out[-1].rstrip(_LOCAL))
        domain = _DOMAIN.match(part)
        is_host = domain is not None and _is_host(domain.group(), part, parts[after : after + 1])
        if local == len(out[-1]) or domain is None or not is_host:
            out.append("@" + part)
            continue
        before = out[-1]
        while local < len(before) and before[local] in _OPENING:
            local += 1
        if local == len(before):
            out.append("@" + part)
            continue
        out[-1] = before[:local]
        out.append(MASK + part[domain.end() :])
    return "".join(out)


def _spelled_starts(text: str) -> set[int]:
    """Return the places where an address with its "at" in words may begin."""
    starts: set[int] = set()
    for sign in _SPACED:
        at = text.find(sign)
        while at >= 0:
            end = len(text[max(at - 9, 0) : at].rstrip(" ")) + max(at - 9, 0)
            starts.add(_local_start(text, end))
            at = text.find(sign, at + 1)
    found = _BRACKETED.search(text) if _may_hold_bracketed(text) else None
    while found:
        at = found.start()
        starts.update(_local_start(text, end) for end in range(max(at - 2, 0), at + 1))
        found = _BRACKETED.search(text, at + 1)
    return starts


def _may_hold_bracketed(text: str) -> bool:
    return (
        "-" in text or "(" in text or "_" in text or "<" in text or "[" in text or "{" in text
    )  # fmt: skip


def _local_start(text: str, end: int) -> int:
    """Return where the run of signs begins that ends at a place; not further than may count."""
    at, last = end, max(end - _LONGEST_LOCAL - 2, 0)
    while at > last and (text[at - 1].isalnum() or text[at - 1] in "_.+%-"):
        at -= 1
    return at


def _mask_at(text: str, starts: list[int]) -> str:
    out: list[str] = []
    written = 0
    for start in starts:
        if start >= written and (found := _AT.match(text, start)):
            out += [text[written:start], _mask_spelled(found)]
            written = found.end()
    out.append(text[written:])
    return "".join(out)


def _is_host(domain: str, part: str, after: list[str]) -> bool:
    # "rek@host7" of old networks counts, "40 dB@3km" does not, nor do a linker's names
    # ("length@std@@QAE@PBD@Z"), where a bare word stands between two "@".
    if "." in domain or not domain[0].isalpha():
        return "." in domain
    is_between = bool(after) and domain == part
    return not (is_between and (not after[0] or domain.isupper()))


def _mask_spelled(found: re.Match[str]) -> str:
    local, at, host, last = found.groups()
    if at.strip(" ") in ("at", "AT"):
        first = host.split(".", 1)[0].lower()
        if local.lower() in _WORDS or first in ("www", "ftp") or last.lower() in _FILES:
            return found.group()
        if not any(sign.isalpha() for sign in local):
            return found.group()
    return MASK
