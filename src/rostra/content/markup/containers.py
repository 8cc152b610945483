"""The blocks of BBCode as frames of a sheet: quotes, spoilers, lists, tables, alignment."""

from __future__ import annotations

import re

from rostra.content.markup.attribution import attribution, unquoted
from rostra.content.markup.bbscan import Tag
from rostra.content.markup.excerpt import quoted
from rostra.content.markup.quotes import quote_html
from rostra.content.markup.sheet import Format, Frame, Sheet
from rostra.content.markup.text import balanced, escape

_ALIGN = {"left": "align-start", "right": "align-end", "center": "align-center"}
_LIST_CLASSES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_LIST_WORDS = {
    "1": "1", "decimal": "1", "decimal-leading-zero": "1", "lower-alpha": "a", "lower-latin": "a",
    "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I",
}  # fmt: skip
_CELLS = ("td", "th")


class Containers:
    """Opens and closes the blocks that tags stand for."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._frames: dict[Tag, Frame] = {}

    def open(self, tag: Tag) -> None:
        """Open the block of a tag; too deep, or inside a heading, its content is shown flat."""
        sheet = self._sheet
        if sheet.is_full or any(frame.name == "heading" for frame in sheet.frames[-2:]):
            sheet.end_paragraph()
            return
        frame = self._frame(tag)
        sheet.open(frame)
        self._frames[tag] = frame

    def close(self, tag: Tag) -> None:
        """Close the block that a closing tag belongs to."""
        frame = self._frames.pop(tag.partner, None) if tag.partner else None
        if frame is None:
            self._sheet.end_paragraph()
        else:
            self._sheet.close_to(frame)

    def item(self, tag: Tag) -> None:
        """Begin or end an item of a list, a row or a cell."""
        sheet = self._sheet
        if tag.name in ("thead", "tbody"):
            return
        if tag.name == "*":
            self._leave("*")
            if not tag.is_closing:
                sheet.open(Frame("*", "line", '<li dir="auto">', "</li>\n"))
            return
        self._leave(*_CELLS)
        if tag.name == "tr":
            self._leave("tr")
        if tag.is_closing:
            return
        if sheet.top.name == "table":
            sheet.open(Frame("tr", "parts", "<tr>", "</tr>\n"))
        if tag.name != "tr" and sheet.top.name == "tr":
            sheet.open(Frame(tag.name, "line", f'<{tag.name} dir="auto">', f"</{tag.name}>"))

    def _leave(self, *names: str) -> None:
        if self._sheet.top.name in names:
            self._sheet.close()

    def _frame(self, tag: Tag) -> Frame:
        name = tag.name
        if name == "quote":
            return self._quote(tag.argument)
        if name == "spoiler":
            return _spoiler(tag.argument)
        if name == "list":
            return _list(tag.argument)
        if name == "table":
            opening = '<div class="table"><table><tbody>\n'
            return Frame("table", "parts", opening, "</tbody></table></div>\n")
        if name == "heading" or name[0] == "h":
            return _heading(name, tag.argument)
        return _division(name, tag.argument)

    def _quote(self, argument: str) -> Frame:
        sheet = self._sheet
        name, key = attribution(argument)
        sheet.found.quote_depth += 1

        def finish(inner: str) -> str:
            depth = sheet.found.quote_depth
            sheet.found.quote_depth -= 1
            is_known = key is not None and key in sheet.known.posts
            return quote_html(
                inner,
                key=key,
                said=name,
                quoted_words=quoted(inner) if is_known else "",
                found=sheet.found,
                known=sheet.known,
                depth=depth,
            )

        return Frame("quote", "paragraphs", finish=finish)


def link_format(sheet: Sheet, opening: str) -> Format:
    """Make the format of a link that has other text than its address."""
    return Format(opening, "</a>" if opening else "", is_link=bool(opening))


def _spoiler(argument: str) -> Frame:
    title = balanced(unquoted(re.sub(r"\Atitle\s*=", "", argument, flags=re.I)))[:200]
    label = escape(title) if title else '<span data-word="spoiler"></span>'
    opening = f'<details class="spoiler"><summary dir="auto">{label}</summary>\n'
    return Frame("spoiler", "paragraphs", opening, "</details>\n")


def _list(argument: str) -> Frame:
    kind = unquoted(argument)
    kind = _LIST_WORDS.get(kind.lower(), kind)
    if kind in _LIST_CLASSES:
        return Frame("list", "parts", f'<ol class="{_LIST_CLASSES[kind]}">\n', "</ol>\n")
    if re.fullmatch(r"[0-9]{1,9}", kind):
        start = "" if int(kind) == 1 else f' start="{int(kind)}"'
        return Frame("list", "parts", f"<ol{start}>\n", "</ol>\n")
    return Frame("list", "parts", "<ul>\n", "</ul>\n")


def _heading(name: str, argument: str) -> Frame:
    typed = name[1:] if len(name) == 2 else unquoted(argument)
    level = min(int(typed), 3) + 3 if re.fullmatch("[1-6]", typed) else 5
    return Frame("heading", "line", f'<h{level} dir="auto">', f"</h{level}>\n")


def _division(name: str, argument: str) -> Frame:
    if name == "align":
        name = unquoted(argument).lower()
    if name in ("rtl", "ltr"):
        opening = f'<div dir="{name}">\n'
    elif name in _ALIGN:
        opening = f'<div class="{_ALIGN[name]}">\n'
    elif name == "indent":
        opening = '<div class="indent">\n'
    else:
        opening = "<div>\n"
    return Frame("division", "paragraphs", opening, "</div>\n")
