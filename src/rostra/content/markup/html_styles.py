"""The little of foreign styling that is kept: colour by name, alignment, lists, languages."""

from __future__ import annotations

import re

from rostra.content.markup.html_nodes import Attributes, value
from rostra.content.markup.sanitize import COLORS

_COLOR = re.compile(r"(?:^|;)\s*color\s*:\s*([a-z]{3,10})\s*(?:;|$)", re.IGNORECASE)
_ALIGN = re.compile(r"text-align\s*:\s*(center|right|end)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang|language|brush:?\s?)-?([A-Za-z0-9+#-]{1,20})(?=[\s;]|$)")
_NAME = re.compile(r"[a-z0-9+#-]{1,20}")
_NO_LANGUAGE = frozenset({"auto", "none", "nohighlight", "plain", "text", "rich", "general"})
_LIST_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_START = re.compile(r"[0-9]{1,9}")


def color(attrs: Attributes) -> str:
    """Return the name of a text colour that is among ours, or nothing."""
    found = _COLOR.search(value(attrs, "style"))
    name = (found.group(1) if found else value(attrs, "color")).lower()
    return name if name in COLORS else ""


def alignment(attrs: Attributes) -> str:
    """Return to which side text is aligned, or nothing where it begins as usual."""
    found = _ALIGN.search(value(attrs, "style"))
    side = (found.group(1) if found else value(attrs, "align")).lower()
    return {"center": "center", "right": "end", "end": "end"}.get(side, "")


def is_hidden(attrs: Attributes) -> bool:
    """Tell whether an element is not to be seen."""
    return "hidden" in attrs or ("style" in attrs and bool(_HIDDEN.search(value(attrs, "style"))))


def language(attrs: Attributes) -> str:
    """Return the language that code is said to be in, or nothing."""
    name = value(attrs, "data-lang")
    if not name and (found := _LANGUAGE.search(value(attrs, "class"))):
        name = found.group(1)
    name = name.lower()
    return name if _NAME.fullmatch(name) and name not in _NO_LANGUAGE else ""


def list_style(attrs: Attributes) -> str:
    """Write the start and the kind of numbers of an ordered list."""
    start = value(attrs, "start")
    kind = _LIST_TYPES.get(value(attrs, "type") or value(attrs, "data-type"), "")
    kept = f' start="{start}"' if _START.fullmatch(start) and start != "1" else ""
    return kept + (f' class="{kind}"' if kind else "")
