"""Mends texts that went through the wrong hands on their way into a corpus."""

from __future__ import annotations

import re
from html import unescape

_C1 = re.compile("[\x80-\x9f]")
_PHONE = re.compile(r"(?<!\d)(?:\+?98|0|۰)?[9۹][\d۰-۹](?:[ -]?[\d۰-۹]){8}(?![\d۰-۹])")


def repaired(text: str) -> str:
    """Decode entities, and read C1 controls as the windows-1252 signs they were."""
    return _C1.sub(_as_windows, unescape(text) if "&" in text else text)


def without_phones(text: str) -> str:
    """Put "…" in the place of every mobile phone number."""
    return _PHONE.sub("…", text)


def _as_windows(found: re.Match[str]) -> str:
    return found.group().encode("latin-1").decode("windows-1252", "ignore")
