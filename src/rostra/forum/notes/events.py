"""What happens to notes. Nothing here tells who rated, or what."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Event):
    """Somebody proposed a note below a post."""

    name: ClassVar[str] = "notes.note_written"
    note_id: int
    post_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDecided(Event):
    """A note is in another state; `log_n` where a moderator did it."""

    name: ClassVar[str] = "notes.note_decided"
    note_id: int
    post_id: int
    state: str
    log_n: int | None = None


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDrawn(Event):
    """Some more raters were asked about a note."""

    name: ClassVar[str] = "notes.panel_drawn"
    note_id: int
    panel: int
