"""Reading uploads. Who may see one is for the rooms above to say."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from rostra.content.media import storage
from rostra.content.media.decoder import AVATAR, WIDTHS
from rostra.content.media.formats import Kind
from rostra.content.media.models import RemotePicture, Upload, Usage
from rostra.kernel.errors import NotFound


class UploadRow(NamedTuple):
    """An upload without what it holds."""

    id: int
    key: str
    owner_id: int
    kind: Kind
    form: str
    name: str
    size: int
    width: int
    height: int
    is_animated: bool
    created_at: datetime
    unused_since: datetime | None

    @property
    def steps(self) -> int:
        """How many smaller sizes there are."""
        if self.kind == "avatar":
            return len(AVATAR) - 1
        if self.kind == "file":
            return 0
        return steps_of(self.width, is_animated=self.is_animated)

    @property
    def names(self) -> list[str]:
        """The names its sizes lie under, the largest first."""
        return [storage.name_of(self.key, step) for step in range(self.steps + 1)]


def steps_of(width: int, *, is_animated: bool) -> int:
    """Return how many smaller sizes there are of a picture this wide."""
    return 0 if is_animated else sum(one < width for one in WIDTHS)


class UsageRow(NamedTuple):
    """How many bytes somebody has here, and brought on the day that was asked about."""

    size: int
    day_size: int


def upload_of(key: str) -> UploadRow:
    """Return an upload by its key; raises NotFound. One query."""
    found = Upload.objects.filter(key=key).values_list(*UploadRow._fields).first()
    if found is None:
        raise NotFound
    return UploadRow(*found)


def uploads_of(keys: Collection[str]) -> dict[str, UploadRow]:
    """Return uploads by their keys. One query; none for none."""
    if not keys:
        return {}
    rows = Upload.objects.filter(key__in=list(keys)).values_list(*UploadRow._fields)
    return {row[1]: UploadRow(*row) for row in rows}


def owned_by(member_id: int, after: int, limit: int) -> list[UploadRow]:
    """Return somebody's uploads in the order of their ids, from one on. One query."""
    found = Upload.objects.filter(owner_id=member_id, id__gt=after).order_by("id")
    return [UploadRow(*row) for row in found.values_list(*UploadRow._fields)[:limit]]


def avatar_by(member_id: int) -> UploadRow | None:
    """Return the one square picture of somebody's that is kept, shown or not. One query."""
    found = Upload.objects.filter(owner_id=member_id, kind="avatar")
    return next((UploadRow(*row) for row in found.values_list(*UploadRow._fields)), None)


def unused_before(moment: datetime, limit: int) -> list[UploadRow]:
    """Return uploads that nothing has shown since a moment, the longest unused first. One query."""
    found = Upload.objects.filter(unused_since__lt=moment).order_by("unused_since")
    return [UploadRow(*row) for row in found.values_list(*UploadRow._fields)[:limit]]


def usage_of(member_id: int, day: date) -> UsageRow:
    """Return how much somebody has here and brought on a day. One query."""
    row = Usage.objects.filter(owner_id=member_id).values_list("size", "day", "day_size").first()
    if row is None:
        return UsageRow(0, 0)
    return UsageRow(row[0], row[2] if row[1] == day else 0)


def known_keys(keys: Collection[str]) -> frozenset[str]:
    """Return which of these keys are uploads'. One query."""
    return frozenset(Upload.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def known_copies(sums: Collection[str]) -> frozenset[str]:
    """Return which of these sums are of copies of other sites' pictures. One query."""
    found = RemotePicture.objects.exclude(sha256="").filter(sha256__in=list(sums))
    return frozenset(found.values_list("sha256", flat=True))
