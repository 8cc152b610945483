"""Member names: what may be one, and which two are the same to a reader. Pure.

A name is 3 to 40 characters of any script, words parted by single spaces. Scripts may differ
between words, not inside one (but for those that are written together, as in Japanese). Two names
are the same when their keys are: NFKC, case folded, then each character replaced by the prototype
of those it can be confused with (Unicode Technical Standard 39, section 4, data of the package
confusable-homoglyphs). i, l and 1 count as one.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Any

from rostra.kernel.text import one_line
from rostra.kernel.verdict import ALLOWED, Verdict

SHORTEST, LONGEST = 3, 40
UNSEEN = frozenset(" ._-'’·\u3164\u115f\u1160\uffa0")  # tells no two names apart
LONGEST_KEY = 200  # one letter may stand for several
INNER_MARKS = frozenset(" .-_'’·")
ZERO_WIDTH_NON_JOINER = "\u200c"
RESERVED = (
    "admin",
    "administrator",
    "moderator",
    "mod",
    "staff",
    "system",
    "root",
    "rostra",
    "support",
    "owner",
    "official",
    "moderation",
    "guest",
    "everyone",
    "here",
    "deleted",
    "automatic",
    "operator",
)
WRITTEN_TOGETHER = (
    frozenset({"HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"HAN", "HANGUL"}),
    frozenset({"HAN", "BOPOMOFO"}),
)
NO_SCRIPT = frozenset({"COMMON", "INHERITED"})


def tidy(name: str) -> str:
    """Return the name as it is kept: NFC, single spaces, nothing invisible at its ends."""
    return unicodedata.normalize("NFC", one_line(name)).strip()


def name_key(name: str) -> str:
    """Return what is unique about a name; names that look the same have the same key."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    return "".join(_prototype(c) for c in folded if not _is_invisible(c)).casefold()


def may_be_name(name: str, *, reserved: frozenset[str] | None = None) -> Verdict:
    """Return whether a tidied name may be taken; `reserved` are keys nobody may have."""
    if len(name) < SHORTEST:
        return Verdict("name_too_short")
    if len(name) > LONGEST:
        return Verdict("name_too_long")
    if not all(_may_stand(c) for c in name):
        return Verdict("name_has_odd_characters")
    key = name_key(name)
    if len(key) < 2 or not any(c.isalpha() for c in name):
        return Verdict("name_needs_letters")
    if len(key) > LONGEST_KEY:
        return Verdict("name_has_odd_characters")
    if not all(_is_one_script(word) for word in name.split()):
        return Verdict("name_mixes_scripts")
    if key in (reserved_keys() if reserved is None else reserved):
        return Verdict("name_reserved")
    return ALLOWED


def numbered(name: str, n: int) -> str:
    """Return the name that an import gives to the n-th bearer: "Name 2"."""
    suffix = f" {n}"
    return name[: LONGEST - len(suffix)].rstrip() + suffix


def _may_stand(c: str) -> bool:
    return c in INNER_MARKS or c == ZERO_WIDTH_NON_JOINER or unicodedata.category(c)[0] in "LMN"


def _is_invisible(c: str) -> bool:
    return unicodedata.category(c) in ("Cf", "Cc", "Mn", "Me") or c in UNSEEN


def _is_one_script(word: str) -> bool:
    from confusable_homoglyphs import categories

    scripts = {categories.alias(c) for c in word} - NO_SCRIPT
    return len(scripts) <= 1 or any(scripts <= together for together in WRITTEN_TOGETHER)


@lru_cache(maxsize=20_000)
def _prototype(c: str) -> str:
    """Return what stands for a character and all it can be confused with."""
    if c in "il1|":
        return "l"
    alike = _confusables().get(c)
    if not alike or len(alike) > 1:
        return c  # several look like it: it is the prototype itself
    other: str = alike[0]["c"]
    back = _confusables().get(other, [])
    if len(back) == 1 and (other.isascii(), -ord(other[0])) < (c.isascii(), -ord(c)):
        return c  # these two know only each other: the plainer, lower one stands for both
    if any(_is_invisible(part) or unicodedata.category(part) == "Cf" for part in other):
        return c
    return other if other != "l" else "l"


@cache
def _confusables() -> dict[str, list[dict[str, Any]]]:
    """Return what each character can be confused with: a table that only new names need."""
    from confusable_homoglyphs import confusables

    found: dict[str, list[dict[str, Any]]] = confusables.confusables_data
    return found


@cache
def reserved_keys() -> frozenset[str]:
    """Return the keys of the names that nobody may have."""
    return frozenset(name_key(word) for word in RESERVED)
