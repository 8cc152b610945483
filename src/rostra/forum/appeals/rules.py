"""Who may appeal, who decides, and how it can end. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer
    from rostra.forum.modlog.rules import Outlook

type Outcome = Literal["upheld", "overturned", "partly"]

TEXT_LENGTH = 2000
DUE_AFTER = timedelta(days=7)
OUTCOMES: tuple[Outcome, ...] = ("upheld", "overturned", "partly")

SANCTIONS = frozenset(
    {"member.warn", "member.limit", "member.read_only", "member.suspend", "member.ban"}
)
# Whose words these acts are about is told nobody, those who decide neither (SEC-122).
UNNAMED = frozenset({"note.remove"})


def check_text(words: str) -> str:
    """Return what somebody says against an act, as it is kept; raises Invalid."""
    words = text.storable(words).strip()
    if text.is_blank(words):
        raise Invalid({"text": "empty"})
    if len(words) > TEXT_LENGTH:
        raise Invalid({"text": "appeal_too_long"})
    return words


def may_appeal(until: datetime, now: datetime, *, has_appealed: bool, is_undone: bool) -> Verdict:
    """Whether an act that restricts the viewer can be appealed against; the suspended may, too."""
    if has_appealed:
        return Verdict("appealed_before")
    if is_undone:
        return Verdict("act_taken_back")
    return ALLOWED if now < until else Verdict("appeal_too_late")


def may_decide(
    viewer: Viewer, *, board_id: int | None, is_actor: bool, has_others: bool, is_open: bool
) -> Verdict:
    """Whether the viewer may decide an appeal that is not their own.

    is_actor: whether they did the act; then only where nobody else could decide (LAW-003).
    """
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if board_id is None:
        can = "manage_members" in viewer.capabilities
    else:
        can = viewer.can("moderate", board_id)
    if not can:
        return Verdict("not_a_moderator_here")
    if is_actor and has_others:
        return Verdict("own_act")
    return ALLOWED if is_open else Verdict("already_decided")


def outcomes_for(outlook: Outlook) -> tuple[Outcome, ...]:
    """Return how an appeal against an act can end: what cannot be undone is not overturned."""
    return ("upheld", "partly") if outlook.refused else OUTCOMES
