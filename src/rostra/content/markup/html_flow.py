"""A stretch of html being written: inline pieces gather into paragraphs, blocks stand alone."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[ \t\n\r\f]+")
_MOST_OPEN = 12


class Flow:
    """Gathers inline pieces into paragraphs; formatting goes on across their borders."""

    __slots__ = ("_blocks", "_breaks", "_has_words", "_inline", "_open", "_run")

    def __init__(self, *, inline: bool = False) -> None:
        self._inline = inline  # blocks become words with spaces around, as in a link
        self._blocks: list[str] = []
        self._run: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._breaks = 0
        self._has_words = False

    @property
    def is_at_start(self) -> bool:
        """Tell whether white space would be lost here."""
        return not self._has_words or self._breaks > 0

    def piece(self, html: str) -> None:
        """Add an inline piece that shows something."""
        if self._breaks:
            self._break()
        self._run.append(html)
        self._has_words = True

    def space(self) -> None:
        """Add a space, unless it would begin a line."""
        if not self.is_at_start:
            self._run.append(" ")

    def line_break(self) -> None:
        """End the line; twice in a row ends the paragraph."""
        if self._has_words:
            self._breaks += 1

    def start(self, opening: str, closing: str) -> bool:
        """Begin formatting; tell whether it may, so that it is ended too."""
        if len(self._open) >= _MOST_OPEN:
            return False
        if self._breaks:
            self._break()
        self._open.append((opening, closing))
        self._run.append(opening)
        return True

    def end(self) -> None:
        """End the innermost formatting."""
        self._run.append(self._open.pop()[1])

    def block(self, html: str) -> None:
        """Add a block, ending the paragraph before it."""
        if self._inline:
            self.space()
            self.piece(html)
            self.space()
            return
        self.close_paragraph()
        self._blocks.append(html)

    def close_paragraph(self) -> None:
        """End the paragraph, if there is one."""
        if self._inline:
            self.space()
            return
        if self._has_words:
            closing = "".join(tag for _, tag in reversed(self._open))
            text = "".join(self._run).rstrip()
            self._blocks.append(f'<p dir="auto">{text}{closing}</p>')
        self._run = [opening for opening, _ in self._open]
        self._has_words = False
        self._breaks = 0

    def finish(self) -> str:
        """Return everything as blocks."""
        self.close_paragraph()
        return "\n".join(self._blocks)

    def finish_inline(self) -> str:
        """Return everything as one line where there is one, else as blocks."""
        if not self._blocks:
            return "".join(self._run).strip() if self._has_words else ""
        return self.finish()

    def _break(self) -> None:
        breaks, self._breaks = self._breaks, 0
        if breaks > 1 and not self._inline:
            self.close_paragraph()
        else:
            self._run.append(" " if self._inline else "<br>\n")


def collapsed(text: str) -> str:
    """Return text with each stretch of white space as one space."""
    return _SPACE.sub(" ", text)
