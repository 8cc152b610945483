"""Pictures of other sites in posts: fetched in the background, where that is switched on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from rostra.content.media import remote
from rostra.content.media.remote import Fetched, RemoteRow
from rostra.content.previews.addresses import host_of, normalise, registrable
from rostra.forum.documents.actions.reading import OF_HOST
from rostra.forum.documents.events import PictureFetched
from rostra.forum.documents.rules import MOST_PICTURES
from rostra.kernel import clock, tries
from rostra.kernel.errors import TooMany
from rostra.kernel.events import emit
from rostra.kernel.jobs import enqueue, job_aside, waiting_of

AT_ONCE = 30  # whenever the clock asks, those that wait counted in
SPREAD = 20  # seconds


def is_on() -> bool:
    """Tell whether pictures of other sites are shown."""
    return settings.ROSTRA.remote_images != "link"


def is_copying() -> bool:
    """Tell whether they are kept for good, also when they are gone where they came from."""
    return settings.ROSTRA.remote_images == "copy"


def have_pictures(urls: Sequence[str], *, is_now: bool) -> dict[str, RemoteRow]:
    """Return the pictures at the first of these addresses; those nobody wanted before are fetched.

    Inside the caller's transaction. is_now: by a job of their own, not when their turn comes.
    While that is off none is new, and those that are known stay with their posts.
    """
    if not is_on():
        return remote.known(urls[:MOST_PICTURES])
    found = remote.want(urls[:MOST_PICTURES], is_fetched=is_now)
    for picture in found.values() if is_now else ():
        if picture.state == remote.State.WANTED:
            _have_fetched(picture)
    return found


def fetch_due() -> None:
    """Queue pictures whose turn has come: of imported posts, dropped ones that somebody missed."""
    room = AT_ONCE - waiting_of(fetch_picture) if is_on() else 0
    for picture in remote.take_due(room) if room > 0 else ():
        enqueue(fetch_picture, picture_id=picture.id)


@job_aside
def fetch_picture(picture_id: int) -> None:
    """Fetch a picture and keep what is drawn of it; later, where its host was just asked.

    Emits PictureFetched where pages show another thing than before.
    """
    row = remote.find_remote(picture_id)
    if row is None or row.sha256 or not is_on():
        return
    made = remote.kept_here(row) if is_copying() else None
    if made is None:
        try:
            take_turn_at(row)
        except TooMany as many:
            later = clock.now() + timedelta(seconds=many.seconds + picture_id % SPREAD)
            enqueue(fetch_picture, run_at=later, picture_id=picture_id)
            return
    keep(row, remote.fetch(row.url) if made is None else Fetched(made))


def take_turn_at(row: RemoteRow) -> None:
    """Ask whether a picture's host may be asked again; raises TooMany: it was just now."""
    host = registrable(host_of(normalise(row.url) or row.url))
    tries.take({f"read host {host}": OF_HOST})


def keep(row: RemoteRow, found: Fetched) -> None:
    """Keep what was fetched, for a while or as a copy; or note that nothing was.

    Emits PictureFetched where pages show another thing than before.
    """
    sha256 = ""
    if found.made is not None:
        if is_copying():
            sha256 = remote.store_copy(found.made)
        else:
            remote.store(row, found.made)
    with transaction.atomic():
        if found.made is not None:
            remote.enter(row, found.made, sha256)
        else:
            remote.note_failure(row, may_come=found.may_come)
        now = remote.find_remote(row.id)
        if now is not None and now.is_shown != row.is_shown:
            emit(PictureFetched(picture_id=now.id, is_shown=now.is_shown))
    remote.let_go()


def _have_fetched(picture: RemoteRow) -> None:
    enqueue(fetch_picture, run_key=f"fetch picture {picture.id}", picture_id=picture.id)
