"""What stands around a quote that was found: of another's text no more than that is shown."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rostra.content.previews.passages import AROUND
from rostra.forum.claims import anchors
from rostra.forum.claims.queries import EntryRow
from rostra.forum.documents.queries import saved_copy


class Around(NamedTuple):
    """The words of a quote as its document has them, with a little before and after."""

    before: str
    words: str
    after: str
    at: datetime  # when that was saved


def around(entry: EntryRow) -> Around | None:
    """Return what stands around an entry's verified quote, for who may read the entry.

    In the text as it was first saved, else as last. None where its words do not stand there in one
    piece. Two queries; none for other entries.
    """
    if entry.document_id is None or not entry.quote or entry.quote_check != "verified":
        return None
    for newest in (False, True):
        saved = saved_copy(entry.document_id, newest=newest)
        if saved is None:
            return None
        text, at = anchors.plain(saved[0]), saved[1]
        place = anchors.place_of(entry.quote, text)
        if place is not None:
            return _cut(text, *place, at)
    return None


def _cut(text: str, start: int, end: int, at: datetime) -> Around:
    """Return a part of a text, so that no word is cut in two."""
    before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "…" + before[before.find(" ") + 1 :]
    if end + AROUND < len(text):
        after = after[: after.rfind(" ") + 1].rstrip() + "…"
    return Around(before, text[start:end], after, at)
