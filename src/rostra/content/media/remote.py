"""Pictures of other sites: fetched ahead, drawn anew, kept within bounds, fetched again.

Each has a key that is its address, signed: nobody else can make one, and what has no row is never
fetched. A row may be without its files, which can be had again; there are no files without a row.

A copy is for good: its files lie among uploads, named by their sum, one for all that look the same.
There is no row of a copy without its files; files without a row are swept up like uploads'.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q, Sum

from rostra.content.media import formats, pictures, storage
from rostra.content.media.decoder import WIDTHS
from rostra.content.media.models import RemotePicture
from rostra.content.media.queries import steps_of
from rostra.kernel import clock, dialect, http
from rostra.kernel.errors import Invalid, NotFound, TooMany

LARGEST = 10_000_000  # bytes, as they come
LONGEST = 2000  # characters of an address
KEPT_FOR = timedelta(days=30)
MEGABYTE = 1_000_000
AT_ONCE = 100
LEASE = timedelta(hours=1)  # how long whoever said that they fetch it may take
AGAIN_AFTER = (timedelta(hours=1), timedelta(days=1))  # where it may be there later
LATER = frozenset({"no_answer", "took_too_long", "host_is_unknown"})
# The same for all: nobody learns who reads what (SEC-045).
TOLD = {"User-Agent": "Mozilla/5.0 (compatible; Rostra picture reader)", "Accept": "image/*"}
State = RemotePicture.State
SHOWN = (State.KEPT, State.DROPPED)


class RemoteRow(NamedTuple):
    """A picture of another site's."""

    id: int
    key: str
    url: str
    state: str
    width: int
    height: int
    is_animated: bool
    fetched_at: datetime | None
    sha256: str  # of a copy, "" for what is kept for a while

    @property
    def is_shown(self) -> bool:
        """Whether pages show it, rather than a link to it."""
        return self.state in SHOWN

    @property
    def steps(self) -> int:
        """How many smaller sizes there are."""
        return steps_of(self.width, is_animated=self.is_animated)

    def name(self, step: int) -> str:
        """Return under which name a size of it lies."""
        if self.sha256:
            return storage.name_of(self.sha256, step)
        return storage.remote_name_of(self.key, step)

    @property
    def names(self) -> list[str]:
        """The names its sizes lie under, the largest first."""
        return [self.name(step) for step in range(self.steps + 1)]


class Fetched(NamedTuple):
    """What an address led to: a picture of ours, or none, and whether there may be one later."""

    made: pictures.Made | None
    may_come: bool = False


def key_of(url: str) -> str:
    """Return the key of an address: nobody but this forum can make it (SEC-039)."""
    secret = f"remote picture {settings.SECRET_KEY}".encode()
    return hmac.digest(secret, url.encode(), "sha256").hex()[:32]


def want(urls: Collection[str], *, is_fetched: bool) -> dict[str, RemoteRow]:
    """Return the pictures at these addresses, by address; those nobody wanted before are new.

    is_fetched: whoever calls has the new ones fetched; if not, their turn comes. Two queries, or
    three; none for none.
    """
    keys = {key_of(url): url for url in urls if len(url) <= LONGEST}
    if not keys:
        return {}
    found = _rows(Q(key__in=list(keys)))
    new = set(keys) - {row.key for row in found}
    if new:
        at = clock.now() + LEASE if is_fetched else clock.now()
        RemotePicture.objects.bulk_create(
            [RemotePicture(key=key, url=keys[key], fetch_at=at) for key in sorted(new)],
            ignore_conflicts=True,
        )
        found += _rows(Q(key__in=list(new)))
    return {row.url: row for row in found}


def known(urls: Collection[str]) -> dict[str, RemoteRow]:
    """Return those of the pictures at these addresses that somebody wanted. One query."""
    found = _rows(Q(key__in=[key_of(url) for url in urls if len(url) <= LONGEST])) if urls else []
    return {row.url: row for row in found}


def find_remote(picture_id: int) -> RemoteRow | None:
    """Return a picture by its id. One query."""
    return next(iter(_rows(Q(id=picture_id))), None)


def ids_of(which: Q, limit: int) -> list[int]:
    """Return the ids of pictures that a condition is true of."""
    return list(RemotePicture.objects.filter(which).values_list("id", flat=True)[:limit])


@transaction.atomic
def take_due(limit: int) -> list[RemoteRow]:
    """Return those whose turn to be fetched has come; they are the caller's for an hour."""
    due = RemotePicture.objects.filter(fetch_at__lte=clock.now()).order_by("fetch_at")
    ids = list(due.values_list("id", flat=True)[:limit])
    RemotePicture.objects.filter(id__in=ids).update(fetch_at=clock.now() + LEASE)
    return _rows(Q(id__in=ids)) if ids else []


def fetch(url: str) -> Fetched:
    """Fetch what is at an address and have it drawn anew; nothing but the address is told.

    Raises TooMany where no decoder is free.
    """
    allowed = http.networks(settings.ROSTRA.reach_inside)
    try:
        answer = http.fetch(url, most=LARGEST, headers=TOLD, allowed=allowed)
    except http.Failed as failed:
        return Fetched(None, failed.reason in LATER)
    # What it is called counts for nothing: it is a picture if it begins as one.
    form = formats.picture_in(answer.body)
    if answer.status != 200 or not answer.is_whole or form is None:
        return Fetched(None, answer.status == 429 or answer.status >= 500)
    try:
        return Fetched(pictures.made_of(answer.body, form, "picture"))
    except Invalid:
        return Fetched(None)


