"""When a discussion runs hot: posts in a row, two who write at each other, many reports. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from rostra.forum.threads.standing import DAY, Wait

LOOKED_AT = 20  # of a thread's latest posts
WITHIN = timedelta(hours=1)
ASKED_AFTER = 8  # posts that two wrote alone within the hour: each is asked whether to go on here
PAUSED_AFTER = 12  # and from so many on, each waits between two posts
AT_LEAST = 3  # of each of the two, else one only goes on beside the other
PAUSE = timedelta(minutes=10)
NOT_AGAIN_FOR = timedelta(hours=6)  # a thread that reports have paused


class Said(NamedTuple):
    """A post of a thread: whose, and when."""

    author_id: int | None
    at: datetime


def wait_for_others(
    most: int, latest: Sequence[Said], member_id: int, now: datetime
) -> Wait | None:
    """Return what keeps somebody from one more post in a row; it ends after a day, or by others.

    most: how many may follow one another, 0 without an end; latest: posts, the newest first.
    """
    row = latest[:most]
    if not row or len(row) < most or any(said.author_id != member_id for said in row):
        return None
    until = row[-1].at + DAY
    return Wait("posts_in_a_row", until) if until > now else None


def alone_with_another(latest: Sequence[Said], member_id: int, now: datetime) -> int:
    """Return how many of the latest posts a member and one other wrote with nobody between them.

    0 for a run in which either wrote fewer than `AT_LEAST`. latest: the newest first.
    """
    mine = theirs = 0
    other: int | None = None
    for said in latest:
        if now - said.at > WITHIN or said.author_id is None:
            break
        if said.author_id == member_id:
            mine += 1
        elif other in (None, said.author_id):
            other = said.author_id
            theirs += 1
        else:
            break
    return mine + theirs if min(mine, theirs) >= AT_LEAST else 0


def wait_for_calm(latest: Sequence[Said], member_id: int, now: datetime) -> Wait | None:
    """Return what keeps one of two who write at each other from the next post."""
    if alone_with_another(latest, member_id, now) < PAUSED_AFTER:
        return None
    until = next(said.at for said in latest if said.author_id == member_id) + PAUSE
    return Wait("two_alone", until) if until > now else None
