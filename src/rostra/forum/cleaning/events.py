"""What happens when a spammer is cleaned up after."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCleaned(Event):
    """All that a member left was taken away, or put back (`is_undone`)."""

    name: ClassVar[str] = "cleaning.member_cleaned"
    member_id: int
    log_n: int
    is_undone: bool
