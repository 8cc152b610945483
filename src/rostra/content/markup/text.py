"""Characters: what may stay in a source, how text is escaped, and bidi controls kept in check."""

from __future__ import annotations

import html as entities
import re
import unicodedata

_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_ODD = re.compile(
    r"[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)
_ODD_IN_ASCII = bytes(code for code in range(128) if _ODD.match(chr(code)))
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_ENDLESS = re.compile(r"&#(?:[0-9]{9,}|[xX][0-9a-fA-F]{9,});?")
_EMBEDDINGS = "\u202a\u202b\u202d\u202e"
_ISOLATES = "\u2066\u2067\u2068"
_PDF, _PDI = "\u202c", "\u2069"
_TABLE = re.compile("<table>")
_NO_WORDS = re.compile(r"<[^<>]*>|&[^&;]*;")
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def tidy(source: str) -> str:
    """Use one kind of line end and drop what no text holds: controls, lone surrogates."""
    if source.isascii():  # found out a byte at a time, not a character: most of all there is
        characters = source.encode()
        if len(characters.translate(None, _ODD_IN_ASCII)) == len(characters):
            return source
    elif not _ODD.search(source):
        return source
    return _FORBIDDEN.sub("", _LINE_END.sub("\n", source))


def escape(text: str) -> str:
    """Escape text for html, between tags; as a parser writes it, so that it is read once only."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text if text.isascii() else text.replace("\xa0", "&nbsp;")


def unescape(text: str) -> str:
    """Return what a text of html says; a number that no character has is one that is unknown.

    Python's own raises ValueError for a reference of more than 4,300 digits.
    """
    return entities.unescape(_ENDLESS.sub("\ufffd", text) if "&#" in text else text)


def escape_value(text: str) -> str:
    """Escape text for the value of an attribute, in double quotes."""
    return escape(text).replace('"', "&quot;")


def balanced(text: str) -> str:
    """Close every bidi embedding and isolate that a text opens, and drop stray closers."""
    if not _BIDI.search(text):
        return text
    kept: list[str] = []
    closers: list[str] = []
    for char in text:
        if char in _EMBEDDINGS or char in _ISOLATES:
            if len(closers) >= 8:
                continue
            closers.append(_PDF if char in _EMBEDDINGS else _PDI)
        elif char in (_PDF, _PDI):
            if not closers or closers[-1] != char:
                continue
            closers.pop()
        kept.append(char)
    return "".join(kept) + "".join(reversed(closers))


def code(text: str) -> str:
    """Escape code, showing bidi controls as marks because they could hide what it does."""
    return _BIDI.sub(_bidi_mark, escape(text))


def _bidi_mark(found: re.Match[str]) -> str:
    return f'<span class="bidi">U+{ord(found[0]):04X}</span>'


def with_direction(html: str) -> str:
    """Say in which direction each table runs: that of its first letter, not of the page.

    `dir="auto"` would not find it: it passes over cells that have a `dir` of their own.
    """
    return _TABLE.sub(_directed, html) if "<table>" in html else html


def _directed(found: re.Match[str]) -> str:
    html = found.string
    end = html.find("</table>", found.end())
    words = _NO_WORDS.sub("", html[found.end() : end])
    kinds = (_STRONG.get(unicodedata.bidirectional(char)) for char in words)
    direction = next(filter(None, kinds), None)
    return f'<table dir="{direction}">' if direction else "<table>"
