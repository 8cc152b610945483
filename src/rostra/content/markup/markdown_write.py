"""Markdown written: the tokens of markdown-it put on a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from rostra.content.markup.bbscan import Tag
from rostra.content.markup.bbtags import ADDRESSES, format_html
from rostra.content.markup.embeds import embed
from rostra.content.markup.links import image, link, opening_tag
from rostra.content.markup.markdown_rules import PLAIN_ADDRESS
from rostra.content.markup.sheet import Flow, Format, Frame, Sheet
from rostra.content.markup.text import balanced, code, escape
from rostra.content.markup.uploads import file_link, is_upload, picture
from rostra.content.markup.verbatim import code_block, link_of, write_verbatim

_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_EMPHASIS = {"em": "em", "strong": "strong", "s": "s"}
_ALIGNED = {"left": "align-start", "center": "align-center", "right": "align-end"}


def prepare(tokens: list[Token]) -> None:
    """Find the tasks of lists before their boxes are read as links."""
    for number, token in enumerate(tokens):
        if (
            token.type == "inline"
            and number > 1
            and tokens[number - 2].type == "list_item_open"
            and (found := _TASK.match(token.content))
        ):
            token.content = token.content[found.end() :]
            token.meta["task"] = "open" if found[1] == " " else "done"


class MarkdownWriter:
    """Writes tokens; its footnotes are numbered as they are met."""

    def __init__(self, sheet: Sheet, notes: list[str]) -> None:
        self._sheet = sheet
        self._frames: list[Frame | None] = []
        self._formats: list[Format] = []
        self._bbcode: dict[Tag, Format] = {}
        self._unmet = notes
        self._met: list[str] = []
        self._buffer: list[str] = []

    def note_name(self, number: int) -> str:
        """Return the name of the footnote of a number, from 0, met or not."""
        if number < len(self._met):
            return self._met[number]
        return self._meet(next(name for name in self._unmet if name not in self._met))

    def write(self, tokens: list[Token]) -> None:
        """Write the blocks of one text."""
        for number, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token)
            elif token.type == "paragraph_open":
                if not token.hidden or self._sheet.top.is_in_paragraph:
                    self._sheet.end_paragraph()
            elif token.type == "paragraph_close":
                if not token.hidden:
                    self._sheet.end_paragraph()
            elif token.nesting == 1:
                self._open(token, tokens, number)
            elif token.nesting == -1:
                self._close()
            else:
                self._block(token)
        self._sheet.end_paragraph()

    def _block(self, token: Token) -> None:
        if token.type == "hr":
            self._sheet.block("<hr>\n")
        elif token.type in ("fence", "code_block"):
            language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
            self._sheet.block(code_block(token.content.removesuffix("\n"), language))

    def _open(self, token: Token, tokens: list[Token], number: int) -> None:
        frame = _frame(token, tokens, number)
        if frame.name in ("list", "quote") and self._sheet.is_full:
            self._frames.append(None)
            return
        if frame.name == "*" and self._frames and self._frames[-1] is None:
            self._frames.append(None)
            self._sheet.end_paragraph()
            return
        self._sheet.open(frame)
        self._frames.append(frame)

    def _close(self) -> None:
        frame = self._frames.pop()
        if frame is not None:
            self._sheet.close_to(frame)

    def _inline(self, token: Token) -> None:
        if task := token.meta.get("task"):
            box = "☑" if task == "done" else "☐"
            self._sheet.html(f'<span class="task">{box} <span data-word="{task}"></span></span> ')
        children = _with_spoilers(token.children or [])
        buffer = self._buffer
        for number, child in enumerate(children):
            if child.type == "text":
                buffer.append(child.content)
            elif child.type == "softbreak":
                self._flush()
                self._sheet.line_break()
            else:
                self._child(child, children, number)
        self._flush()

    def _child(self, child: Token, children: list[Token], number: int) -> None:
        if child.type == "bbcode" and _is_text(child.meta["tag"]):
            self._buffer.append(child.content)
            return
        self._flush()
        if child.type == "hardbreak":
            self._sheet.line_break()
        elif child.nesting and child.type != "bbcode":
            self._formatted(child, children, number)
        elif child.type == "address":
            self._address(child.content, children, number)
        else:
            _WRITERS[child.type](self, child)

    def _flush(self) -> None:
        if self._buffer:
            self._sheet.text("".join(self._buffer))
            self._buffer.clear()

    def _formatted(self, child: Token, children: list[Token], number: int) -> None:
        if child.nesting < 0:
            self._sheet.stop(self._formats.pop())
            return
        if child.type == "link_open":
            formatting = self._link(str(child.attrs.get("href", "")))
        elif child.type == "spoiler_open":
            formatting = Format(*format_html("ispoiler", ""))
        else:
            formatting = Format(f"<{child.tag}>", f"</{child.tag}>")
        self._formats.append(formatting)
        self._sheet.start(formatting, is_repeated=True)
        if formatting.is_link and children[number + 1].type == "link_close":
            self._sheet.text(str(child.attrs.get("href", "")))

    def _link(self, url: str) -> Format:
        sheet = self._sheet
        if is_upload(url):
            opening, closing = file_link(url, sheet.found, sheet.known)
            return Format(opening, closing, is_link=bool(opening))
        if url in sheet.known.local:
            opening = link(url, "\0", sheet.found, sheet.known).partition("\0")[0]
        else:
            opening = opening_tag(_normal(url), sheet.found)
        return Format(opening, "</a>" if opening else "", is_link=bool(opening))

    def _address(self, url: str, children: list[Token], number: int) -> None:
        sheet = self._sheet
        is_alone = all(
            not (0 <= beside < len(children)) or children[beside].type.endswith("break")
            for beside in (number - 1, number + 1)
        )
        player = embed(url) if is_alone and not sheet.is_in_link else None
        if player:
            sheet.player(url, player)
        elif sheet.is_in_link:
            sheet.html(escape(url))
        else:
            sheet.html(link(url, escape(balanced(url)), sheet.found, sheet.known))

    def _special(self, child: Token) -> None:
        self._sheet.html(escape(balanced(child.content)))

    def _code(self, child: Token) -> None:
        self._sheet.html(f"<code>{code(child.content)}</code>")

    def _image(self, child: Token) -> None:
        parts = child.children or ()
        alt = "".join(" " if part.type.endswith("break") else part.content for part in parts)
        url = _normal(str(child.attrs.get("src", "")))
        sheet = self._sheet
        if is_upload(url):
            linked = not sheet.is_in_link
            sheet.html(picture(url, alt, sheet.found, sheet.known, linked=linked))
        else:
            sheet.html(image(url, alt, sheet.found, linked=not sheet.is_in_link))

    def _note(self, child: Token) -> None:
        if child.content not in self._met:
            self._meet(child.content)
        number = self._met.index(child.content) + 1
        self._sheet.html(f'<sup class="footnote">[{number}]</sup>')

    def _meet(self, name: str) -> str:
        self._met.append(name)
        return name

    def _tag(self, child: Token) -> None:
        tag: Tag = child.meta["tag"]
        if tag.kind == "verbatim":
            write_verbatim(self._sheet, tag)
        elif tag.is_closing:
            if tag.partner in self._bbcode:
                self._sheet.stop(self._bbcode[tag.partner])
        else:
            formatting = (
                link_of(self._sheet, tag)
                if tag.name in ADDRESSES
                else Format(*format_html(tag.name, tag.argument))
            )
            self._bbcode[tag] = formatting
            self._sheet.start(formatting)


_WRITERS: dict[str, Callable[[MarkdownWriter, Token], None]] = {
    "text_special": MarkdownWriter._special,
    "code_inline": MarkdownWriter._code,
    "image": MarkdownWriter._image,
    "note": MarkdownWriter._note,
    "bbcode": MarkdownWriter._tag,
}


def _is_text(tag: Tag) -> bool:
    return tag.kind == "format" and not tag.is_taken


def _with_spoilers(children: list[Token]) -> list[Token]:
    """Turn pairs of "||" around something into a format; others stay text."""
    if not any(child.type == "pipes" for child in children):
        return children
    opened: int | None = None
    for number, child in enumerate(children):
        if child.type != "pipes":
            continue
        if opened is None or number == opened + 1:
            child.type, child.nesting = "text", 0
            opened = number
        else:
            children[opened].type, children[opened].nesting = "spoiler_open", 1
            child.type, child.nesting = "spoiler_close", -1
            opened = None
    return children


def _normal(url: str) -> str:
    if PLAIN_ADDRESS.fullmatch(url):
        return url
    try:
        return normalizeLink(url)
    except (ValueError, UnicodeError):
        return url


def _frame(token: Token, tokens: list[Token], number: int) -> Frame:
    kind = token.type.removesuffix("_open")
    if kind == "heading":
        level = min(int(token.tag[1]), 3) + 3
        return Frame("heading", "line", f'<h{level} dir="auto">', f"</h{level}>\n")
    if kind == "blockquote":
        opening = '<blockquote class="quote" dir="auto">\n'
        return Frame("quote", "paragraphs", opening, "</blockquote>\n")
    if kind == "bullet_list":
        return Frame("list", "parts", "<ul>\n", "</ul>\n")
    if kind == "ordered_list":
        start = token.attrs.get("start")
        opening = "<ol>\n" if start is None else f'<ol start="{start}">\n'
        return Frame("list", "parts", opening, "</ol>\n")
    if kind == "list_item":
        flow: Flow = "line" if _is_tight(tokens, number) else "paragraphs"
        return Frame("*", flow, '<li dir="auto">', "</li>\n")
    return _table_frame(kind, token)


def _table_frame(kind: str, token: Token) -> Frame:
    if kind == "table":
        return Frame("part", "parts", '<div class="table"><table>\n', "</table></div>\n")
    if kind in ("th", "td"):
        aligned = _ALIGNED.get(str(token.attrs.get("style", "")).partition(":")[2], "")
        chosen = f' class="{aligned}"' if aligned else ""
        return Frame(kind, "line", f'<{kind}{chosen} dir="auto">', f"</{kind}>")
    return Frame("part", "parts", f"<{kind}>\n", f"</{kind}>\n")


def _is_tight(tokens: list[Token], number: int) -> bool:
    level = tokens[number].level
    while (number := number + 1) < len(tokens) and tokens[number].level > level:
        if tokens[number].type == "paragraph_open" and tokens[number].level == level + 1:
            return tokens[number].hidden
    return True