def kept_here(row: RemoteRow) -> pictures.Made | None:
    """Return a picture that is kept for a while, to be made a copy of; None where it is not."""
    if row.state != State.KEPT or row.sha256:
        return None
    try:
        parts = tuple(storage.get(name) for name in row.names)
    except NotFound:
        return None
    return pictures.Made(row.width, row.height, row.is_animated, parts)


def store_copy(made: pictures.Made) -> str:
    """Put a copy among uploads, on the disk; return its sum. Then `enter` says so in its row.

    One that is there already is written again: it is young then, and not swept up meanwhile.
    """
    sha256 = hashlib.sha256(made.parts[0]).hexdigest()
    for step, part in enumerate(made.parts):
        storage.put(storage.name_of(sha256, step), part)
    return sha256


def store(row: RemoteRow, made: pictures.Made) -> None:
    """Put what a picture was made into on the disk. Then `enter` says so in its row."""
    for step, part in enumerate(made.parts):
        storage.put(storage.remote_name_of(row.key, step), part)
    _drop(row.key, len(made.parts))  # it may have been wider before


def enter(row: RemoteRow, made: pictures.Made, sha256: str = "") -> None:
    """Write down that a picture is here, inside the caller's transaction, which begins with it.

    sha256: of a copy. Raises TooMany where that was swept up since it was stored: then once more.
    """
    if sha256:
        hold_copies()
        if not all(storage.has(storage.name_of(sha256, n)) for n in range(len(made.parts))):
            raise TooMany(pictures.AGAIN, "pictures_busy")
        transaction.on_commit(lambda: _drop(row.key))  # it may have been kept for a while
    is_there = RemotePicture.objects.filter(id=row.id).update(
        state=State.KEPT, size=sum(map(len, made.parts)), width=made.width, height=made.height,
        is_animated=made.is_animated, fetched_at=clock.now(), fetch_at=None, failures=0,
        sha256=sha256,
    )  # fmt: skip
    if not is_there:  # nothing leads to it any more
        transaction.on_commit(lambda: _drop(row.key))


def note_failure(row: RemoteRow, *, may_come: bool) -> None:
    """Note that a picture could not be had; it is tried again later where it may come."""
    picture = RemotePicture.objects.filter(id=row.id).first()
    if picture is None:
        return
    again = may_come and picture.failures < len(AGAIN_AFTER)
    picture.fetch_at = clock.now() + AGAIN_AFTER[picture.failures] if again else None
    picture.failures = min(picture.failures + 1, 100)
    if not again or picture.state == State.WANTED:
        picture.state = State.WANTED if again else State.NONE
    picture.save(update_fields=["fetch_at", "failures", "state"])


def ask_again(row: RemoteRow) -> None:
    """Have a picture fetched that pages show and that is not here any more."""
    dropped = RemotePicture.objects.filter(id=row.id, fetch_at=None, state__in=SHOWN)
    dropped.update(state=State.DROPPED, fetch_at=clock.now(), failures=0)


def hold_copies() -> None:
    """Wait until nobody else enters or sweeps up copies, until the transaction ends."""
    dialect.one_at_a_time("media.copies", 0)


def want_copies() -> int:
    """Have copies made of what is kept for a while, or was; return how many are to come."""
    shown = RemotePicture.objects.filter(state__in=SHOWN, sha256="", fetch_at=None)
    return shown.update(fetch_at=clock.now(), failures=0)


def waiting() -> int:
    """Return how many are to be fetched by now. One query."""
    return RemotePicture.objects.filter(fetch_at__lte=clock.now()).count()


def copies() -> tuple[int, int]:
    """Return how many copies there are, and their bytes; what looks the same once. One query."""
    found = RemotePicture.objects.exclude(sha256="").values("sha256").annotate(one=Max("size"))
    total = found.aggregate(n=Count("sha256"), size=Sum("one"))
    return total["n"], total["size"] or 0


def let_go() -> int:
    """Delete files kept for too long, and the oldest while there is too much; return how many."""
    kept = RemotePicture.objects.filter(state=State.KEPT, sha256="").order_by("fetched_at")
    most = settings.ROSTRA.remote_images_megabytes * MEGABYTE
    too_much = (kept.aggregate(size=Sum("size"))["size"] or 0) - most
    before, gone = clock.now() - KEPT_FOR, 0
    for id_, key, size, fetched_at in kept.values_list("id", "key", "size", "fetched_at")[:AT_ONCE]:
        if too_much <= 0 and fetched_at is not None and fetched_at >= before:
            break
        RemotePicture.objects.filter(id=id_).update(state=State.DROPPED, size=0)
        _drop(key)
        too_much -= size
        gone += 1
    return gone


def forget(ids: Collection[int]) -> None:
    """Delete pictures that nothing leads to any more: their files, then their rows.

    The files of copies are swept up: others may look the same.
    """
    for row in _rows(Q(id__in=list(ids))):
        _drop(row.key)
    RemotePicture.objects.filter(id__in=list(ids)).delete()


def _rows(which: Q) -> list[RemoteRow]:
    found = RemotePicture.objects.filter(which).order_by("id")
    return [RemoteRow(*row) for row in found.values_list(*RemoteRow._fields)]


def _drop(key: str, first: int = 0) -> None:
    for step in range(first, len(WIDTHS) + 1):
        storage.drop(storage.remote_name_of(key, step))
