"""The dialect of older forums: BBCode as they stored it, and no Markdown."""

from __future__ import annotations

import re

from rostra.content.markup.bbscan import Step, Tag, read, tags_in, without_uids
from rostra.content.markup.bbtags import ADDRESSES, format_html
from rostra.content.markup.containers import Containers
from rostra.content.markup.embeds import embed
from rostra.content.markup.findings import Findings
from rostra.content.markup.references import Known
from rostra.content.markup.sheet import Format, Sheet
from rostra.content.markup.verbatim import address_in, link_of, write_verbatim

_LINES = re.compile(r"\n")


def to_html(source: str, found: Findings, known: Known) -> str:
    """Write the html of a source in BBCode."""
    source = without_uids(source)
    sheet = Sheet(found, known)
    writer = _Writer(sheet)
    steps = read(source, tags_in(source))
    for number, step in enumerate(steps):
        after = steps[number + 1] if number + 1 < len(steps) else None
        writer.write(step, after)
    return sheet.finished()


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._containers = Containers(sheet)
        self._formats: dict[Tag, Format] = {}
        self._at_line_start = True

    def write(self, step: Step, after: Step | None) -> None:
        tag = step.tag
        if tag is None:
            self._text(step.text, after is None or after.what in ("open", "close", "item", "rule"))
            return
        if step.what == "on":
            self._start(tag, after)
        elif step.what == "off":
            self._stop(tag)
        elif step.what == "verbatim":
            write_verbatim(self._sheet, tag)
            self._at_line_start = False
        else:
            self._block(step, tag)

    def _block(self, step: Step, tag: Tag) -> None:
        self._at_line_start = True
        if step.what == "open":
            self._containers.open(tag)
        elif step.what == "close":
            self._containers.close(tag)
        elif step.what == "item":
            self._containers.item(tag)
        else:
            self._sheet.block("<hr>\n")

    def _start(self, tag: Tag, after: Step | None) -> None:
        self._at_line_start = False
        if tag.name in ADDRESSES:
            formatting = link_of(self._sheet, tag)
        else:
            formatting = Format(*format_html(tag.name, tag.argument))
        self._formats[tag] = formatting
        self._sheet.start(formatting)
        if formatting.is_link and after is not None and after.tag is tag.partner:
            self._sheet.text(address_in(tag.argument, tag.name))

    def _stop(self, tag: Tag) -> None:
        if tag.partner in self._formats:
            self._sheet.stop(self._formats[tag.partner])

    def _text(self, text: str, ends_line: bool) -> None:
        lines = _LINES.split(text)
        blank = 0
        for number, line in enumerate(lines):
            if number:
                blank += 1
                self._at_line_start = True
            if not line.strip() and (number or self._at_line_start):
                continue
            self._break(blank)
            blank = 0
            self._line(line, ends_line or number + 1 < len(lines))
        self._break(blank)

    def _line(self, line: str, ends_line: bool) -> None:
        sheet = self._sheet
        if self._at_line_start and ends_line and "://" in line and not sheet.is_in_link:
            player = embed(line.strip())
            if player:
                sheet.player(line.strip(), player)
                return
        sheet.text(line)
        self._at_line_start = False

    def _break(self, count: int) -> None:
        sheet = self._sheet
        if count > 1 and sheet.top.flow == "paragraphs":
            sheet.end_paragraph()
        elif count:
            for _ in range(min(count, 2)):
                sheet.line_break()
