"""Adding smilies, switching them on and off, ordering them. Logged by number."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from rostra.content.media import formats
from rostra.content.media.actions import Brought, accept
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import VERSION
from rostra.forum.modlog import actions as modlog
from rostra.forum.smilies import rules
from rostra.forum.smilies.events import SmiliesChanged
from rostra.forum.smilies.models import Smilie
from rostra.forum.smilies.rules import Wish
from rostra.kernel import versions
from rostra.kernel.errors import Gathered, Invalid
from rostra.kernel.events import emit

MEGABYTE = 1_000_000


class Arranged(NamedTuple):
    """Whether a smilie is to be on, and at which place."""

    is_on: bool
    position: int


def add_smilie(viewer: Viewer, wish: Wish, data: bytes = b"", *, reason: str) -> int:
    """Add a smilie, at the end; return its id. data: a small picture, which is drawn anew.

    Posts of before are not rendered again. Raises Refused, Invalid; emits SmiliesChanged.
    """
    rules.may_see_to_smilies(viewer).enforce()
    gathered = Gathered()
    with gathered:
        wish = rules.checked(wish, has_picture=bool(data))
    with gathered:
        reason = modlog.check_reason(reason)
    gathered.enforce()
    drawn = _drawn(data) if data else None  # takes its time: before anything is locked
    with transaction.atomic():
        versions.raise_version(VERSION)  # first, for it locks a row: one change after another
        places = dict(Smilie.objects.values_list("code", "position"))
        if wish.code in places:
            raise Invalid({"code": "smilie_code_taken"})
        if len(places) >= rules.MOST:
            raise Invalid({"code": "too_many_smilies"})
        made = Smilie(
            code=wish.code,
            sign=wish.sign,
            words=wish.words,
            position=max(places.values(), default=0) + 1,
        )
        if drawn is not None:
            made.key, made.picture = secrets.token_hex(16), drawn.parts[0]
            made.width, made.height = drawn.width, drawn.height
        made.save()
        _log(viewer, reason, {"added": made.pk})
    return made.pk


@transaction.atomic
def arrange_smilies(viewer: Viewer, wishes: Mapping[int, Arranged], *, reason: str) -> None:
    """Switch smilies on and off, and order them; those not named stay. All of it or nothing.

    One that is off is text in what is written from then on; posts of before go on showing it until
    they are rendered anew. Raises Refused, Invalid; emits SmiliesChanged.
    """
    rules.may_see_to_smilies(viewer).enforce()
    reason = modlog.check_reason(reason)
    versions.raise_version(VERSION)
    on: list[int] = []
    off: list[int] = []
    is_moved = False
    for row in Smilie.objects.filter(id__in=list(wishes)).order_by("id"):
        wish = wishes[row.pk]
        if wish == (row.is_on, row.position):
            continue
        if wish.is_on != row.is_on:
            (on if wish.is_on else off).append(row.pk)
        is_moved = is_moved or wish.position != row.position
        row.is_on, row.position = wish
        row.save(update_fields=["is_on", "position"])
    if not (on or off or is_moved):
        raise Invalid({"smilies": "nothing_changed"})
    _log(viewer, reason, {"on": on, "off": off})


def _drawn(data: bytes) -> Brought:
    """Return what is made of a picture; raises Invalid for what is none, is large, or moves."""
    if len(data) > settings.ROSTRA.upload_megabytes * MEGABYTE:
        raise Invalid({"file": "file_too_large"})
    if not formats.picture_in(data):
        raise Invalid({"file": "not_a_picture"})
    drawn = accept(data, "")
    if drawn.is_animated:
        raise Invalid({"file": "logo_moves"})
    if max(drawn.width, drawn.height) > rules.LARGEST:
        raise Invalid({"file": "smilie_too_large"})
    return drawn


def _log(viewer: Viewer, reason: str, facts: dict[str, Any]) -> None:
    log_n = modlog.append(
        "smilies.change",
        role="administrator",
        reason=reason,
        actor_id=viewer.require_member(),
        facts=facts,
    )
    emit(SmiliesChanged(log_n=log_n))
