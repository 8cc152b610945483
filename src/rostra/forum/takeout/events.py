"""What happens with archives of one's own data."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeoutReady(Event):
    """The archive a member asked for can be fetched."""

    name: ClassVar[str] = "takeout.takeout_ready"
    takeout_id: int
    member_id: int
