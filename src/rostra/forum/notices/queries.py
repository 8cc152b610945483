"""Reading notices: those above a page, from memory; all of them, for who writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from rostra.content.markup.references import Known
from rostra.content.markup.render import render
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import whole_tree
from rostra.forum.notices import rules
from rostra.forum.notices.models import Notice
from rostra.forum.smilies.queries import own_smilies
from rostra.kernel import clock
from rostra.kernel.errors import NotFound


class Shown(NamedTuple):
    """A notice as pages show it. boards: where it stands, None for everywhere."""

    id: int
    texts: tuple[tuple[str, str], ...]  # language, kept fragment
    audience: str
    boards: frozenset[int] | None
    starts_at: datetime
    ends_at: datetime | None
    is_dismissible: bool

    def is_for(self, viewer: Viewer, board_id: int | None, at: datetime) -> bool:
        """Return whether it stands above a page that this viewer opens at a moment."""
        # Who is suspended sees of the forum what guests see.
        sees_as_guest = viewer.is_guest or viewer.is_suspended
        return (
            self.starts_at <= at
            and (self.ends_at is None or at < self.ends_at)
            and (self.audience == "everybody" or (self.audience == "guests") == sees_as_guest)
            and (self.boards is None or board_id in self.boards)
            and not (self.is_dismissible and self.id in viewer.dismissed)
        )

    def in_language(self, language: str, otherwise: str) -> tuple[str, str]:
        """Return language and words: those asked for, else the forum's, else what there is."""
        found = dict(self.texts)
        return next(
            ((one, found[one]) for one in (language, otherwise) if one in found), self.texts[0]
        )


class NoticeRow(NamedTuple):
    """A notice as who writes them sees it."""

    id: int
    texts: Mapping[str, str]
    audience: str
    board_ids: list[int]
    starts_at: datetime
    ends_at: datetime | None
    is_dismissible: bool
    edits: int
    written_by: str | None
    written_at: datetime

    def state(self, at: datetime) -> str:
        """Return where it stands: planned, shown, over."""
        if self.ends_at is not None and self.ends_at <= at:
            return "over"
        return "planned" if self.starts_at > at else "shown"


_kept: tuple[int, tuple[Shown, ...]] = (-1, ())


def notices_above(viewer: Viewer, board_id: int | None = None) -> list[Shown]:
    """Return the notices above a page, the oldest first; from memory.

    board_id: the board that the page is of. One query, and the tree of boards, after the version
    has changed that every request reads; none else.
    """
    global _kept
    if _kept[0] != viewer.boards_version:
        _kept = viewer.boards_version, _standing(viewer.boards_version)
    standing = _kept[1]
    if not standing:
        return []
    at = clock.now()
    return [one for one in standing if one.is_for(viewer, board_id, at)]


def next_change(after: datetime) -> datetime | None:
    """Return when a notice begins or ends next, as this process knows them; None: none does.

    Nothing is asked: whoever made a page just now had them read.
    """
    moments = [at for one in _kept[1] for at in (one.starts_at, one.ends_at) if at is not None]
    return min((at for at in moments if at > after), default=None)


def notices_for(
    viewer: Viewer, *, before: int | None = None, limit: int
) -> tuple[list[NoticeRow], list[NoticeRow]]:
    """Return the notices that are not over, and those that are, by key, newest first; two queries.

    Raises Refused.
    """
    rules.may_write_notices(viewer).enforce()
    at = clock.now()
    over = Notice.objects.filter(ends_at__lte=at)
    if before is not None:
        over = over.filter(id__lt=before)
    return (
        _rows(Notice.objects.filter(not_over(at)).order_by("starts_at", "id")),
        _rows(over.order_by("-id")[:limit]),
    )


def notice_for(viewer: Viewer, notice_id: int) -> NoticeRow:
    """Return one notice; raises Refused, NotFound. One query."""
    rules.may_write_notices(viewer).enforce()
    found = _rows(Notice.objects.filter(id=notice_id))
    if not found:
        raise NotFound
    return found[0]


def fragment_of(words: str, version: int) -> str:
    """Return what is kept of a notice's words: safe HTML that refers to nothing here.

    version: of settings, which the caller has just read.
    """
    return render(words, known=Known(smilies=own_smilies(version))).html


def not_over(at: datetime) -> Q:
    """Return the condition of notices that stand at a moment, or will."""
    return Q(ends_at=None) | Q(ends_at__gt=at)


def forget() -> None:
    """Drop what is kept in memory; for tests, which roll versions back."""
    global _kept
    _kept = -1, ()


def _standing(version: int) -> tuple[Shown, ...]:
    rows = _rows(Notice.objects.filter(not_over(clock.now())).order_by("starts_at", "id"))
    if not rows:
        return ()
    tree = whole_tree(version)
    return tuple(
        Shown(
            row.id,
            tuple((language, fragment_of(words, version)) for language, words in row.texts.items()),
            row.audience,
            frozenset(one for board in row.board_ids for one in tree.below(board, tree.rows.keys()))
            if row.board_ids
            else None,
            row.starts_at,
            row.ends_at,
            row.is_dismissible,
        )
        for row in rows
    )


def _rows(found: Any) -> list[NoticeRow]:
    fields = (
        "id", "texts", "audience", "board_ids", "starts_at", "ends_at", "is_dismissible", "edits",
        "written_by__name", "written_at",
    )  # fmt: skip
    return [NoticeRow(*row) for row in found.values_list(*fields)]
