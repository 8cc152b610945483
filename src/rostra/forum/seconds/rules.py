"""Which acts a second person confirms, who can be it, and what follows where nobody is. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

ALONE = 50  # posts that one person takes away at once
CONFIRMED_WITHIN = timedelta(days=3)


def needs_second(*, posts: int = 0, is_without_end: bool = False, is_trusted: bool = False) -> bool:
    """Whether an act is one that one person does not do alone.

    posts: that it takes away; is_without_end: it shuts somebody out for good; is_trusted: them.
    """
    return posts > ALONE or (is_without_end and is_trusted)


def may_confirm(
    viewer: Viewer, actor_id: int | None, subject_id: int | None, *, is_able: bool, is_open: bool
) -> Verdict:
    """Whether the viewer may confirm an act; is_able: whether they could have done it."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if not is_able:
        return Verdict("not_a_moderator_of_all")
    if viewer.member_id == actor_id:
        return Verdict("own_act")
    if viewer.member_id == subject_id:
        return Verdict("own_case")
    return ALLOWED if is_open else Verdict("already_decided")
