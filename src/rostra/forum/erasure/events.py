"""What happens when somebody was erased."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberErased(Event):
    """Nothing of a member is left but what they chose to leave."""

    name: ClassVar[str] = "erasure.member_erased"
    member_id: int
