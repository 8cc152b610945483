"""What happens to notices."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChanged(Event):
    """A notice was written, changed or ended; what it says stands in no event."""

    name: ClassVar[str] = "notices.notice_changed"
    notice_id: int
    log_n: int
