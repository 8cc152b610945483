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
    may_hold_data,
    paragraphs,
    split_signature,
    stripped,
)
from rostra.content.markup.plain_lines import Run, clean, marked, split_quotes
from rostra.content.markup.plain_mail import MASK, mask_mail
from rostra.content.markup.plain_names import attribution_at, begins_attribution, ends_attribution
from rostra.content.markup.quotes import quote_html
from rostra.content.markup.references import NOTHING_KNOWN, Known, Wanted
from rostra.content.markup.text import balanced, escape

_ATTRIBUTION_LINES = 3
_MOST_BLANK = 3  # lines between an attribution and its quote
_MEMORABLE = 2_000  # signs: longer paragraphs are not kept for the next mail


def to_html(source: str, found: Findings, known: Known) -> str:
    """Turn mail into paragraphs, quotes, tables and folded parts, with no mail address left."""
    writer = _Writer(found, known)
    text = clean(source)
    lines, signature = split_signature(text.split("\n"))
    read = fold_data(lines) if may_hold_data(text) else [Part(lines)]
    parts = [writer.part(part) for part in read]
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
        return self._level(split_quotes(lines, places), 0) if places else self._own(lines)

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

    def _level(self, runs: list[Run], depth: int) -> str:
        """Write lines of one depth of quoting, and what is quoted deeper inside them."""
        parts: list[str] = []
        at = 0
        while at < len(runs):
            own_end = _end_of_own(runs, at, depth)
            quote_end = _end_of_quote(runs, own_end, depth)
            own = [line for run in runs[at:own_end] for line in run.lines]
            name = ""
            if quote_end > own_end:
                own, name = _take_attribution(own)
            parts.append(self._own(own))
            if quote_end > own_end:
                body = self._level(runs[own_end:quote_end], depth + 1)
                parts.append(self._quote(body, depth + 1, name))
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
            kind, html = self._block(text)
            if kind == "pre":
                drawn.append(html)
                continue
            if drawn:
                out.append(_drawing(drawn))
                drawn = []
            out.append(html)
        if drawn:
            out.append(_drawing(drawn))
        return "\n".join(out)

    def _block(self, text: str) -> _Block:
        if self._known.local or len(text) >= _MEMORABLE:
            return _block(text, self._found, self._known)
        block, links = _remembered(text)
        for url in links:
            self._found.add_link(url)
        return block


class _Block(NamedTuple):
    """The html of a paragraph or a rule, or of one of the parts of a drawing."""

    kind: Kind
    html: str


def _block(text: str, found: Findings, known: Known) -> _Block:
    kind = kind_of(text)
    if kind == "rule":
        return _Block(kind, "<hr>")
    text = mask_mail(text.expandtabs() if kind == "pre" else stripped(text))
    is_linked = _may_hold_address(text)
    html = linkify(text, found, known, _as_typed) if is_linked else _as_typed(text)
    return _Block(kind, html if kind == "pre" else _paragraph(html))


@lru_cache(maxsize=2_000)
def _remembered(text: str) -> tuple[_Block, tuple[str, ...]]:
    """Return a block and the addresses in it, none of them known to be this forum's own.

    People quote one another whole: in a mailing list half of all paragraphs have just been read.
    """
    found = Findings()
    return _block(text, found, NOTHING_KNOWN), found.links()


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


def _end_of_own(runs: list[Run], at: int, depth: int) -> int:
    while at < len(runs) and runs[at].depth <= depth:
        at += 1
    return at


def _end_of_quote(runs: list[Run], at: int, depth: int) -> int:
    """Return the end of a quote; blank lines inside it belong to it.

    Where another mark follows blank lines, another's words do: a quote of their own.
    """
    end = at
    for place in range(at, len(runs)):
        run = runs[place]
        if run.depth > depth:
            if depth == 0 and place > end and runs[end - 1].marks[-1] != run.marks[0]:
                break
            end = place + 1
        elif not run.is_blank():
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
