"""When documents are looked at again, what makes one gone, and who may say what one is. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

AFTER = (1, 7, 30, 180)  # days since it was first looked at
SOON = timedelta(hours=36)  # again, where it may be gone
FAILURES = 3
WITHIN = timedelta(hours=72)  # no sooner than that is anything gone
GONE = (404, 410)
MOST_LINKS = 50  # of one post that are kept
MOST_PICTURES = 20  # of other sites in one post
MOST_ON_PAGE = 100
TITLE, NAME, SUMMARY = 400, 200, 300  # characters
FACTS = 500
PUBLISHER_KINDS = (
    "unknown", "state_media", "wire", "broadcaster", "newspaper", "online", "ngo", "monitor",
    "government", "military", "armed_group", "company", "individual",
)  # fmt: skip
PUBLISHER_EDITS_A_DAY = 10


class Description(NamedTuple):
    """What a member says of a document, as it is typed."""

    title: str = ""
    publisher: str = ""
    published: str = ""  # 2026-11-20
    language: str = ""
    summary: str = ""


class Publishing(NamedTuple):
    """What a member says of a publisher, as it is typed."""

    kind: str = "unknown"
    owner: str = ""  # its registrable domain; "" where nobody else is known to own it
    facts: str = ""


class Described(NamedTuple):
    """What the rules ask of a document."""

    is_read: bool  # by the forum itself
    described_by_id: int | None


def next_check(first: datetime, checks: int, now: datetime) -> datetime | None:
    """Return when a document is looked at again that was, again, so many times; None: never."""
    if checks >= len(AFTER):
        return None
    return max(first + timedelta(days=AFTER[checks]), now + timedelta(hours=1))


def is_gone(failures: int, since: datetime, now: datetime) -> bool:
    """Return whether what failed so often since a time counts as gone."""
    return failures >= FAILURES and now - since >= WITHIN


def may_describe(
    viewer: Viewer, document: Described, *, links_to_it: bool, moderates: bool
) -> Verdict:
    """Whether the viewer may say what a document is.

    links_to_it: by a post of theirs; moderates: a board with such a post.
    """
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if document.is_read:
        return Verdict("document_was_read")
    if moderates:
        return ALLOWED
    if not links_to_it:
        return Verdict("document_not_linked_by_you")
    if document.described_by_id not in (None, viewer.member_id):
        return Verdict("document_described_by_another")
    return ALLOWED


def may_describe_publisher(viewer: Viewer, *, is_trusted: bool) -> Verdict:
    """Whether the viewer may say who a publisher is and who owns it: trusted members."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    return ALLOWED if is_trusted else Verdict("publishers_for_trusted")
