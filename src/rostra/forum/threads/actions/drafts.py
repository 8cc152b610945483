"""Keeping what somebody is writing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.turns import take_turn
from rostra.forum.threads.models import Draft
from rostra.kernel import clock, dialect, text
from rostra.kernel.errors import Invalid, Refused

KEPT_FOR = timedelta(days=180)
MOST = 100  # of one member
NOTHING: Mapping[str, str] = MappingProxyType({})
LONGEST = 100_000  # characters: more than a post may have, so that nothing typed is lost


@transaction.atomic
def save_draft(
    viewer: Viewer, place: str, *, title: str, source: str, more: Mapping[str, str] = NOTHING
) -> None:
    """Keep what is written for a place, instead of what was; nothing written: none is kept.

    more: what else the form holds, by the names of its fields.
    """
    member_id = viewer.require_member()
    take_turn(member_id)
    title, source = text.one_line(title)[:400], text.storable(source)
    further = {name: text.storable(value) for name, value in more.items() if value}
    if len(source) > LONGEST or sum(map(len, further.values())) > LONGEST:
        raise Invalid({"source": "too_long"})
    if text.is_blank(source) and text.is_blank(title):
        drop_draft(member_id, place)
        return
    fields = {"title": title, "source": source, "more": further, "saved_at": clock.now()}
    _, is_new = Draft.objects.update_or_create(member_id=member_id, place=place, defaults=fields)
    if is_new and Draft.objects.filter(member_id=member_id).count() > MOST:
        raise Refused("too_many_drafts")


def drop_draft(member_id: int, place: str) -> None:
    """Forget what was written for a place."""
    dialect.write(
        "DELETE FROM threads_draft WHERE member_id = %s AND place = %s", [member_id, place]
    )


def forget_old() -> int:
    """Delete drafts nobody has gone on with; return how many."""
    deleted, _ = Draft.objects.filter(saved_at__lt=clock.now() - KEPT_FOR).delete()
    return deleted
