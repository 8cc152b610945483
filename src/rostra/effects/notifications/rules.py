"""Who is told what, and for which reason. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

type Kind = Literal[
    "mention",
    "quote",
    "reply",
    "watch",
    "follow",
    "reaction",
    "reminder",
    "message",
    "notice",
    "note",
    "panel",
]
type Notice = Literal["statement", "report", "appeal", "held", "takeout"]
type Channel = Literal["site", "mail"]

# The best reason first: who is mentioned and quoted in a thread they watch is told once.
REASONS: tuple[Kind, ...] = ("mention", "quote", "reply", "watch", "follow")


class Ways(NamedTuple):
    """By which ways a member is told of a kind."""

    site: bool
    mail: bool


class Telling(NamedTuple):
    """One member to be told of one thing: `key` names the thing, `group` the line it goes into."""

    member_id: int
    kind: Kind
    key: str
    group: str
    post_id: int | None
    actor_id: int | None
    message_id: int | None = None


# What holds for who has chosen nothing: mail only where somebody speaks to them.
KINDS: dict[Kind, Ways] = {
    "mention": Ways(site=True, mail=True),
    "quote": Ways(site=True, mail=True),
    "reply": Ways(site=True, mail=True),
    "watch": Ways(site=True, mail=False),
    "follow": Ways(site=True, mail=False),
    "reaction": Ways(site=True, mail=False),
    "reminder": Ways(site=True, mail=True),
    "message": Ways(site=False, mail=True),  # on the site the envelope tells
    "note": Ways(site=True, mail=False),  # of the community, below a post of theirs
    "panel": Ways(site=True, mail=True),  # they were drawn to say whether one helps
    "notice": Ways(site=True, mail=True),  # what was decided about one's own, an archive of it
}

MAIL_WAITS = timedelta(minutes=10)  # whoever reads meanwhile needs no letter
MAIL_WAITS_AT_MOST = timedelta(hours=1)  # however long they are about

SOFT, HARD = 1, 2  # what a letter that came back counts
BOUNCED_ENOUGH = 4
BOUNCES_FORGOTTEN = timedelta(days=30)

DIGEST_EVERY = timedelta(days=7)
DIGESTS_UNANSWERED = 4  # then no more, until the member comes back


def best_reasons(candidates: Mapping[Kind, Collection[int]]) -> dict[int, Kind]:
    """Return member → the best of the reasons to tell them of one post."""
    found: dict[int, Kind] = {}
    for kind in REASONS:
        for member_id in candidates.get(kind, ()):
            found.setdefault(member_id, kind)
    return found


def group_of_notice(about: Notice, number: int) -> str:
    """Return the line that goes with something that the staff decided."""
    return f"{about}:{number}"


def group_of_conversation(conversation_id: int) -> str:
    """Return the line that goes with a conversation."""
    return f"conversation:{conversation_id}"


def ways_of(chosen: Mapping[str, Collection[str]] | None, kind: Kind) -> Ways:
    """Return by which ways a kind is told: as the member chose (kind → channels), or as set."""
    if chosen is None or kind not in chosen:
        return KINDS[kind]
    return Ways(site="site" in chosen[kind], mail="mail" in chosen[kind])


def when_to_mail(told: datetime, now: datetime, *, is_reading: bool) -> datetime | None:
    """Return until when a letter waits on; None where it may go."""
    if is_reading and now - told < MAIL_WAITS_AT_MOST:
        return now + MAIL_WAITS / 2
    return None


def bounces_now(before: int, last: datetime | None, now: datetime, points: int) -> int:
    """Return what the letters that came back come to, the newest counted in."""
    is_old = last is None or now - last > BOUNCES_FORGOTTEN
    return points if is_old else before + points


def is_digest_due(
    last: datetime | None, unanswered: int, seen: datetime | None, now: datetime
) -> bool:
    """Return whether it is time for the letter of the week.

    Not while the member comes by anyway, and no more once four of them brought nobody back.
    """
    if seen is not None and now - seen < DIGEST_EVERY:
        return False
    if last is not None and now - last < DIGEST_EVERY:
        return False
    came_back = seen is not None and (last is None or seen > last)
    return came_back or unanswered < DIGESTS_UNANSWERED
