"""Reading what a member was told. What they may not read now, they are not told of either."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from rostra.effects.notifications.models import Notification, Wishes
from rostra.effects.notifications.rules import BOUNCED_ENOUGH, BOUNCES_FORGOTTEN, REASONS
from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations.readable import in_sight
from rostra.forum.threads.readable import readable, standing
from rostra.kernel import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

RANKS: dict[str, int] = {kind: rank for rank, kind in enumerate(REASONS)}
LOOKED_AT = 200  # rows that one page is made of


class Told(NamedTuple):
    """One row: what happened."""

    id: int
    kind: str
    group: str
    post_id: int | None
    thread_id: int | None
    title: str | None  # of the thread or the conversation
    actor_id: int | None
    actor: str | None
    actor_avatar: str  # key of their picture, "" for none
    at: datetime
    message_id: int | None
    is_read: bool


class Line(NamedTuple):
    """What is told in one line: the best reason in a group, and how many others had one."""

    told: Told  # the newest of those with the best reason
    at: datetime  # of the newest of all
    first_id: int  # the oldest of them: where one goes on reading
    others: int  # people besides the newest's
    is_read: bool


class Wish(NamedTuple):
    """How a member wants to be told."""

    channels: Mapping[str, Collection[str]]
    watches_own: bool
    has_digest: bool
    has_bounced: bool  # so often that no mail goes to their address


AS_SET = Wish({}, watches_own=True, has_digest=False, has_bounced=False)


def lines(told: Iterable[Told]) -> list[Line]:
    """Put together what belongs together: one line a group, read and unread apart."""
    groups: dict[tuple[str, bool], list[Told]] = {}
    for row in told:
        groups.setdefault((row.group, row.is_read), []).append(row)
    return [_line(rows) for rows in groups.values()]


def _line(rows: list[Told]) -> Line:
    """Return the line of a group; `rows` are in order, either way."""
    newest_first = sorted(rows, key=lambda row: -row.id)
    best = min(newest_first, key=lambda row: RANKS.get(row.kind, 0))
    return Line(
        told=best,
        at=newest_first[0].at,
        first_id=newest_first[-1].id,
        others=len({row.actor_id for row in rows} - {best.actor_id}),
        is_read=best.is_read,
    )


def latest_for(viewer: Viewer, *, before: int | None = None) -> list[Told]:
    """Return what the viewer was told last and may still read, the latest first. One query."""
    found = _readable(viewer).filter(on_site=True)
    if before is not None:
        found = found.filter(id__lt=before)
    return _rows(found.order_by("-id")[:LOOKED_AT])


def unread_count(viewer: Viewer) -> int:
    """Return how many lines the viewer has not read and may read. One query."""
    found = _readable(viewer).filter(on_site=True, read_at=None)
    return found.values("group").distinct().count()


def one_for(viewer: Viewer, notification_id: int) -> Told | None:
    """Return one row of the viewer's, None for what is none of theirs or no longer to be read."""
    return next(iter(_rows(_readable(viewer).filter(id=notification_id))), None)


def due_for(viewer: Viewer, now: datetime) -> list[Told]:
    """Return what a letter to the viewer is to tell, the oldest first (SEC-048). One query."""
    found = _readable(viewer).filter(read_at=None, mail_at__lte=now)
    return _rows(found.order_by("id")[:LOOKED_AT])


def members_to_mail(now: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Return whom a letter waits for, with the time of the first thing in it. One query."""
    found = Notification.objects.filter(mail_at__lte=now).order_by("mail_at", "id")
    first: dict[int, datetime] = {}
    for member_id, at in found.values_list("member_id", "at")[: limit * 10]:
        first.setdefault(member_id, at)
    return list(first.items())[:limit]


def counts(member_ids: Collection[int]) -> dict[int, int]:
    """Return how many unread lines these members have, of what stands. One query."""
    found = Notification.objects.filter(
        _STANDING, member_id__in=list(member_ids), on_site=True, read_at=None
    )
    rows = found.values("member_id").annotate(n=Count("group", distinct=True))
    return dict.fromkeys(member_ids, 0) | {row["member_id"]: row["n"] for row in rows}


def told_of(*, post_id: int | None = None, thread_id: int | None = None) -> list[int]:
    """Return who has unread notifications about a post or a thread. One query."""
    found = Notification.objects.filter(read_at=None)
    if post_id is not None:
        found = found.filter(post_id=post_id)
    if thread_id is not None:
        found = found.filter(post__thread_id=thread_id)
    return list(found.values_list("member_id", flat=True).distinct())


def told_groups(member_ids: Collection[int], groups: Collection[str]) -> set[tuple[int, str]]:
    """Return where a letter about something in a group went out, or is to, and nothing was read.

    (member, group). One query.
    """
    found = Notification.objects.filter(
        member_id__in=list(member_ids), group__in=list(groups), read_at=None
    )
    return set(found.values_list("member_id", "group").distinct())


def wishes(member_ids: Collection[int]) -> dict[int, Wish]:
    """Return how these members want to be told; absent: as set. One query."""
    rows = Wishes.objects.filter(member_id__in=list(member_ids)).values_list(
        "member_id", "channels", "watches_own", "has_digest", "bounces", "bounced_at"
    )
    return {
        row[0]: Wish(row[1], row[2], row[3], has_bounced=_has_bounced(row[4], row[5]))
        for row in rows
    }


def wishes_of(member_id: int) -> Wish:
    """Return how a member wants to be told. One query."""
    return wishes([member_id]).get(member_id, AS_SET)


def digests_to_look_at(after: int, limit: int) -> list[tuple[int, datetime | None, int]]:
    """Return members who want the letter of the week, by id: when they got the last, and how
    many have brought nobody back."""
    found = Wishes.objects.filter(has_digest=True, member_id__gt=after).order_by("member_id")
    return list(found.values_list("member_id", "digest_at", "digests_unanswered")[:limit])


def _has_bounced(bounces: int, at: datetime | None) -> bool:
    return bounces >= BOUNCED_ENOUGH and at is not None and clock.now() - at < BOUNCES_FORGOTTEN


def _readable(viewer: Viewer) -> QuerySet[Notification]:
    """Return the viewer's rows, of what they may read."""
    member_id = viewer.require_member()
    is_shown = Q(post=None) | readable(viewer, "post__")
    is_said_to_them = Q(message=None) | in_sight(member_id, "message__")
    found = Notification.objects.filter(is_shown, is_said_to_them, member_id=member_id)
    if viewer.ignored:
        found = found.exclude(actor_id__in=viewer.ignored)
    return found


def _rows(found: QuerySet[Notification]) -> list[Told]:
    rows = found.values_list(
        "id", "kind", "group", "post_id", "post__thread_id",
        Coalesce("post__thread__title", "message__conversation__title"), "actor_id",
        "actor__name", "actor__avatar", "at", "message_id", "read_at",
    )  # fmt: skip
    return [Told._make((*row[:8], row[8] or "", *row[9:11], row[11] is not None)) for row in rows]


_STANDING = Q(post=None) | standing("post__")
KEPT_FOR = timedelta(days=180)
