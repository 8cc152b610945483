"""Who may be erased, and until when they can think better of it. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

CHOICES = ("name", "words", "some")
THOUGHT_OVER = timedelta(days=14)
MOST = 200  # posts in a list
_POST = re.compile(r"(?:.*/posts/)?([1-9][0-9]{0,17})(?:[?#].*)?")


def may_ask(viewer: Viewer, rank: int) -> Verdict:
    """Whether the viewer may ask to be erased: who is staff hands over first (PRV-005)."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    return may_be_erased(rank)


def may_be_erased(rank: int) -> Verdict:
    """Whether somebody of this rank may be erased."""
    return Verdict("hand_over_rights_first") if rank else ALLOWED


def may_see_to(viewer: Viewer) -> Verdict:
    """Whether the viewer sees to what members ask: who manages members."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if "manage_members" in viewer.capabilities:
        return ALLOWED
    return Verdict("second_factor_first" if viewer.lacks_second_factor else "not_allowed")


def listed(text: str) -> list[int]:
    """Return the posts of a list, an address or a number a line; raises Invalid."""
    found: dict[int, None] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _POST.fullmatch(line)
        if match is None:
            raise Invalid({"posts": "not_a_post"})
        found[int(match[1])] = None
    if not found:
        raise Invalid({"posts": "no_posts_listed"})
    if len(found) > MOST:
        raise Invalid({"posts": "too_many_at_once"})
    return list(found)


def neutral_name(member_id: int, attempt: int = 0) -> str:
    """Return the name under which what stays is shown."""
    return f"Former member {member_id}" + (f"-{attempt}" if attempt else "")
