"""The dialect of mail and Usenet: text as typed, quoted with signs, announced by "X wrote:"."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rostra.content.markup.autolink import addresses, linkify
from rostra.content.markup.findings import Findings
from rostra.content.markup.plain_blocks import (
    Kind,
    Part,
    fold_data,
    kind_of,
    paragraphs,
    split_signature,
)
from rostra.content.markup.plain_lines import Lines, clean, marked, split_quotes
from rostra.content.markup.plain_mail import MASK, mask_mail
from rostra.content.markup.plain_names import attribution_at, begins_attribution, ends_attribution
from rostra.content.markup.quotes import quote_html
from rostra.content.markup.references import Known, Wanted
from rostra.content.markup.text import balanced, escape

_ATTRIBUTION_LINES = 3
_MOST_BLANK = 3  # lines between an attribution and its quote
_MEMORABLE = 2_000  # signs: longer paragraphs are not kept for the next mail


def to_html(source: str, found: Findings, known: Known) -> str:
    """Turn mail into paragraphs, quotes, tables and folded parts, with no mail address left."""
    writer = _Writer(found, known)
    lines, signature = split_signature(clean(source).split("\n"))
    parts = [writer.part(part) for part in fold_data(lines)]
    if signature:
        parts.append(writer.signature(signature))
    return "\n".join(part for part in parts if part)


def wanted_plain(source: str) -> Wanted:
    """List the addresses in a text; mail refers to nothing else by a key."""
    return Wanted(links=frozenset(address.url for address in addresses(mask_mail(source))))


class _Writer:
    """Writes the parts of one mail."""

    def __init__(self, found: Findings, known: Known) -> None:
        self._found = found
        self._known = known

    def part(self, part: Part) -> str:
        lines = part.lines
        if part.is_data:
            return self._folded(lines)
        places = marked(lines)
        if not places:
            return self._own(lines)

        def announced() -> set[int]:
            return {at for at in _before(lines, places) if ends_attribution(lines[at])}

        return self._level(split_quotes(lines, places, announced), 0, len(lines), 0)

    def signature(self, lines: list[str]) -> str:
        return (
            '<details class="fold"><summary dir="auto">'
            '<span data-word="signature"></span></summary>'
            f'<div class="signature" dir="auto">{self._own(lines)}</div></details>'
        )

    def _folded(self, lines: list[str]) -> str:
        title = escape(mask_mail(lines[0].strip("- ")[:60]))
        body = escape(mask_mail("\n".join(lines)))
        return (
            f'<details class="fold"><summary dir="auto">{title}</summary>'
            f'<pre dir="auto">{body}</pre></details>'
        )

    def _level(self, lines: Lines, at: int, end: int, depth: int) -> str:
        """Write lines of one depth of quoting, and what is quoted deeper inside them."""
        parts: list[str] = []
        while at < end:
            own_end = _end_of_own(lines, at, end, depth)
            quote_end = _end_of_quote(lines, own_end, end, depth)
            own = lines.texts[at:own_end]
            name = ""
            if quote_end > own_end:
                own, name = _take_attribution(own)
            parts.append(self._own(own))
            if quote_end > own_end:
                parts.append(
                    self._quote(self._level(lines, own_end, quote_end, depth + 1), depth + 1, name)
                )
            at = quote_end
        return "\n".join([part for part in parts if part])

    def _quote(self, body: str, depth: int, name: str) -> str:
        if not body:
            return ""
        return quote_html(
            body,
            key=None,
            said=name,
            quoted_words="",
            found=self._found,
            known=self._known,
            depth=depth,
        ).rstrip()

    def _own(self, lines: list[str]) -> str:
        """Write paragraphs; neighbouring tables and drawings become one block."""
        out: list[str] = []
        drawn: list[str] = []
        for text in paragraphs(lines):
            block = _remembered(text) if len(text) < _MEMORABLE else _block(text)
            html = block.text if block.is_html else self._linked(block.text)
            if block.kind == "pre":
                drawn.append(html)
                continue
            if drawn:
                out.append(_drawing(drawn))
                drawn = []
            out.append(_paragraph(html) if block.kind == "text" else "<hr>")
        if drawn:
            out.append(_drawing(drawn))
        return "\n".join(out)

    def _linked(self, text: str) -> str:
        return linkify(text, self._found, self._known, _as_typed)


class _Block(NamedTuple):
    """A paragraph or a drawing without mail addresses: its html, or its text if it may link."""

    kind: Kind
    text: str
    is_html: bool


def _block(text: str) -> _Block:
    kind = kind_of(text)
    if kind == "pre":
        text = text.expandtabs()
    else:
        text = "\n".join([line.strip() for line in text.split("\n")])
    text = mask_mail(text)
    if _may_hold_address(text):
        return _Block(kind, text, is_html=False)
    return _Block(kind, _as_typed(text), is_html=True)


# People quote one another whole: in a mailing list half of all paragraphs have just been read.
_remembered = lru_cache(maxsize=2_000)(_block)


def _drawing(parts: list[str]) -> str:
    return f'<pre dir="auto">{"\n\n".join(parts)}</pre>'


def _paragraph(html: str) -> str:
    return f'<p dir="auto">{html}</p>'.replace("\n", "<br>\n")


def _may_hold_address(text: str) -> bool:
    """Tell cheaply whether there is what every address typed as text begins with."""
    if text.count("@") > text.count(MASK):
        return True
    text = text.lower()
    return "://" in text or "www." in text or "mailto:" in text


def _as_typed(text: str, *_: object) -> str:
    return escape(text if text.isascii() else balanced(text))


def _before(lines: list[str], places: list[int]) -> set[int]:
    """Return the lines that a marked line follows, at most two blank ones between them."""
    found: set[int] = set()
    for place in places:
        for at in range(place - 1, max(place - 4, -1), -1):
            found.add(at)
            if lines[at].strip():
                break
    return found


def _end_of_own(lines: Lines, at: int, end: int, depth: int) -> int:
    depths = lines.depths
    while at < end and depths[at] <= depth:
        at += 1
    return at


def _end_of_quote(lines: Lines, at: int, last: int, depth: int) -> int:
    """Return the end of a quote; blank lines inside it belong to it.

    Where another mark follows blank lines, another's words do: a quote of their own.
    """
    depths, texts, marks = lines
    end = at
    mark = ""
    for place in range(at, last):
        if depths[place] > depth:
            if depth == 0 and place > end and mark and marks[place] != mark:
                break
            end, mark = place + 1, marks[place]
        elif texts[place].strip():
            break
    return end


def _take_attribution(own: list[str]) -> tuple[list[str], str]:
    """Part the last lines that announce a quote from the rest; return the rest and the name."""
    end = len(own)
    while end and not own[end - 1].strip():
        end -= 1
    if not end or len(own) - end > _MOST_BLANK or not ends_attribution(own[end - 1]):
        return own, ""
    for count in range(_ATTRIBUTION_LINES, 0, -1):
        first = end - count
        if first < 0 or (count > 1 and not begins_attribution(own[first])):
            continue
        name = attribution_at(" ".join(own[first:end]))
        if name is not None:
            return own[:first], name
    return own, ""
