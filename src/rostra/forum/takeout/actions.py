"""Asking for an archive, making it, and deleting it: by its age, and at once on erasure."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.turns import take_turn
from rostra.forum.takeout import files, queries, rules
from rostra.forum.takeout.events import TakeoutReady
from rostra.forum.takeout.models import Takeout
from rostra.kernel import clock
from rostra.kernel.errors import Refused
from rostra.kernel.events import emit
from rostra.kernel.jobs import every

State = Takeout.State


class Begun(NamedTuple):
    """What is to be made: whose, in which language, under which name."""

    member_id: int
    language: str
    key: str


@transaction.atomic
def ask(viewer: Viewer, language: str) -> int:
    """Ask for an archive of all that is one's own; return its number. Raises Refused.

    One from before is deleted.
    """
    member_id = viewer.require_member()
    take_turn(member_id)
    _, may = queries.takeout_of(viewer)
    may.enforce()
    forget(member_id)
    row = Takeout.objects.create(member_id=member_id, language=language, asked_at=clock.now())
    return row.pk


@transaction.atomic
def begin(takeout_id: int, silent_for: timedelta) -> Begun | None:
    """Note that an archive is being made, from its beginning; None where there is nothing to do.

    silent_for: how long nobody who makes it may have given a sign. Raises Refused where somebody
    did: then it is to be looked at again later.
    """
    now = clock.now()
    row = Takeout.objects.select_for_update().filter(pk=takeout_id).first()
    if row is None or row.state == State.READY:
        return None
    if row.state == State.MAKING and row.seen_at is not None and now - row.seen_at < silent_for:
        raise Refused("takeout_being_made")
    transaction.on_commit(partial(files.drop, row.key))
    row.state, row.key, row.seen_at = State.MAKING, secrets.token_hex(16), now
    row.save(update_fields=["state", "key", "seen_at"])
    return Begun(row.member_id, row.language, row.key)


def go_on(key: str) -> bool:
    """Give a sign that an archive is being made; return whether it is still wanted."""
    return bool(Takeout.objects.filter(key=key, state=State.MAKING).update(seen_at=clock.now()))


@transaction.atomic
def finish(key: str) -> None:
    """Note that an archive is written, and say so; nothing where nobody wants it any more."""
    row = Takeout.objects.select_for_update().filter(key=key, state=State.MAKING).first()
    if row is None:
        transaction.on_commit(partial(files.drop, key))
        return
    row.size = files.complete(key)
    row.state, row.ready_at = State.READY, clock.now()
    row.save(update_fields=["state", "ready_at", "size"])
    emit(TakeoutReady(takeout_id=row.pk, member_id=row.member_id))


def fail(key: str) -> None:
    """Note that making an archive failed, and delete what there is of it."""
    Takeout.objects.filter(key=key, state=State.MAKING).update(state=State.FAILED)
    files.drop(key)


def forget(member_id: int) -> None:
    """Delete a member's archive, in the transaction of the caller; its file once that commits."""
    for row in Takeout.objects.select_for_update().filter(member_id=member_id):
        transaction.on_commit(partial(files.drop, row.key))
        row.delete()


@every(timedelta(hours=1))
def delete_old() -> None:
    """Delete archives that were kept long enough, and files that belong to none."""
    before = clock.now() - rules.KEPT_FOR
    old = Takeout.objects.filter(ready_at__lte=before)
    old |= Takeout.objects.filter(ready_at=None, asked_at__lte=before)
    for row in old.order_by("pk"):
        Takeout.objects.filter(pk=row.pk, key=row.key).delete()
        files.drop(row.key)
    # Files first: a name is in the table before there is a file.
    for key in files.keys() - set(Takeout.objects.values_list("key", flat=True)):
        files.drop(key)
