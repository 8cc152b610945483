"""What happens to appeals."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFiled(Event):
    """A member appealed against an act."""

    name: ClassVar[str] = "appeals.appeal_filed"
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided(Event):
    """An appeal was decided; `outcome_n` is the entry that says how."""

    name: ClassVar[str] = "appeals.appeal_decided"
    log_n: int
    member_id: int
    outcome_n: int
