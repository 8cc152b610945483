"""What happens to the forum's own smilies."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class SmiliesChanged(Event):
    """One was added, some were switched on or off, or put into another order."""

    name: ClassVar[str] = "smilies.smilies_changed"
    log_n: int
