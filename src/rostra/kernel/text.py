"""Small facts about text that any site needs."""

import re
import unicodedata
from functools import lru_cache

_HYPHENS = re.compile(r"-+")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@lru_cache(maxsize=4096)
def slug(title: str, limit: int = 80) -> str:
    """Return a title as it stands in an address: any script, lower case, hyphens; may be empty."""
    kept = (
        c if c.isalnum() or unicodedata.category(c)[0] == "M" else "-"
        for c in unicodedata.normalize("NFKC", title).lower()
    )
    words = _HYPHENS.sub("-", "".join(kept))
    words = words.strip("-")
    if len(words) > limit:
        words = words[:limit].rsplit("-", 1)[0]
    return words


def storable(text: str) -> str:
    """Return text that every database takes: no NUL, no half surrogate, line ends as LF."""
    is_ascii = text.isascii()
    text = text.replace("\0", "\ufffd") if is_ascii else _UNSTORABLE.sub("\ufffd", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """Return text without control characters, white space collapsed."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in storable(text)
    )
    return " ".join(kept.split())


def is_blank(text: str) -> bool:
    """Return whether nothing of the text can be seen: white space, controls, joiners, fillers."""
    return all(
        unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Cn")
        or c in "\u115f\u1160\u3164\uffa0\u2800"
        for c in text
    )
