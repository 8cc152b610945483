"""Telling, and noting what was read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import batched

from django.db import transaction

from rostra.effects.notifications import queries
from rostra.effects.notifications.models import Notification, Wishes
from rostra.effects.notifications.rules import (
    KINDS,
    MAIL_WAITS,
    Telling,
    bounces_now,
    ways_of,
)
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.actions import hold, set_bells
from rostra.forum.members.turns import take_turn
from rostra.kernel import clock
from rostra.kernel.errors import Invalid

BATCH = 500
CHANNELS = ("site", "mail")


def tell(tellings: Iterable[Telling], *, one_letter: bool = False) -> None:
    """Tell members what happened, each by the ways they chose.

    The same thing again tells nobody twice. one_letter: no second letter about what belongs
    together, until they have read of it.
    """
    now = clock.now()
    for some in batched(tellings, BATCH, strict=False):
        ids = sorted({one.member_id for one in some})
        chosen = queries.wishes(ids)
        waiting = queries.told_groups(ids, {one.group for one in some}) if one_letter else set()
        rows = []
        for one in some:
            wish = chosen.get(one.member_id, queries.AS_SET)
            ways = ways_of(wish.channels, one.kind)
            if not any(ways):
                continue
            has_letter = ways.mail and not wish.has_bounced
            has_letter = has_letter and (one.member_id, one.group) not in waiting
            mail_at = now + MAIL_WAITS if has_letter else None
            rows.append(Notification(**one._asdict(), at=now, on_site=ways.site, mail_at=mail_at))
        with transaction.atomic():
            Notification.objects.bulk_create(rows, ignore_conflicts=True)
            _ring(ids)


@transaction.atomic
def take_back(key: str, member_id: int) -> None:
    """Tell no more of what was undone before it was read."""
    gone, _ = Notification.objects.filter(member_id=member_id, key=key, read_at=None).delete()
    if gone:
        recount([member_id])


@transaction.atomic
def read_in_thread(viewer: Viewer, thread_id: int, number: int) -> None:
    """Note as read what the viewer was told of a thread's posts up to a number."""
    found = Notification.objects.filter(
        member_id=viewer.require_member(), read_at=None, post__thread_id=thread_id,
        post__number__lte=number,
    )  # fmt: skip
    _read(viewer, list(found.values_list("id", flat=True)))


@transaction.atomic
def read_group(viewer: Viewer, group: str) -> None:
    """Note as read what is told in one line."""
    own = Notification.objects.filter(member_id=viewer.require_member(), read_at=None)
    _read(viewer, list(own.filter(group=group).values_list("id", flat=True)))


@transaction.atomic
def read_all(viewer: Viewer, newest: int) -> None:
    """Note as read everything up to a row: what came after the page was made stays unread."""
    own = Notification.objects.filter(member_id=viewer.require_member(), read_at=None)
    own.filter(id__lte=newest).update(read_at=clock.now(), mail_at=None)
    _ring_for(viewer)


@transaction.atomic
def recount(member_ids: Collection[int]) -> None:
    """Set the bells of these members right."""
    for ids in batched(sorted(member_ids), BATCH, strict=False):
        _ring(ids)


@transaction.atomic
def forget_thread(thread_id: int, member_ids: Collection[int]) -> None:
    """Delete what these members were told of a thread that is theirs to read no more."""
    for ids in batched(sorted(member_ids), BATCH, strict=False):
        Notification.objects.filter(member_id__in=ids, post__thread_id=thread_id).delete()
        _ring(ids)


@transaction.atomic
def forget_message(message_id: int) -> None:
    """Delete what members were told of a message that its author took back."""
    found = Notification.objects.filter(message_id=message_id)
    members = sorted(set(found.values_list("member_id", flat=True)))
    found.delete()
    _ring(members)


@transaction.atomic
def forget_group(member_id: int, group: str) -> None:
    """Delete what a member was told in one line."""
    Notification.objects.filter(member_id=member_id, group=group).delete()
    _ring([member_id])


@transaction.atomic
def choose_ways(
    member_id: int,
    channels: Mapping[str, Collection[str]],
    *,
    watches_own: bool,
    has_digest: bool,
) -> None:
    """Choose how to be told; raises Invalid for a kind or channel that is none."""
    take_turn(member_id)
    if set(channels) - set(KINDS) or any(set(ways) - set(CHANNELS) for ways in channels.values()):
        raise Invalid({"channels": "not_a_choice"})
    kept = {kind: sorted(channels.get(kind, ())) for kind in KINDS}
    Wishes.objects.update_or_create(
        member_id=member_id,
        defaults={"channels": kept, "watches_own": watches_own, "has_digest": has_digest},
    )


@transaction.atomic
def unsubscribe(member_id: int, what: str) -> None:
    """Send a member no more letters: of the week ("digest"), or none at all ("all")."""
    row, _ = Wishes.objects.select_for_update().get_or_create(member_id=member_id)
    row.has_digest = False
    if what == "all":
        row.channels = {
            kind: ["site"] if ways_of(row.channels, kind).site else [] for kind in KINDS
        }
        Notification.objects.filter(member_id=member_id).update(mail_at=None)
    row.save()


@transaction.atomic
def note_bounce(member_id: int, points: int) -> int:
    """Count a letter that came back; return what they come to. At four no more mail goes out."""
    row, _ = Wishes.objects.select_for_update().get_or_create(member_id=member_id)
    now = clock.now()
    row.bounces = bounces_now(row.bounces, row.bounced_at, now, points)
    row.bounced_at = now
    row.save()
    if queries.wishes_of(member_id).has_bounced:
        Notification.objects.filter(member_id=member_id).update(mail_at=None)
    return row.bounces


def try_mail_again(member_id: int) -> None:
    """Forget the letters that came back: the member says that mail arrives."""
    Wishes.objects.filter(member_id=member_id).update(bounces=0, bounced_at=None)


@transaction.atomic
def note_digest(member_id: int, seen: datetime | None) -> None:
    """Note that the letter of the week went out to a member who was here last at `seen`."""
    row = Wishes.objects.select_for_update().get(member_id=member_id)
    came_back = seen is not None and (row.digest_at is None or seen > row.digest_at)
    row.digests_unanswered = 1 if came_back else row.digests_unanswered + 1
    row.digest_at = clock.now()
    row.save()


def mailed(member_id: int, until: datetime) -> None:
    """Note that the letter about all that was due went out, or is not to."""
    Notification.objects.filter(member_id=member_id, mail_at__lte=until).update(mail_at=None)


def put_off(member_id: int, until: datetime) -> None:
    """Let a member's letter wait longer."""
    due = Notification.objects.filter(member_id=member_id, mail_at__lte=clock.now())
    due.update(mail_at=until)


def forget_old() -> None:
    """Delete what was told long ago."""
    Notification.objects.filter(at__lt=clock.now() - queries.KEPT_FOR).delete()


def _read(viewer: Viewer, ids: list[int]) -> None:
    if ids:
        Notification.objects.filter(id__in=ids).update(read_at=clock.now(), mail_at=None)
    if ids or viewer.bell:
        _ring_for(viewer)


def _ring(member_ids: Collection[int]) -> None:
    """Set these members' bells: one after the other where many count at once."""
    hold(member_ids)
    set_bells(queries.counts(member_ids))


def _ring_for(viewer: Viewer) -> None:
    """Set the viewer's own bell, by what they may read now."""
    hold([viewer.require_member()])
    set_bells({viewer.require_member(): queries.unread_count(viewer)})
