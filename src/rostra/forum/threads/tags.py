"""Tags: a few words of any script under which a thread is found. Pure.

A thread keeps its tags in one text, "flood barrier, harbour", in the order they were given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rostra.kernel.errors import Invalid

MOST = 5
LENGTH = (2, 30)
BETWEEN = ", "
_COMMAS = re.compile(r"[,،、，;；؛\n]")
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212]")
_ZWNJ = "\u200c"  # parts the letters of Persian words


def tag_of(text: str) -> str:
    """Return a tag as it is kept, however it is typed; raises ValueError with a reason code."""
    text = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(" " if c == _ZWNJ or c.isspace() else c for c in text if not _is_unseen(c))
    tag = " ".join(unicodedata.normalize("NFKC", text).lstrip(" #").split()).strip(" -")
    if not all(c in " -" or unicodedata.category(c)[0] in "LM" or c.isdecimal() for c in tag):
        raise ValueError("tag_odd")
    if not LENGTH[0] <= len(tag) <= LENGTH[1] or not any(c.isalnum() for c in tag):
        raise ValueError("tag_length")
    return tag


def checked(text: str) -> str:
    """Return the tags typed in one field as they are kept; raises Invalid."""
    found: dict[str, None] = {}
    for part in _COMMAS.split(text[:2000]):
        if not part.strip():
            continue
        try:
            found[tag_of(part)] = None
        except ValueError as error:
            raise Invalid({"tags": str(error)}) from None
    if len(found) > MOST:
        raise Invalid({"tags": "too_many_tags"})
    return BETWEEN.join(found)


def fitting(words: Iterable[str]) -> str:
    """Return the first of these words that may be tags, as they are kept."""
    found: dict[str, None] = {}
    for word in words:
        try:
            found[tag_of(_COMMAS.sub(" ", word))] = None
        except ValueError:
            continue
    return BETWEEN.join(list(found)[:MOST])


def split(kept: str) -> list[str]:
    """Return the tags of a thread one by one."""
    return kept.split(BETWEEN) if kept else []


def _is_unseen(character: str) -> bool:
    """Return whether nothing is seen of it: two tags must not differ by that alone."""
    return unicodedata.category(character) in ("Cf", "Cc") and not (
        character == _ZWNJ or character.isspace()
    )
