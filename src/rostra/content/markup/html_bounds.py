"""Foreign html before it is parsed: what no parser should be asked to build a tree of.

A tree can be far larger than its source: formatting left open is repeated in every later
paragraph, and deep nesting makes each further tag dearer. Both are found by counting first.
"""

from __future__ import annotations

import re

LONGEST = 1_000_000
DEEPEST = 400

_MOST_TAGS = 2_000
_MOST_COPIES = 200_000
_START = re.compile(r"<[a-zA-Z]")
_FORMATTING = re.compile(r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s>/]", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)(?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*>")
# Tags that end by themselves where the next one begins, or hold nothing.
_LOOSE = frozenset({
    "p", "br", "hr", "img", "input", "source", "track", "wbr", "area", "base", "col", "embed",
    "link", "meta", "param", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot",
    "option",
})  # fmt: skip
_MARKUP = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/blockquote|/h[1-6])\b[^<>]*>", re.IGNORECASE)


def is_bounded(source: str) -> bool:
    """Tell whether the tree of a source is sure to be of a bearable size and depth."""
    if len(source) > LONGEST:
        return False
    starts = len(_START.findall(source))
    formatting = len(_FORMATTING.findall(source))
    if starts <= _MOST_TAGS and formatting * starts <= _MOST_COPIES:
        return True
    return _left_open(source, starts)


def _left_open(source: str, starts: int) -> bool:
    """Follow the tags as they nest; one that is closed out of order counts as left open."""
    open_tags: list[str] = []
    read = 0
    for tag in _TAG.finditer(source):
        closing, name = tag.group(1), tag.group(2).lower()
        read += 0 if closing else 1
        if name in _LOOSE:
            continue
        if not closing:
            open_tags.append(name)
        elif open_tags and open_tags[-1] == name:
            open_tags.pop()
        if len(open_tags) > DEEPEST:
            return False
    # Where tags hide in comments or values, the count is not to be trusted.
    return read == starts and "<!" not in source and len(open_tags) < 20


def bare_text(source: str) -> str:
    """Return the text of a source that is not parsed, its tags dropped."""
    text = _BREAK.sub("\n", source[:LONGEST])
    return _MARKUP.sub("", text)
