"""What happens to cases and appeals."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReported(Event):
    """Something was reported; by whom is not told."""

    name: ClassVar[str] = "cases.item_reported"
    case_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChanged(Event):
    """Staff took a case, gave it back or on, or discussed it."""

    name: ClassVar[str] = "cases.case_changed"
    case_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided(Event):
    """A case was decided; `log_n` where an act followed from it."""

    name: ClassVar[str] = "cases.case_decided"
    case_id: int
    log_n: int | None = None
