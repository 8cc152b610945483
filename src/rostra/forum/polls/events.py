"""What happens to polls. Nothing here tells who voted, or for what."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PollVoted(Event):
    """Somebody voted, or voted otherwise than before."""

    name: ClassVar[str] = "polls.poll_voted"
    thread_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PollChanged(Event):
    """A poll's words changed, or it was closed; `log_n` where a moderator did it."""

    name: ClassVar[str] = "polls.poll_changed"
    thread_id: int
    log_n: int | None = None
