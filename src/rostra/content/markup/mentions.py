"""Mentions: which names may follow an "@", and how one that is known is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rostra.content.markup.findings import Findings
from rostra.content.markup.references import Known, MemberRef
from rostra.content.markup.smilies import with_smilies
from rostra.content.markup.text import balanced, escape

LONGEST, SHORTEST = 40, 3

_WORD = r"[^\s@\[\]()<>{}\"“”„«»,;:!?/\\|*#=+~`^&%$…\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,3}}")
_QUOTED = re.compile(r'"([^"\n<>]{3,40})"(?:#p?\d{1,12})?')
_ENDINGS = ".'’-_"
_AT = re.compile(r"(?<![\w@./:+-])@")


def candidates(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Give the names that may begin at a place, the longest first, each with its end."""
    if quoted := _QUOTED.match(text, at):
        yield quoted[1], quoted.end()
        return
    found = _NAME.match(text, at, min(len(text), at + LONGEST + 3))
    if not found:
        return
    name = found[0]
    while name:
        yield from ((form, at + len(form)) for form in _forms(name))
        name = name.rpartition(" ")[0]


def _forms(name: str) -> Iterator[str]:
    bare = name.rstrip(_ENDINGS)
    owner = bare.removesuffix("'s").removesuffix("’s")
    for form in dict.fromkeys((name, bare, owner)):
        if SHORTEST <= len(form) <= LONGEST:
            yield form


def names_in(text: str) -> set[str]:
    """Collect every name that an "@" in a text may mean."""
    names: set[str] = set()
    if "@" in text:
        for found in _AT.finditer(text):
            names.update(name for name, _ in candidates(text, found.end()))
    return names


def with_mentions(text: str, found: Findings, known: Known) -> str:
    """Escape text, showing smilies and linking the members who are mentioned in it."""
    if "@" not in text or not known.members:
        return with_smilies(text, known.smilies)
    parts: list[str] = []
    written = 0
    for sign in _AT.finditer(text):
        if sign.start() < written:
            continue
        for name, end in candidates(text, sign.end()):
            member = known.members.get(name)
            if member is not None:
                before = with_smilies(text[written : sign.start()], known.smilies)
                parts += [before, mention(member, found)]
                written = end
                break
    return "".join(parts) + with_smilies(text[written:], known.smilies)


def mention(member: MemberRef, found: Findings) -> str:
    """Write the mention of one member."""
    found.add_mention(member.id)
    name = escape(balanced(member.name))
    return (
        f'<a class="mention" data-member="{member.id}" href="/members/{member.id}">'
        f"@<bdi>{name}</bdi></a>"
    )
