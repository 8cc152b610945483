"""Keeping uploads and letting them go: a file first, its row after; the row first, the file after.

So there is never a row without its file. A file without a row is what a killed process or a
transaction that failed leaves behind: `sweep` finds it, after a day.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from itertools import batched
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from rostra.content.media import formats, pictures, queries, remote, storage
from rostra.content.media.models import Upload, Usage
from rostra.content.media.queries import UploadRow
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound

ORPHANS_AFTER = 24 * 60 * 60  # seconds that a file without a row is left alone
OF_UPLOAD, OF_COPY = 32, 64  # letters of a key
_FACTS = ("kind", "form", "name", "size", "width", "height", "is_animated")


class Brought(NamedTuple):
    """Something accepted and made ours, not yet kept."""

    kind: formats.Kind
    form: str
    name: str
    width: int
    height: int
    is_animated: bool
    parts: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Bytes of all sizes together."""
        return sum(map(len, self.parts))


def accept(data: bytes, name: str) -> Brought:
    """Return what is made of something uploaded; raises Invalid for what cannot be here.

    A picture is known by how it begins, whatever it is called; it is drawn anew. A file is known
    by its ending, must begin as that does, and is kept as it is.
    """
    if not data:
        raise Invalid({"file": "file_empty"})
    if picture := formats.picture_in(data):
        return _drawn(data, picture, "picture")
    form = formats.file_form(data, name)
    if form is None:
        raise Invalid({"file": "file_kind"})
    return Brought("file", form, formats.file_name(name, form), 0, 0, False, (data,))


def accept_avatar(data: bytes) -> Brought:
    """Return the square made of a picture; raises Invalid for what is none."""
    picture = formats.picture_in(data)
    if picture is None:
        raise Invalid({"file": "file_empty" if not data else "not_a_picture"})
    return _drawn(data, picture, "avatar")


def store(brought: Brought) -> str:
    """Put what was accepted into the storage; return its key. All of it is on the disk then.

    Call it while no transaction waits for the disk; then `enter` makes a row of it.
    """
    key = secrets.token_hex(16)
    try:
        for step, part in enumerate(brought.parts):
            storage.put(storage.name_of(key, step), part)
    except BaseException:
        withdraw(key, brought)
        raise
    return key


def withdraw(key: str, brought: Brought) -> None:
    """Take back what was stored and has no row."""
    with suppress(OSError):  # what stays is swept up
        _drop([storage.name_of(key, step) for step in range(len(brought.parts))])


def enter(owner_id: int, key: str, brought: Brought) -> UploadRow:
    """Write the row of what was stored, inside the caller's transaction."""
    now = clock.now()
    facts = {name: getattr(brought, name) for name in _FACTS}
    row = Upload.objects.create(
        key=key, owner_id=owner_id, created_at=now, unused_since=now, **facts
    )
    _count(owner_id, brought.size)
    return UploadRow(*(getattr(row, field) for field in UploadRow._fields))


def note_used(keys: Collection[str]) -> dict[str, int]:
    """Note that something shows these uploads; return their ids. Raises NotFound for one gone."""
    wanted = set(keys)
    rows = Upload.objects.select_for_update(no_key=True).filter(key__in=wanted).order_by("id")
    found = dict(rows.values_list("key", "id"))
    if set(found) != wanted:
        raise NotFound
    Upload.objects.filter(id__in=found.values()).update(unused_since=None)
    return found


def note_unused(ids: Collection[int]) -> None:
    """Note that nothing shows these uploads any more: their owner sees them, for a while."""
    Upload.objects.filter(id__in=list(ids)).update(unused_since=clock.now())


def let_go(row: UploadRow) -> None:
    """Delete an upload, and its files once that is committed."""
    deleted, _ = Upload.objects.filter(id=row.id).delete()
    if deleted:
        Usage.objects.filter(owner_id=row.owner_id).update(size=F("size") - row.size)
        transaction.on_commit(lambda: _drop(row.names))


def sweep(part: int) -> int:
    """Delete the files of one part of the storage that have no row; return how many."""
    names = {name: _key_in(name) for name in storage.older_than(ORPHANS_AFTER, part)}
    copies = [pair for pair in names.items() if len(pair[1]) == OF_COPY]
    others = [pair for pair in names.items() if len(pair[1]) != OF_COPY]
    dropped = 0
    for some in batched(others, 500, strict=False):
        known = queries.known_keys([key for _, key in some if key])
        dropped += _drop([name for name, key in some if key not in known])
    for few in batched(copies, 20, strict=False):
        # Another row may begin to need such a file at this moment: its sum is no chance.
        with transaction.atomic():
            remote.hold_copies()
            known = queries.known_copies([key for _, key in few])
            dropped += _drop([name for name, key in few if key not in known])
    return dropped


def _drawn(data: bytes, picture: str, shape: formats.Kind) -> Brought:
    made = pictures.made_of(data, picture, shape)
    return Brought(
        shape, formats.PICTURE_FORM, "", made.width, made.height, made.is_animated, made.parts
    )


def _count(owner_id: int, size: int) -> None:
    today = clock.now().date()
    usage, _ = Usage.objects.get_or_create(owner_id=owner_id, defaults={"day": today})
    day_size = F("day_size") + size if usage.day == today else size
    Usage.objects.filter(owner_id=owner_id).update(
        size=F("size") + size, day=today, day_size=day_size
    )


def _drop(names: Collection[str]) -> int:
    for name in names:
        storage.drop(name)
    return len(names)


def _key_in(name: str) -> str:
    """Return the key a name was made of; "" for a name that we did not make."""
    key = name.rpartition("/")[2].partition("-")[0]
    return key if len(key) in (OF_UPLOAD, OF_COPY) else ""
