"""What a fetched page is taken for: checked values, whatever it says of itself. Pure but for
`read_apart`, which has the page read by a process that may do nothing else."""

from __future__ import annotations

import codecs
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rostra.content.previews import reader
from rostra.content.previews.addresses import is_of_same, joined
from rostra.kernel import text

TITLE = 400  # characters
NAMES = 200
SUMMARY = 300
KINDS = ("article", "video", "social_post", "pdf", "other")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}\Z")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{1,40})""", re.I)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_-]{1,40})""", re.I)
# Those of the web; some of Python's others are no letters, or take the square of what they read.
_LETTERS = re.compile(
    r"utf-(?:8|16(?:-[lb]e)?)|iso8859-\d+|cp(?:125\d|8[67]4|866|932|949)|koi8-[ru]|ascii|tis-620"
    r"|gb(?:k|2312|18030)|big5(?:hkscs)?|euc_(?:jp|kr)|shift_jis|iso2022_jp|mac-(?:cyrillic|roman)"
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_READ_AS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "text/plain": "plain",
}
_TURNING = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)  # signs that turn what stands beside them around


class Unreadable(Exception):
    """Nothing can be said of this page."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is kept of a page: it is what the page says, not what is so."""

    url: str  # its own, or another of the same registrable name that it calls canonical
    title: str
    site: str  # who publishes it, by its own word; "" where it does not say
    authors: str
    published_at: datetime | None
    is_exact: bool  # to the minute; otherwise only the day is known
    modified_at: datetime | None
    language: str  # as a tag, "" for not declared
    kind: str
    summary: str
    text: str


def read_page(html: str, url: str) -> PageFacts:
    """Return what a page at a normalised address is; raises Unreadable where it has no title."""
    return facts_of(reader.read(html), url)


def read_apart(body: bytes, content_type: str, url: str) -> PageFacts:
    """Return what `read_page` does, of a page, PDF or text that may be made to break its reader."""
    way = _way_to_read(body, content_type)
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as result:
        source.write(body if way == "pdf" else decoded(body, content_type).encode(errors="replace"))
        source.seek(0)
        try:
            code = subprocess.run(  # noqa: S603 (our own program, no shell)
                [sys.executable, "-I", "-B", reader.__file__, way],
                stdin=source,
                stdout=result,
                stderr=subprocess.DEVNULL,
                env={"MALLOC_ARENA_MAX": "1"},
                timeout=2 * reader.SECONDS,
                check=False,
            ).returncode
            result.seek(0)
            found = json.loads(result.read()) if code == 0 else None
        except (subprocess.TimeoutExpired, ValueError):
            found = None
    if not isinstance(found, dict):
        raise Unreadable
    return facts_of(found, url)


def facts_of(found: Mapping[str, Any], url: str) -> PageFacts:
    """Return what is to be kept of what a page says of itself."""
    title = _line(found["title"], TITLE)
    if text.is_blank(title):
        raise Unreadable
    published_at, is_exact = time_of(found["published"])
    modified_at, _ = time_of(found["modified"])
    language = found["language"].strip()
    return PageFacts(
        url=canonical_of(found["canonical"], url),
        title=title,
        site=_line(found["site"], NAMES),
        authors=_line(", ".join(found["authors"]), NAMES),
        published_at=published_at,
        is_exact=is_exact,
        modified_at=modified_at,
        language=language.replace("_", "-") if _LANGUAGE.match(language) else "",
        kind=found["kind"] if found["kind"] in KINDS else "other",
        summary=_line(found["description"], SUMMARY),
        text=settled(found["text"]),
    )


def canonical_of(said: str, url: str) -> str:
    """Return the address a page calls its own, where it may: under the same registrable name.

    Otherwise anybody's page could pass for another publisher's.
    """
    found = joined(url, said) if said else None
    return found if found is not None and is_of_same(found, url) else url


def settled(words: str) -> str:
    """Return a text as quotes are looked for in it: NFC, white space collapsed within lines."""
    lines = unicodedata.normalize("NFC", text.storable(words)).split("\n")
    return "\n".join(line for row in lines if (line := " ".join(row.split())))


def time_of(said: str, now: datetime | None = None) -> tuple[datetime | None, bool]:
    """Return a time that a page names, and whether it is known to the minute.

    A time without a zone is known to the day. What cannot be, or is still to come, is none.
    """
    said = said.strip()
    if len(said) > 40:
        return None, False
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None, False
    is_exact = at.tzinfo is not None and not _DAY.match(said)
    try:
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        return None, False
    if at.year < 1400 or at > (now or datetime.now(UTC)) + timedelta(days=2):
        return None, False
    return at, is_exact


def decoded(body: bytes, content_type: str) -> str:
    """Return a page's source; what it says of its letters is believed where they exist."""
    named = _IN_HEADER.search(content_type)
    if body.startswith(codecs.BOM_UTF8):
        return body[3:].decode(errors="replace")
    within = _CHARSET.search(body[:4096])
    name = named[1] if named else within[1].decode() if within else "utf-8"
    try:
        letters = codecs.lookup(name).name
    except LookupError:
        letters = "utf-8"
    if not _LETTERS.fullmatch(letters):
        letters = "utf-8"
    return body.decode("cp1252" if letters == "iso8859-1" else letters, errors="replace")


def is_page(content_type: str) -> bool:
    """Return whether an answer is one to read: HTML, PDF, text, or not said to be anything."""
    kind = _kind_of(content_type)
    return not kind or kind in _READ_AS


def _way_to_read(body: bytes, content_type: str) -> str:
    if body.startswith(b"%PDF-"):
        return "pdf"  # whatever it is called: as a text it is none
    return _READ_AS.get(_kind_of(content_type), "html")


def _kind_of(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _line(words: str, most: int) -> str:
    """Return a text on one line; without signs that turn what stands beside it around."""
    words = text.one_line(unicodedata.normalize("NFC", words).translate(_TURNING))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
