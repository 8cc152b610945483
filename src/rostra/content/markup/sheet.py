"""The paper that writers write on: blocks, paragraphs and formats that always nest and close."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from rostra.content.markup.autolink import linkify
from rostra.content.markup.findings import Findings
from rostra.content.markup.references import Known
from rostra.content.markup.smilies import with_smilies

type Flow = Literal["paragraphs", "line", "parts"]

DEEPEST = 20
# Text without any of these is its own html.
_SPECIAL = re.compile(
    '[:;=@&<>"^\u202a-\u202e\u2066-\u2069]|[wW][wW][wW]\\.|8[-)O]|B-|[xX]D|\\([yn]\\)'
)
_ITEMS = frozenset({"*", "tr", "td", "th", "part"})


@dataclass(slots=True, eq=False)
class Format:
    """One stretch of formatting: the html before and after its text."""

    opening: str
    closing: str
    is_link: bool = False


@dataclass(slots=True, eq=False)
class Frame:
    """One open block. In "paragraphs" text makes paragraphs, in a "line" it does not."""

    name: str
    flow: Flow
    opening: str = ""
    closing: str = ""
    finish: Callable[[str], str] | None = None
    out: list[str] = field(default_factory=list)
    is_in_paragraph: bool = False
    breaks: int = 0
    has_text: bool = False


class Sheet:
    """Takes text, formats and blocks in the order of the source and keeps the html well formed."""

    def __init__(self, found: Findings, known: Known) -> None:
        self.found = found
        self.known = known
        self.frames = [Frame("root", "paragraphs")]
        self._active: list[Format] = []
        self._shown: list[Format] = []

    @property
    def top(self) -> Frame:
        """Return the innermost open block."""
        return self.frames[-1]

    @property
    def is_full(self) -> bool:
        """Tell whether blocks are nested as deep as they may be."""
        return sum(frame.name not in _ITEMS for frame in self.frames) > DEEPEST

    @property
    def is_in_link(self) -> bool:
        """Tell whether text now stands inside a link."""
        return bool(self._active) and any(kept.is_link for kept in self._active)

    def text(self, text: str) -> None:
        """Write text with its links, mentions and smilies."""
        frame = self.frames[-1]
        if not frame.is_in_paragraph or frame.breaks:
            text = text.lstrip(" \t")
        if not text:
            return
        if not _SPECIAL.search(text):
            self.html(text)
        elif self.is_in_link:
            self.html(with_smilies(text, self.known.smilies))
        else:
            self.html(linkify(text, self.found, self.known))

    def html(self, html: str) -> None:
        """Write html that belongs into a line of text."""
        frame = self.frames[-1]
        if frame.flow == "parts":
            self._open_part()
            frame = self.frames[-1]
        if not frame.is_in_paragraph:
            frame.is_in_paragraph = True
            if frame.flow == "paragraphs":
                frame.out.append('<p dir="auto">')
            elif frame.has_text:
                frame.out.append("<br>\n<br>\n")
        elif frame.breaks:
            frame.out.append("<br>\n" * frame.breaks)
        frame.breaks = 0
        frame.has_text = True
        if self._active or self._shown:
            self._show_formats()
        frame.out.append(html)

    def line_break(self) -> None:
        """End a line; breaks at the edges of a paragraph are not shown."""
        frame = self.frames[-1]
        if frame.is_in_paragraph and frame.breaks < 2:
            frame.breaks += 1

    def end_paragraph(self) -> None:
        """End the paragraph that text is being written to, if there is one."""
        frame = self.top
        if frame.is_in_paragraph:
            if self._shown:
                self._hide_formats(0)
            if frame.flow == "paragraphs":
                frame.out.append("</p>\n")
        frame.is_in_paragraph = False
        frame.breaks = 0

    def block(self, html: str) -> None:
        """Write html that stands as a block by itself."""
        self.end_paragraph()
        if self.top.flow == "parts":
            self._open_part()
        self.top.has_text = False
        self.top.out.append(html)

    def open(self, frame: Frame) -> None:
        """Open a block inside the present one."""
        self.end_paragraph()
        if self.top.flow == "parts" and frame.name not in _ITEMS:
            self._open_part()
        self.top.has_text = False
        self.frames.append(frame)

    def close(self) -> None:
        """Close the innermost block and write it."""
        self.end_paragraph()
        frame = self.frames.pop()
        inner = "".join(frame.out)
        if frame.finish:
            self.top.out.append(frame.finish(inner))
        else:
            self.top.out += [frame.opening, inner, frame.closing]

    def close_to(self, frame: Frame) -> None:
        """Close blocks up to and with the given one, if it is open."""
        if frame in self.frames:
            while self.top is not frame:
                self.close()
            self.close()

    def start(self, formatting: Format, *, is_repeated: bool = False) -> None:
        """Begin a format; it is written only around text, and once unless it may repeat."""
        if not formatting.opening or (formatting.is_link and self.is_in_link):
            return
        if len(self._active) < DEEPEST and (
            is_repeated or all(kept.opening != formatting.opening for kept in self._active)
        ):
            self._active.append(formatting)

    def stop(self, formatting: Format) -> None:
        """End a format, wherever it was begun."""
        if formatting in self._active:
            self._active.remove(formatting)

    def player(self, url: str, player: str) -> None:
        """Write the player of a video that stands for an address."""
        self.found.add_link(url)
        self.block(player + "\n")

    def finished(self) -> str:
        """Close everything and return the html."""
        while len(self.frames) > 1:
            self.close()
        self.end_paragraph()
        return "".join(self.top.out)

    def _open_part(self) -> None:
        """Give text a place inside a list or a table, where it may not stand by itself."""
        if self.top.name == "list":
            self.frames.append(Frame("*", "line", '<li dir="auto">', "</li>\n"))
            return
        if self.top.name == "table":
            self.frames.append(Frame("tr", "parts", "<tr>", "</tr>\n"))
        self.frames.append(Frame("td", "line", '<td dir="auto">', "</td>"))

    def _show_formats(self) -> None:
        same = 0
        while (
            same < min(len(self._shown), len(self._active))
            and self._shown[same] is self._active[same]
        ):
            same += 1
        self._hide_formats(same)
        for formatting in self._active[same:]:
            self.top.out.append(formatting.opening)
            self._shown.append(formatting)

    def _hide_formats(self, kept: int) -> None:
        while len(self._shown) > kept:
            self.top.out.append(self._shown.pop().closing)
