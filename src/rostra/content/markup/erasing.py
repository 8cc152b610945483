"""Taking somebody out of texts that others wrote: the name on mentions and quotes, quoted words.

Pure. What names them in free text is left as it is: it is another's words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import escape

from rostra.content.markup.attribution import attribution

GONE = "…"
_OPEN = re.compile(r"\[quote(?P<said>[=\s][^\]]*)?\]", re.IGNORECASE)
_TAG = re.compile(r"\[(/?)quote(?:[=\s][^\]]*)?\]", re.IGNORECASE)
_BLOCK = re.compile(r"<(/?)blockquote\b[^>]*>")


def renamed_source(source: str, names: Collection[str], neutral: str) -> str:
    """Return a source in which mentions and openings of quotes bear a neutral name."""
    for name in sorted(names, key=len, reverse=True):
        typed = re.escape(name)
        source = re.sub(
            rf'(?<![\w@./:+-])@("?){typed}(?!\w)("?)', _mention(neutral), source, flags=re.I
        )
        source = re.sub(
            rf"(\[quote[^\]]{{0,200}}?(?:=|\s)\s*[\"']?){typed}(?!\w)",
            lambda found: found[1] + neutral, source, flags=re.I,
        )  # fmt: skip
    return source


def renamed_html(html: str, member_id: int, names: Collection[str], neutral: str) -> str:
    """Return a fragment in which mentions of a member and names above quotes are neutral."""
    html = re.sub(rf'(data-member="{member_id}"[^>]*>@<bdi>)[^<]*', lambda f: f[1] + neutral, html)
    for name in names:
        shown = re.escape(escape(name))
        html = re.sub(rf'data-said="{shown}"', f'data-said="{neutral}"', html, flags=re.I)
        html = re.sub(rf"(?<!\w)@{shown}(?!\w)", f"@{neutral}", html, flags=re.I)
    return html


def unquoted_source(source: str, post_ids: Collection[int]) -> str:
    """Return a source in which quotes of these posts are empty."""
    for start, end, argument in reversed(list(_quotes(source))):
        key = attribution(argument.lstrip("= ")).key
        if key is not None and key.isdecimal() and int(key) in post_ids:
            source = f"{source[:start]}{GONE}{source[end:]}"
    return source


def unquoted_html(html: str, post_ids: Collection[int]) -> str:
    """Return a fragment in which quotes of these posts are empty."""
    for post_id in post_ids:
        sign, at = f'data-quote="{post_id}"', 0
        while (at := html.find(sign, at)) >= 0:
            at += len(sign)
            opening = _BLOCK.search(html, at)
            if opening is None:
                break
            end = _closing(_BLOCK, html, opening.end())
            html = f"{html[: opening.end()]}<p>{GONE}</p>{html[end:]}"
    return html


def quoted_in(html: str) -> frozenset[int]:
    """Return the posts that a fragment quotes."""
    return frozenset(int(found) for found in re.findall(r'data-quote="(\d{1,18})"', html))


def names_freely(text: str, names: Collection[str]) -> bool:
    """Return whether a text still has one of these names in it, as a whole word."""
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags=re.I) for name in names
    )  # fmt: skip


def _mention(neutral: str) -> str:
    return f'@"{neutral}"'


def _quotes(source: str) -> Iterator[tuple[int, int, str]]:
    """Give the inside of each outermost-first quote: where it begins and ends, what it says."""
    for opening in _OPEN.finditer(source):
        if opening["said"]:
            yield opening.end(), _closing(_TAG, source, opening.end()), opening["said"]


def _closing(tag: re.Pattern[str], text: str, start: int) -> int:
    """Return where the closing tag of what was opened before `start` stands, or the end."""
    depth = 1
    for found in tag.finditer(text, start):
        depth += -1 if found[1] else 1
        if not depth:
            return found.start()
    return len(text)
