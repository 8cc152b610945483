"""Reading the watched words: the list, and all of them ready to be looked for."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rostra.forum.access.queries import moderates_everything
from rostra.forum.access.viewer import Viewer
from rostra.forum.words import rules
from rostra.forum.words.matching import Matcher, Word
from rostra.forum.words.models import WatchedWord
from rostra.kernel import versions
from rostra.kernel.verdict import Verdict

VERSION = "words"
COVERED = "covered words"  # the version of those of them that are covered
COVER = "censor"
SHOWN = ("censor", "link")  # what is done where posts are shown
TAKEN = ("block", "hold")  # what is done where they are taken in

_kept: Watched | None = None


class Watched(NamedTuple):
    """All watched words as of one version, ready to be looked for."""

    version: int
    shown: Matcher
    taken: Matcher
    every: Matcher


class WordRow(NamedTuple):
    """A watched word in the list."""

    id: int
    word: str
    act: str
    link: str
    added_by: str | None
    added_at: datetime


def watched(version: int | None = None) -> Watched:
    """Return the words to look for. One query for the version, and one more after changes."""
    global _kept
    version = versions.current(VERSION) if version is None else version
    kept = _kept
    if kept is None or kept.version != version:
        rows = [
            Word(*row)
            for row in WatchedWord.objects.order_by("id").values_list("id", "word", "act", "link")
        ]
        kept = _kept = Watched(
            version,
            Matcher(row for row in rows if row.act in SHOWN),
            Matcher(row for row in rows if row.act in TAKEN),
            Matcher(rows),
        )
    return kept


def covered_version() -> int:
    """Return the version of the words that are covered; one query."""
    return versions.current(COVERED)


def words_for(
    viewer: Viewer, *, act: str = "", after: int = 0, limit: int
) -> tuple[list[WordRow], int]:
    """Return watched words in the order they came, by key, and how many there are; two queries.

    Raises Refused for who may not see them.
    """
    may_watch(viewer)
    found = WatchedWord.objects.filter(id__gt=after).order_by("id")
    if act:
        found = found.filter(act=act)
    fields = ("id", "word", "act", "link", "added_by__name", "added_at")
    return [
        WordRow(*row) for row in found.values_list(*fields)[:limit]
    ], WatchedWord.objects.count()


def may_see_words(viewer: Viewer) -> bool:
    """Return whether the viewer may see and change watched words."""
    return bool(_verdict(viewer))


def may_watch(viewer: Viewer) -> None:
    """Raise Refused for who may not see and change watched words."""
    _verdict(viewer).enforce()


def _verdict(viewer: Viewer) -> Verdict:
    return rules.may_watch_words(viewer, moderates_everything=moderates_everything(viewer))


def forget() -> None:
    """Drop what is kept in memory; for tests, which roll versions back."""
    global _kept
    _kept = None
