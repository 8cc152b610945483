"""The archive: everything of a member's as lines of JSON, the same as pages, and their files.

One thing is read and written after the other. Of pages only what stands on the last one of each
section is in memory.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from rostra.content.media import storage
from rostra.forum.access.viewer import Viewer
from rostra.forum.uploads.queries import avatar_of, file_for
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.reading.own_data import own_data
from rostra.web.takeout.words import KINDS, SECTIONS, Shown, shown

A_PAGE = 200  # things
LINES = "data/own-data.jsonl"


class _Page(NamedTuple):
    """One page of a section."""

    section: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.section}.html" if self.number == 1 else f"{self.section}-{self.number}.html"


class _Section:
    """What of a section waits for its page, and how much there was."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.waiting: list[Shown] = []
        self.pages = 0
        self.total = 0


class Archive:
    """Writes one archive, in the language that is in force.

    file: where it goes. lines: a file of its own for the lines of JSON, as only one part of an
    archive can be written at a time. sign: called often while it is written; what it raises ends
    the writing.
    """

    def __init__(
        self, viewer: Viewer, file: BinaryIO, lines: BinaryIO, sign: Callable[[], None]
    ) -> None:
        self.viewer = viewer
        self.zone = ZoneInfo(viewer.look.time_zone) if viewer.look.time_zone else UTC
        self.file = file
        self.lines = lines
        self.sign = sign
        self.sections = {name: _Section(name) for name in SECTIONS}
        self.at = clock.now()

    def write(self) -> None:
        """Write all of it."""
        with zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED) as self.zip:
            self.zip.writestr("style.css", render_to_string("takeout/style.css"))
            for thing in own_data(self.viewer):
                self._add(thing)
            for section in self.sections.values():
                self._page(section, is_last=True)
            self._render("index.html", "takeout/index.html", {"sections": self.sections.values()})
            self.lines.flush()
            self.lines.seek(0)
            with self.zip.open(self._entry(LINES), "w", force_zip64=True) as target:
                while some := self.lines.read(2**20):
                    target.write(some)
                    self.sign()

    def _add(self, thing: dict[str, Any]) -> None:
        """Take one thing in: its file, its line, its place on a page."""
        self.sign()
        if "file" in thing and not self._copy(thing["file"], is_avatar=thing["what"] == "avatar"):
            thing = {**thing, "file": None}
        line = json.dumps(thing, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"
        self.lines.write(line.encode())
        section = self.sections[KINDS[thing["kind"]].section]
        if len(section.waiting) == A_PAGE:
            self._page(section, is_last=False)
        section.waiting.append(shown(thing, self.zone))
        section.total += 1

    def _copy(self, name: str, *, is_avatar: bool) -> bool:
        """Put an upload in, where the member may see what it holds; return whether."""
        key = Path(name).stem
        try:
            row = avatar_of(key) if is_avatar else file_for(self.viewer, key)
            held = storage.get(storage.name_of(row.key))
        except NotFound:
            return False
        self.zip.writestr(self._entry(name), held, zipfile.ZIP_STORED)
        return True

    def _page(self, section: _Section, *, is_last: bool) -> None:
        """Write what waits as the next page of its section."""
        section.pages += 1
        page = _Page(section.name, section.pages)
        context = {
            "section": section.name,
            "things": section.waiting,
            "number": page.number,
            "before": _Page(section.name, page.number - 1).name if page.number > 1 else None,
            "after": None if is_last else _Page(section.name, page.number + 1).name,
        }
        self._render(page.name, "takeout/page.html", context)
        section.waiting = []

    def _render(self, name: str, template: str, context: dict[str, Any]) -> None:
        more = {
            "titles": SECTIONS,
            "section": "",
            "name": self.viewer.name,
            "at": self.at.astimezone(self.zone),
            "zone": str(self.zone),
            "lines": LINES,
        }
        self.zip.writestr(self._entry(name), render_to_string(template, {**more, **context}))

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, _date(self.at.astimezone(self.zone)))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        return entry


def _date(at: datetime) -> tuple[int, int, int, int, int, int]:
    return (at.year, at.month, at.day, at.hour, at.minute, at.second)
