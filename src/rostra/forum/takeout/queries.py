"""Reading what became of the archive a member asked for."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.takeout import files, rules
from rostra.forum.takeout.models import Takeout
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.verdict import Verdict


class TakeoutRow(NamedTuple):
    """An archive as its member is told of it."""

    state: str
    asked_at: datetime
    ready_at: datetime | None
    size: int

    @property
    def until(self) -> datetime | None:
        """When its file is deleted."""
        return self.ready_at + rules.KEPT_FOR if self.ready_at else None


class Archive(NamedTuple):
    """An archive that is given out."""

    file: BinaryIO
    size: int
    ready_at: datetime


def takeout_of(viewer: Viewer) -> tuple[TakeoutRow | None, Verdict]:
    """Return the viewer's archive, if any, and whether they may ask for one now. One query.

    One whose file is not there any more, as in a forum that was restored, is none.
    """
    row = Takeout.objects.filter(member_id=viewer.require_member()).first()
    if row is None or (row.state == Takeout.State.READY and not files.path_of(row.key).exists()):
        return None, rules.may_ask(None, clock.now())
    found = TakeoutRow(row.state, row.asked_at, row.ready_at, row.size)
    if found.until is not None and found.until <= clock.now():
        return None, rules.may_ask(None, clock.now())
    return found, rules.may_ask(rules.Before(row.state, row.asked_at), clock.now())


def archive_for(viewer: Viewer) -> Archive:
    """Return the viewer's own archive, open; raises NotFound. One query."""
    row = Takeout.objects.filter(member_id=viewer.require_member(), ready_at__isnull=False).first()
    if row is None or row.ready_at is None or clock.now() - row.ready_at >= rules.KEPT_FOR:
        raise NotFound
    try:
        return Archive(files.path_of(row.key).open("rb"), row.size, row.ready_at)
    except FileNotFoundError as error:
        raise NotFound from error
