"""What happens to access."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChanged(Event):
    """The grants of a board, and of those below that inherit them, changed."""

    name: ClassVar[str] = "access.access_changed"
    board_id: int
    log_n: int
