"""Smilies: the codes people type, shown as characters; a forum's own, as pictures too.

Those of the forum are handed in. Their codes are names between colons that begin with a letter, so
that no other sign of the markup can be taken for one, nor a time of day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from rostra.content.markup.references import SmilieRef
from rostra.content.markup.text import balanced, escape, escape_value

_MOST = 4_000  # that one stretch of text shows
_SPACE_BEFORE = frozenset({"8)", "8-O", "XD", "xD", "^^", ":b:"})
_BEFORE = re.compile(r"[\w:/\\&#;=@<>-]")
_AFTER = re.compile(r"[\w:/\\&=@]")


def _read(path: Path) -> dict[str, str]:
    codes: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            emoji, *typed = line.split()
            codes.update(dict.fromkeys(typed, emoji))
    return codes


SMILIES = _read(Path(__file__).parent / "data" / "smilies.txt")

OWN_CODE = re.compile(r":[a-z][a-z0-9_+-]{0,29}:")
OWN = "smilie own"  # the class of a forum's own
NONE: Mapping[str, SmilieRef] = {}

_NAMED = re.compile(r":[A-Za-z0-9_+'>-]{1,32}:")
_FACES = sorted((code for code in SMILIES if not _NAMED.fullmatch(code)), key=len, reverse=True)
_CODE = re.compile(_NAMED.pattern + "|" + "|".join(re.escape(code) for code in _FACES))


def with_smilies(text: str, own: Mapping[str, SmilieRef] = NONE) -> str:
    """Escape text and show the smilie codes in it that stand by themselves.

    own: those of this forum, by their codes.
    """
    text = balanced(text)
    parts: list[str] = []
    written = at = 0
    while len(parts) < 2 * _MOST and (found := _CODE.search(text, at)):
        start, end, code = found.start(), found.end(), found[0]
        is_known = code in SMILIES or code in own
        if not is_known or not _stands_alone(text, start, end, written):
            at = start + 1
            continue
        shown = own_smilie(code, own[code]) if code in own else smilie(code)
        parts += [escape(text[written:start]), shown]
        at = written = end
    return "".join(parts) + escape(text[written:])


def smilie(code: str) -> str:
    """Write one smilie of the table."""
    return f'<span class="smilie" title="{escape_value(code)}">{SMILIES[code]}</span>'


def own_smilie(code: str, ref: SmilieRef) -> str:
    """Write a smilie of the forum's own."""
    if not ref.key:
        return f'<span class="{OWN}" title="{escape_value(code)}">{escape(ref.sign)}</span>'
    return (
        f'<img class="{OWN}" src="/smilies/{ref.key}" alt="{escape_value(ref.words)}" '
        f'title="{escape_value(code)}" width="{ref.width}" height="{ref.height}" '
        'loading="lazy" decoding="async">'
    )


def codes_like(begun: str, most: int) -> list[tuple[str, str]]:
    """Return at most so many (code, character) whose names begin so, then that hold it.

    One code a character: the shortest that fits.
    """
    begun = begun.lower()
    fitting = (code for code in SMILIES if _NAMED.fullmatch(code) and begun in code.lower())

    def rank(code: str) -> tuple[bool, int, str]:
        return not code.lower().startswith(f":{begun}"), len(code), code

    found: dict[str, str] = {}
    for code in sorted(fitting, key=rank):
        found.setdefault(SMILIES[code], code)
    return [(code, sign) for sign, code in found.items()][:most]


def _stands_alone(text: str, start: int, end: int, written: int) -> bool:
    if end < len(text) and _AFTER.match(text, end):
        return bool(_CODE.match(text, end)) and not text[end].isalnum()
    if start == 0 or (start == written and written):
        return True
    if text[start:end] in _SPACE_BEFORE:
        return text[start - 1].isspace() and not _in_brackets(text, start)
    return not _BEFORE.match(text, start - 1)


def _in_brackets(text: str, at: int) -> bool:
    before = text[max(0, at - 200) : at]
    return before.rfind("(") > before.rfind(")")
