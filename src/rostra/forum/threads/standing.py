"""How far somebody has come on the one ladder, and what that allows. Pure.

new → member (first day over, first posts standing) → trusted (30 days, 20 standing posts, no
sanction for 90 days).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

type Rung = Literal["new", "member", "trusted"]

DAY = timedelta(days=1)
FIRST_POSTS = 3
TRUSTED_AFTER = timedelta(days=30)
TRUSTED_POSTS = 20
UNTRUSTED_FOR = timedelta(days=90)  # after a sanction


class Limits(NamedTuple):
    """What a member may do; None: without an end."""

    threads_a_day: int
    replies_a_day: int | None
    between_threads: timedelta
    between_posts: timedelta
    links: int | None  # in a post, to other sites
    mentions: int  # in a post
    reactions_a_day: int
    pictures: int  # in a post; so are files
    files: int


LIMITS: dict[Rung, Limits] = {
    "new": Limits(3, 10, timedelta(seconds=120), timedelta(seconds=30), 2, 2, 20, 1, 0),
    "member": Limits(20, None, timedelta(seconds=15), timedelta(seconds=5), None, 10, 50, 20, 10),
    "trusted": Limits(20, None, timedelta(seconds=15), timedelta(seconds=5), None, 10, 100, 20, 10),
}
# Nothing to wait for: what single limits are put into for who is held to none.
FREE = Limits(1000, None, timedelta(), timedelta(), None, 1000, 1000, 1000, 1000)


class Standing(NamedTuple):
    """Where a member stands; `until` is when the first day of a new one is over.

    trust_at: when a sanction keeps nobody's trust from them any more, where one does.
    """

    rung: Rung
    limits: Limits
    posts_lacking: int = 0  # standing posts until a new one is new no more
    until: datetime | None = None
    trust_at: datetime | None = None


class Wait(NamedTuple):
    """A limit that is in force: which, and until when."""

    reason: str
    until: datetime


def standing_of(
    joined_at: datetime | None,
    standing_posts: int,
    now: datetime,
    sanctioned_at: datetime | None = None,
) -> Standing:
    """Return where somebody stands; one whose joining nobody knows came long ago.

    sanctioned_at: when the last sanction of theirs began that was not taken back.
    """
    age = now - joined_at if joined_at is not None else TRUSTED_AFTER
    if age < DAY or standing_posts < FIRST_POSTS:
        until = joined_at + DAY if joined_at is not None and age < DAY else None
        return Standing("new", LIMITS["new"], max(FIRST_POSTS - standing_posts, 0), until)
    trust_at = sanctioned_at + UNTRUSTED_FOR if sanctioned_at is not None else now
    if age >= TRUSTED_AFTER and standing_posts >= TRUSTED_POSTS and trust_at <= now:
        return Standing("trusted", LIMITS["trusted"])
    return Standing("member", LIMITS["member"], trust_at=trust_at if trust_at > now else None)


def wait_to_start(limits: Limits, started: Sequence[datetime], now: datetime) -> Wait | None:
    """Return what keeps somebody from starting a thread; `started`: their latest, newest first."""
    if started and now - started[0] < limits.between_threads:
        return Wait("thread_too_soon", started[0] + limits.between_threads)
    return day_is_full(limits.threads_a_day, "threads_a_day", started, now)


def wait_to_post(limits: Limits, posted: Sequence[datetime], now: datetime) -> Wait | None:
    """Return what keeps somebody from replying; `posted`: their latest posts, newest first."""
    if posted and now - posted[0] < limits.between_posts:
        return Wait("post_too_soon", posted[0] + limits.between_posts)
    return day_is_full(limits.replies_a_day, "replies_a_day", posted, now)


def wait_to_go_on(seconds: int, last: datetime | None, now: datetime) -> Wait | None:
    """Return what keeps somebody from going on in a slow thread; `last`: their last post there."""
    until = last + timedelta(seconds=seconds) if last is not None else now
    return Wait("thread_is_slow", until) if until > now else None


def wait_to_react(limits: Limits, reacted: Sequence[datetime], now: datetime) -> Wait | None:
    """Return what keeps somebody from reacting; `reacted`: their latest, newest first."""
    return day_is_full(limits.reactions_a_day, "reactions_a_day", reacted, now)


def day_is_full(
    limit: int | None, reason: str, times: Sequence[datetime], now: datetime
) -> Wait | None:
    """Return what keeps somebody from one more; `times`: the latest, newest first.

    A day is the last 24 hours: the oldest that counts is the first to make room.
    """
    if limit is None or len(times) < limit or now - times[limit - 1] >= DAY:
        return None
    return Wait(reason, times[limit - 1] + DAY)
