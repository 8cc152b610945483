"""What happens to posts that wait."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PostHeld(Event):
    """A post, or an edit of one, waits for approval; or its author wrote it anew meanwhile."""

    name: ClassVar[str] = "holds.post_held"
    hold_id: int
    post_id: int
    board_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDecided(Event):
    """What waited was approved, rejected, given back, or withdrawn by its author (no entry)."""

    name: ClassVar[str] = "holds.hold_decided"
    hold_id: int
    post_id: int
    member_id: int
    outcome: str
    log_n: int | None = None


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class CautionChanged(Event):
    """From now on the posts of some wait, or wait no longer."""

    name: ClassVar[str] = "holds.caution_changed"
    scope: str
    target_id: int
    log_n: int
