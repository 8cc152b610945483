"""Who may write notices, and what one may be. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from rostra.forum.access.rules import may_manage_access
from rostra.kernel import text
from rostra.kernel.errors import Invalid

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer
    from rostra.kernel.verdict import Verdict

MOST = 5  # that are not over: each stands above every page
LONGEST = 1000
AUDIENCES = ("everybody", "guests", "members")


class Plan(NamedTuple):
    """What a notice is to be. texts: language → native markup; boards: none for everywhere."""

    texts: Mapping[str, str]
    audience: str = "everybody"
    boards: tuple[int, ...] = ()
    starts_at: datetime | None = None  # None: at once
    ends_at: datetime | None = None  # None: until somebody ends it
    is_dismissible: bool = True


def may_write_notices(viewer: Viewer) -> Verdict:
    """Whether the viewer may see all notices, write, change and end them."""
    return may_manage_access(viewer)


def checked(
    plan: Plan, *, now: datetime, languages: Collection[str], boards: Collection[int]
) -> Plan:
    """Return a plan as it is kept; raises Invalid with all that is wrong.

    languages: of the interface; boards: all there are.
    """
    wrong: dict[str, str] = {}
    texts = {
        language: text.storable(words).strip()
        for language, words in plan.texts.items()
        if not text.is_blank(words)
    }
    if not texts or not texts.keys() <= set(languages):
        wrong["texts"] = "empty"
    wrong |= {f"text-{one}": "too_long" for one, words in texts.items() if len(words) > LONGEST}
    if plan.audience not in AUDIENCES:
        wrong["audience"] = "not_a_choice"
    if not set(boards).issuperset(plan.boards):
        wrong["boards"] = "not_a_choice"
    starts_at = plan.starts_at or now
    if plan.ends_at is not None and plan.ends_at <= max(now, starts_at):
        wrong["ends"] = "notice_ends_too_early"
    if wrong:
        raise Invalid(wrong)
    return plan._replace(texts=texts, boards=tuple(sorted(set(plan.boards))), starts_at=starts_at)
